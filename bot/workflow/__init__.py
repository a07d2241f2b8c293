"""Where a decision becomes an effect: ask, vote, cancel, advance.

``desk`` holds what every step needs. ``asking`` and ``votes`` are called by commands and end in one
commit, as do ``payers``, ``settling``, ``freezing`` and ``hearing``. ``advance`` carries an order
as far as it can go now, and is called by a click and by the clock alike (``carrying``: one task a
thing); ``pricing``, ``sending``, ``reading`` and ``paying`` are its parts, ``doubt`` the hard one.
``gates`` (with ``rules`` and ``budgeting``) and ``witness`` stand before sending, ``lookup`` before
doubt; ``anew`` asks people again, ``reminding`` those who have not voted, ``unseen`` ends what
nobody can see, and ``watching`` comes after the end. ``rounds`` reads one list for many orders.

What recurs: ``planning``, ``envelopes``, ``changing`` and ``prompting`` are called by commands;
``occurring`` carries a schedule, with ``ordering`` and ``enveloped`` for the order of one date and
``ahead`` for the look some hours before. ``renewing`` and ``reproposing`` find what waits for votes
on what is no longer so. What is owed about it: ``schedule_wishes``.

For people who read: ``looking``, ``scheduled``, ``explaining``, ``reporting``, ``exporting`` (in
``portions``), ``digesting``, ``calling_out``; our records against the vendors': ``reconciling``
with ``comparing``. ``operating`` is for people on the machine. Nothing here renders a sentence for
Slack, and no transaction is open while the network is.
"""
