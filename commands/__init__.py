"""What people say and see in Slack: one verb, one file; every sentence in ``words``."""
