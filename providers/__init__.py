"""Whom we buy from: one small port (``base``), one file a vendor, their sandboxes."""
