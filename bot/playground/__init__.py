"""A pretend Slack: the real bot talks to it over loopback and cannot tell the difference.

Read in this order: ``workspace`` (who and what there is), ``installation`` (what the app may do
there), ``messages`` and ``views`` (what people see), ``webapi`` with ``methods_*`` (what the bot
may call), ``socketmode`` and ``dispatch`` (what the bot is told), ``interactions`` and ``forms``
(what people do), ``faults`` (what goes wrong), ``readings`` (what Slack leaves open), ``slack``
(the whole). It enforces Slack's documented rules, and where they are vague it is the stricter of
the two readings. ``PretendSlack`` drives ``countersign demo`` and the tests alike, so it is
product, not test code.
"""
