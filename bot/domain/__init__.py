"""Pure rules. Nothing here waits, fails for outside reasons, or tells the time.

Read in this order: ``money`` with ``amounts`` (read exactly or refused) and ``orders`` (what is
bought, and all that is known of it), ``ids``, ``states`` and ``steps`` (its life, and what to do
next), ``requests`` (from words to terms), ``policy`` with ``rulebook`` and ``names`` (which rule
decides), ``people``, ``quorum`` and ``voting`` (who can agree, does a click count), ``reminders``,
``changes`` with ``budget_changes`` (what is no longer as it was shown), ``quotes`` (prices),
``budgets`` with ``windows`` (what may still be spent), ``freezes``, ``capabilities`` (what a vendor
can do), ``evidence`` (what a look-up proves), ``comparisons``, ``months`` and ``reports``,
``canonical`` (one text for one value: digests). What recurs: ``recurrence``, ``zones`` and
``routines`` (its dates), ``plans`` and ``planning`` (what was said), ``envelopes``, ``schedules``
and ``schedule_votes`` (what was agreed), ``occurring`` (what becomes of each date).
"""
