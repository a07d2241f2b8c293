"""Where a decision becomes an effect: ask, vote, cancel, advance.

``desk`` holds what every step needs. ``asking`` and ``votes`` are called by commands and end in one
commit, as do ``settling`` and ``freezing``. ``advance`` carries an order as far as it can go now,
and is called by a click and by the clock alike; ``sending`` and ``doubt`` are its two hard parts,
``gates`` and ``witness`` stand before the first, ``lookup`` before the second, and ``watching``
comes after the end. ``operating`` is for people on the machine. Nothing here renders a sentence,
and no transaction is open while the network is.
"""
