"""Servers that speak a vendor's documented API on this machine and misbehave on request.

They are part of the product: the demo, the tests and ``countersign sandbox`` run them. Where the
vendor's documents are silent a sandbox has a policy of its own, and the code says *our reading*.
No money is behind them, and they listen on loopback only.

``server`` is what all of them are, ``faults`` how anything can go wrong, ``posts`` and ``wire``
what was sent. Of each vendor: ``*_faults`` (its own faults, and the readings between which it
switches), ``*_ledger`` (what it remembers), ``*_checks`` (what it demands of a request).
"""
