"""What people say and see in Slack: one verb, one file; every sentence in ``words``.

Words go through ``slash``, ``parse`` (``grammar.lark``, then ``parse_meaning``) and ``intents`` to
their verb, clicks straight to theirs with what ``carried`` reads from them; ``verbs`` lists all of
them. ``room`` guards each handler, so that there is an answer in time, and ``standing`` says who
may speak and who may read. ``cards``, ``schedule_cards``, ``home`` and ``form_view`` are pure: data
in, blocks out, and ``limits`` asks whether Slack would take them.
"""
