"""Whom we buy from: one small port (``base``), one file a vendor, their sandboxes.

A vendor knows nothing of orders, votes or Slack: it drafts bytes, sends them once and tells the
truth about the answer. What they share: ``http`` (the only way out, with ``verdicts`` on what its
exceptions prove and ``breaker`` for a vendor that keeps failing), ``addresses`` (to whom),
``session`` and ``onetime`` (logging in), ``nonces``, ``replies`` (whatever comes from outside goes
through it) and ``surveys`` (walking a list). A vendor's own modules begin with its name:
``*_paths`` what the operator says and what we assume, ``*_words`` what its replies mean, ``*_auth``
how it knows us.
"""
