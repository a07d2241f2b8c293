"""The programs that are timed; each is started as ``python -m`` in a process of its own."""
