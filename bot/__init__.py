"""The machine.

Read in this order; imports point down this list only, and ``make check`` proves it:

    bot.cli          the program ``countersign``: run, demo, doctor, sandbox
    bot.records, bot.interventions, bot.exports, bot.reconcile, bot.operator    for operators
    bot.playground   a pretend Slack, so that everything can be tried with no account
    bot.running, bot.app    the only file that knows everybody: ``build(config, ...) -> Bot``
    bot.chores, bot.schedule, bot.connection, bot.slack
    bot.health, bot.metrics, bot.listener, bot.supervisor    how operators and systemd see the bot
    bot.clients      a client for each provider that is configured
    bot.config, bot.settings, bot.vendors, bot.log    what the bot is told, and its log
    bot.announcer, bot.letters, bot.correspondent, bot.postbox    what we owe Slack, worded, paced
    bot.parcels, bot.courier, bot.artist, bot.chart    files that are owed, and pictures
    bot.people       who is who there
    commands         what people say and see (a root of its own)
    bot.refusals     what Slack's words of refusal mean
    bot.workflow     where a decision becomes an effect
    providers, storage           whom we buy from, what we remember (roots of their own)
    bot.domain       pure rules: money, orders, policy, quotes; cannot wait, fail or tell the time

A purchase runs ``commands.buy -> workflow.asking -> domain -> storage`` and then
``workflow.advance -> domain.steps -> storage (intent) -> providers -> storage (outcome)``.
docs/architecture.md tells the same with pictures.
"""
