"""Whole histories, made up at random over the real workflow and the real storage."""
