"""A pretend Slack: the real bot talks to it over loopback and cannot tell the difference.

Read in this order: ``workspace`` (who and what there is), ``installation`` (what the app may do
there), ``messages`` and ``views`` (what people see), ``webapi`` with ``methods_*`` (what the bot
may call), ``socketmode`` and ``dispatch`` (what the bot is told), ``interactions`` and ``forms``
(what people do), ``escaping`` and ``plaintext`` (what becomes of their words, and what they read),
``faults`` (what goes wrong), ``readings`` (what Slack leaves open), ``slack`` (the whole). It
enforces Slack's documented rules, and where they are vague it is the stricter of the two readings;
``rulebook`` lists every rule with its proof. ``PretendSlack`` drives ``countersign demo`` and the
tests alike, so it is product, not test code.

``countersign demo`` puts it to use: ``furniture`` (the team), ``child`` (the bot, to be killed),
``ground`` (Slack, vendors and bot together), ``demo``, which opens the ``page``, reads lines
(``terminal``) or plays the ``tour``, and ``reporter``, which prints what everybody sees.
``vendors`` is ``countersign sandbox``: one vendor alone.
"""
