"""Pure rules. Nothing here waits, fails for outside reasons, or tells the time."""
