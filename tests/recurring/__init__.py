"""What recurs, played through the pretend Slack."""
