"""A pretend Slack: the real bot talks to it over loopback and cannot tell the difference.

Read in this order: ``workspace`` (who and what there is), ``messages`` and ``views`` (what people
see), ``webapi`` with ``methods_*`` (what the bot may call), ``socketmode`` (what the bot is told),
``interactions`` (what people do), ``faults`` (what goes wrong), ``slack`` (the whole). It enforces
Slack's documented rules, and where they are vague it is the stricter of the two readings.
``PretendSlack`` drives ``countersign demo`` and the tests alike, so it is product, not test code.
"""
