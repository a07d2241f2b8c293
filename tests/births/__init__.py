"""Real processes of the program that are born in milliseconds: forked from one that is ready."""
