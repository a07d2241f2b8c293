"""What we remember: one writer thread, group commit, one transaction per move.

``database`` opens the file (``connection``, ``files``, ``build``, ``migrations`` with ``schema*``)
and runs what it is given; ``queries`` and ``rows`` are what the tables share. ``orders`` and
``schedules`` save a move with all that belongs to it: ``audit``, ``outbox``, ``reservations``.

Read for a purpose:
``waking`` and ``schedule_dates`` (the clock), ``earlier``, ``evidence``, ``freezes``,
``occurrences``, ``routines``, ``nonces``, ``comparisons``, and for people ``tallies``, ``ledger``,
``vitals``. ``backup`` and ``restore`` have the file for themselves.
"""
