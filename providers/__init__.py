"""Whom we buy from: one small port (``base``), one file a vendor, their sandboxes.

A vendor knows nothing of orders, votes or Slack: it drafts bytes, sends them once and tells the
truth about the answer. HTTP is in ``http`` alone; what comes from outside goes through ``replies``.
"""
