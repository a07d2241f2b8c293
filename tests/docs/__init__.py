"""The pages are true: their commands are run, their configuration is loaded."""
