"""Rules of what the bot hears: in time, over which connection, and what comes again."""

from bot.playground.rulebook.rule import kept, lacking, partly

IN_TIME = (
    kept(
        "Three seconds for a command",
        "A slash command that is not acknowledged in 3 s fails; its person reads"
        " `operation_timeout`, whatever comes later.",
        "documented",
        "slash::a_listener_that_is_too_slow_is_a_timeout_that_the_person_sees",
    ),
    kept(
        "Three seconds for a click",
        "A click that is not acknowledged in 3 s gets a warning sign.",
        "documented",
        "events::commands_and_clicks_are_never_sent_again",
    ),
    kept(
        "Three seconds for a form",
        "A form that is not acknowledged in 3 s stays open with what was typed.",
        "documented",
        "stacks::a_form_that_is_not_acknowledged_in_time_stays_open",
    ),
    kept(
        "Nobody connected",
        "Without a connection a command or click fails at once with `dispatch_failed`.",
        "documented",
        "slash::without_a_connection_the_dispatch_fails_at_once",
    ),
    kept(
        "Once and never again",
        "Commands, clicks and forms are not sent a second time.",
        "documented",
        "events::commands_and_clicks_are_never_sent_again",
    ),
    kept(
        "A second delivery all the same",
        "After a reconnect the same envelope has come twice (bolt-js#2487); on request here.",
        "seen by others",
        "slash::a_redelivery_repeats_the_same_envelope",
    ),
    kept(
        "An acknowledgement that Bolt loses",
        "An exception right after `ack()` takes the acknowledgement back.",
        "verified",
        "slash::an_exception_right_after_the_ack_loses_the_ack",
    ),
    kept(
        "Events come again",
        "An event that is not acknowledged comes again at once, after 1 and after 5 minutes, with"
        " its number and reason; then it is lost.",
        "documented",
        "events::an_event_is_sent_again_until_it_is_acknowledged",
        "events::an_event_that_nobody_ever_acknowledges_is_lost_after_three_retries",
    ),
    kept(
        "The envelope of an event that comes again",
        "Whether it has a new id, and whether an event waits for a connection.",
        "open",
        "events::the_other_readings_of_a_redelivery_can_be_played",
    ),
    lacking(
        "Delayed events, failing subscriptions, 30,000 events an hour",
        "Slack can repeat events hourly for a day, and switches off who fails nearly always.",
        "documented",
        "the bot acts on no event that it could not do without",
    ),
    kept(
        "`trigger_id`",
        "Good once and for 3 s after it was sent; each fault has its own error.",
        "documented",
        "clicks_and_views::a_trigger_id_works_once_and_for_three_seconds",
    ),
    kept(
        "`response_url`",
        "Good five times within 30 minutes, private unless it says otherwise.",
        "documented",
        "slash::a_response_url_is_good_five_times",
        "slash::a_response_url_is_good_for_thirty_minutes",
        "slash::respond_of_bolt_reaches_the_person",
    ),
    lacking(
        "Signed requests over HTTP",
        "Without Socket Mode each request is signed and good for 5 minutes.",
        "documented",
        "the bot listens by Socket Mode alone",
    ),
)

SOCKET_MODE = (
    kept(
        "Asking for a connection",
        "`apps.connections.open` wants the app token and a POST; the URL admits one connection.",
        "documented",
        "web_api::tokens_are_told_apart",
        "refusals::a_connection_is_asked_for_by_post_alone",
        "connections_and_faults::a_ticket_admits_one_connection_once",
    ),
    kept(
        "Ten connections",
        "An eleventh is told `too_many_websockets`.",
        "documented",
        "connections_and_faults::an_eleventh_connection_is_sent_away",
    ),
    kept(
        "Any one of them",
        "Each payload goes to one connection, whichever.",
        "documented",
        "connections_and_faults::each_payload_goes_to_exactly_one_of_several_connections",
    ),
    kept(
        "An acknowledgement on another connection",
        "Counts as well here.",
        "open",
        "connections_and_faults::an_ack_counts_on_whichever_connection_it_comes",
    ),
    kept(
        "An answer in an acknowledgement",
        "Is read where the envelope accepts one (commands, forms), and nowhere else.",
        "documented",
        "connections_and_faults::an_ack_counts_on_whichever_connection_it_comes",
        "forms::an_answer_in_the_ack_of_a_click_is_not_read",
    ),
    kept(
        "Refreshing",
        "After some hours a connection is warned, then asked to refresh; `debug_reconnects` makes"
        " that six minutes.",
        "documented",
        "connections_and_faults::an_old_connection_is_warned_and_then_refreshed",
        "connections_and_faults::the_bot_comes_back_after_being_asked_to_leave",
    ),
    kept(
        "Lost and half-open connections",
        "A broken one is gone; a silent one still gets payloads, which are lost.",
        "verified",
        "connections_and_faults::the_bot_comes_back_after_the_connection_broke",
        "connections_and_faults::a_half_open_connection_swallows_payloads_until_it_is_noticed",
    ),
    partly(
        "Pings",
        "Both sides send them.",
        "documented",
        "answers the bot's, sends none",
        "connections_and_faults::a_half_open_connection_swallows_payloads_until_it_is_noticed",
    ),
)

EVENTS = (
    kept(
        "Mentions",
        "`app_mention` comes from channels that the bot is in, threads included, with ids for"
        " names; not from private conversations.",
        "documented",
        "events::a_mention_in_a_thread_reaches_the_bot_with_its_thread",
        "events::words_without_a_mention_are_none_of_the_bot_s_business",
    ),
    kept(
        "Looking at the home",
        "`app_home_opened` comes for both tabs, with what is published.",
        "documented",
        "events::a_look_at_the_home_tells_which_tab_and_what_is_there",
    ),
    kept(
        "Subscriptions",
        "An event comes only if the manifest subscribes to it and its scope is granted.",
        "documented",
        "installation::an_event_comes_only_with_its_subscription_and_its_scope",
    ),
    lacking(
        "All other events",
        "Messages, reactions, changes of user groups, uninstalling.",
        "documented",
        "the bot subscribes to none of them and reads people by the clock",
    ),
)
