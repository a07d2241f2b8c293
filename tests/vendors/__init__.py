"""A vendor of the tests alone: what one without keys, look-ups or free mistakes does to us."""
