"""The playground's page: its server from outside, and the whole of it in a real browser."""
