"""Rules of the Web API: who may call what, how often, and what is known of people and channels."""

from bot.playground.rulebook.rule import kept, lacking, partly

PERMISSION = (
    kept(
        "Two kinds of token",
        "Wrong, missing, or of the other kind: three errors.",
        "documented",
        "web_api::tokens_are_told_apart",
        "installation::each_token_has_scopes_of_its_own",
    ),
    kept(
        "Scopes",
        "`missing_scope` names what is needed and what is granted; headers name both.",
        "documented",
        "web_api::a_missing_scope_is_named",
        "web_api::auth_test_names_the_granted_scopes",
        "installation::each_token_has_scopes_of_its_own",
    ),
    kept(
        "The manifest",
        "Commands, events and tabs that it does not ask for do not exist.",
        "documented",
        "installation::a_command_that_is_not_installed_never_reaches_the_bot",
        "installation::without_the_messages_tab_nobody_can_be_written_to",
        "installation::without_the_home_tab_nothing_can_be_published",
    ),
    kept(
        "Taken away",
        "An administrator can remove the app: `account_inactive` or `token_revoked`, and"
        " `link_disabled`.",
        "documented",
        "refusals::an_app_that_was_taken_away_has_no_token_and_no_connection",
    ),
    lacking(
        "OAuth, several workspaces, token rotation",
        "Distributed apps are installed by OAuth.",
        "documented",
        "Countersign is made for one workspace, with a token of its own",
    ),
)

CALLS = (
    kept(
        "How arguments come",
        "As a form, a query or JSON; methods that read hear no JSON.",
        "documented",
        "web_api::a_form_and_an_empty_json_body_are_understood_as_well",
        "refusals::methods_that_read_hear_no_json",
    ),
    kept(
        "Tiers",
        "Each method has its calls a minute; then 429 with `Retry-After`, other methods go on."
        " Off in most tests, on in the demo.",
        "documented",
        "web_api::updates_are_limited_by_their_tier",
    ),
    kept(
        "Posts",
        "One a second and channel with a small burst, several hundred a minute altogether.",
        "documented",
        "web_api::posts_are_limited_to_one_a_second_and_channel",
        "refusals::posts_are_limited_in_the_whole_workspace_as_well",
    ),
    partly(
        "How often a connection may be asked for",
        "Third parties list Tier 3, a comment in the SDK says Tier 1.",
        "open",
        "Tier 3 is played",
        "web_api::updates_are_limited_by_their_tier",
    ),
    kept(
        "Lost replies",
        "A call may have taken effect although its reply is a reset, a 500 or garbage.",
        "documented",
        "connections_and_faults::a_reset_after_the_call_posts_and_loses_the_reply",
        "connections_and_faults::slack_can_answer_badly_in_every_way",
        "connections_and_faults::a_call_can_be_slow_or_hang_after_it_took_effect",
    ),
    kept(
        "The SDK's own retries",
        "Its default repeats a post whose reply was lost.",
        "verified",
        "connections_and_faults::the_default_retries_of_the_sdk_would_post_twice",
    ),
    kept(
        "Outages",
        "The Web API and the sockets fail together or apart.",
        "seen by others",
        "connections_and_faults::an_outage_takes_everything_away_until_it_is_lifted",
        "connections_and_faults::a_web_outage_leaves_the_sockets_open",
    ),
    lacking(
        "Methods that the bot does not call",
        "There are some three hundred.",
        "documented",
        "`unknown_method`, so that a new call is noticed; `chat.scheduleMessage` is one of them,"
        " since the bot keeps its own clock",
    ),
)

PEOPLE = (
    kept(
        "Lists come in pages",
        "`users.list` and `conversations.members` give a cursor; a wrong one is refused.",
        "documented",
        "web_api::people_come_in_pages_and_groups_by_id",
    ),
    kept(
        "Who somebody is",
        "Guest, bot, deactivated, of which company, in which time zone.",
        "documented",
        "clicks_and_views::guests_and_people_from_another_company_can_click",
        "refusals::a_person_tells_where_their_clock_stands",
    ),
    kept(
        "User groups",
        "Members by id; unknown is `no_such_subteam`, unpaid `plan_upgrade_required`.",
        "documented",
        "web_api::people_come_in_pages_and_groups_by_id",
        "refusals::user_groups_need_a_paid_workspace",
    ),
    kept(
        "Channels",
        "Archived, shared, private; whether the bot is in it.",
        "documented",
        "web_api::a_channel_says_whether_the_bot_is_in_it_and_who_else",
    ),
    kept(
        "Writing to one person",
        "By user id or an opened conversation; not to bots, the deactivated, or strangers whom"
        " one meets nowhere.",
        "documented",
        "web_api::a_direct_message_reaches_one_person",
        "refusals::somebody_of_another_company_is_written_to_only_where_both_are_known",
    ),
    lacking(
        "Conversations of several people",
        "`conversations.open` takes up to eight.",
        "documented",
        "refused as too many: the bot writes to one at a time",
    ),
)

FILES = (
    kept(
        "Three steps",
        "A place is asked for, the bytes are sent there, the file is shared.",
        "documented",
        "files::the_sdk_brings_a_file_into_a_private_conversation",
        "files::the_bytes_can_be_lost_on_their_way",
    ),
    kept(
        "Whole and once",
        "Only what was sent can be shared, and only once. That the length must be right is our"
        " reading.",
        "documented",
        "files::only_what_was_sent_whole_can_be_shared_and_only_once",
    ),
    kept(
        "What is refused",
        "An empty file, a long description, uploads that are switched off.",
        "documented",
        "files::an_empty_file_and_a_missing_list_are_refused",
        "files::a_picture_has_words_for_those_who_do_not_see_it",
    ),
    kept(
        "Where files go",
        "Into a conversation by its id, where the bot may write.",
        "documented",
        "files::a_file_is_shared_only_where_the_bot_may_write",
    ),
    partly(
        "When a file is seen",
        "Slack shares it a moment after the reply.",
        "seen by others",
        "at once here",
        "files::the_sdk_brings_a_file_into_a_private_conversation",
    ),
)
