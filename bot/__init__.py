"""The machine.

Read in this order; imports point down this list only, and ``make check`` proves it:

    bot.cli          the program ``countersign``: run, demo, doctor, sandbox
    bot.playground   a pretend Slack, so that everything can be tried with no account
    bot.app          the only file that knows everybody: ``build(config, ...) -> Bot``
    bot.schedule, bot.connection, bot.slack, bot.config, bot.settings, bot.log
    bot.announcer, bot.people    what we owe Slack, and who is who there
    commands         what people say and see (a root of its own)
    bot.workflow     where a decision becomes an effect
    providers, storage           whom we buy from, what we remember (roots of their own)
    bot.domain       pure rules: money, orders, policy, quotes; cannot wait, fail or tell the time

A purchase runs ``commands.buy -> workflow.request -> domain -> storage`` and then
``workflow.advance -> domain.next_step -> storage (intent) -> providers -> storage (outcome)``.
docs/architecture.md tells the same with pictures.
"""
