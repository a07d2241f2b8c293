"""Pure rules. Nothing here waits, fails for outside reasons, or tells the time.

Read in this order: ``money`` and ``orders`` (what is bought, and all that is known of it),
``states`` and ``steps`` (its life, and what to do next), ``policy`` with ``rulebook`` (which rule
decides), ``quorum`` and ``voting`` (who can agree, does a click count), ``quotes`` (prices),
``budgets`` with ``windows`` (what may still be spent), ``freezes``, ``evidence`` (what a look-up
proves). What recurs: ``recurrence`` and ``zones`` (its dates), ``plans``, ``envelopes`` and
``schedules`` (what was agreed), ``occurring`` (what becomes of each date).
"""
