"""The machine.

Read in this order; imports point down this list only, and ``make check`` proves it:

    bot.cli          the program ``countersign``: run, demo, doctor, sandbox (``python -m bot``)
    bot.checking, bot.interventions, bot.recurring, bot.exports, bot.reconcile, bot.by_hand,
    bot.records, bot.operator
                     what operators do on the machine
    bot.playground   a pretend Slack, so that everything can be tried with no account
    bot.doctor       is everything there that the bot needs?
    bot.running      a bot and its signals
    bot.app          the only file that knows everybody: ``build(config, ...) -> Bot``
    bot.listener, bot.health, bot.metrics, bot.supervisor    how operators and systemd see the bot
    bot.chores, bot.schedule     what is done by the clock
    bot.clients      a client for each provider that is configured
    bot.homes, bot.people        home tabs, and who is who
    bot.connection, bot.slack    the socket, the tokens, the channel
    bot.announcer, bot.letters   what we owe Slack, in order; each message made
    bot.freeze_letters, bot.bulletins, bot.schedule_letters, bot.correspondent, bot.postbox
                     the messages about freezes, to the channel, about schedules; worded and paced
    bot.parcels, bot.courier, bot.artist, bot.chart    files that are owed, and pictures
    bot.secrets, bot.log         what no log line may hold, and the log
    bot.config, bot.policy_remarks, bot.policy_faults, bot.budget_faults, bot.vendors
                     what the bot is told, and whether it makes sense
    bot.settings, bot.tables, bot.reading_tables, bot.setting_types, bot.complaints
                     the shape of the file, and the sentences for what is wrong with it
    commands         what people say and see (a root of its own)
    bot.refusals     what Slack's words of refusal mean
    bot.workflow     where a decision becomes an effect
    providers, storage           whom we buy from, what we remember (roots of their own)
    bot.clock, bot.signals       the time, passed in; being asked to stop
    bot.domain       pure rules: money, orders, policy, quotes; cannot wait, fail or tell the time

A purchase runs ``commands.buy -> workflow.asking -> domain -> storage`` and then
``workflow.advance -> domain.steps -> storage (intent) -> providers -> storage (outcome)``.
docs/architecture.md tells the same with pictures.
"""
