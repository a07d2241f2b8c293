"""Rules of messages: what may stand in one, where it may stand, and what becomes of it."""

from bot.playground.rulebook.rule import kept, lacking, partly

LIMITS = (
    kept(
        "Every message has text",
        "Notifications and screen readers read nothing else. Slack takes blocks alone; here that"
        " is refused.",
        "documented",
        "limits_and_reading::a_message_needs_words_and_not_too_many",
        "web_api::a_bad_message_is_refused_with_its_faults",
    ),
    kept(
        "4,000 characters",
        "`chat.update` refuses more; `chat.postMessage` cuts or splits, and is refused here.",
        "documented",
        "limits_and_reading::a_message_needs_words_and_not_too_many",
        "web_api::a_bad_message_is_refused_with_its_faults",
    ),
    kept(
        "Number of blocks",
        "50 in a message, 100 in a form or a home tab.",
        "documented",
        "limits_and_reading::the_number_of_blocks_depends_on_the_surface",
    ),
    kept(
        "Inside a block",
        "Each text, list and id has its limit: section 3,000, header 150, 25 buttons, and so on.",
        "documented",
        "limits_and_reading::a_block_at_its_limit_is_accepted",
        "limits_and_reading::a_block_over_its_limit_is_faulted_and_named",
    ),
    kept(
        "Ids are unique",
        "`action_id` in its block, `block_id` in its message, or all of it is `invalid_blocks`.",
        "seen by others",
        "limits_and_reading::two_blocks_with_one_id_are_a_fault",
        "web_api::a_bad_message_is_refused_with_its_faults",
    ),
    kept(
        "Forms",
        "Title 24, 3,000 characters of private metadata, 250 kB, submit where there are inputs.",
        "documented",
        "limits_and_reading::a_modal_outside_its_limits_is_faulted",
        "limits_and_reading::a_field_of_a_modal_has_limits_of_its_own",
    ),
    partly(
        "Metadata",
        "One shape, readable by everybody in the workspace, and of a size that is not published.",
        "documented",
        "8,000 characters are our guess",
        "limits_and_reading::metadata_has_exactly_one_shape",
        "web_api::a_bad_message_is_refused_with_its_faults",
    ),
    kept(
        "Pictures from files",
        "An image block may name a file, if it is there.",
        "documented",
        "files::a_picture_has_words_for_those_who_do_not_see_it",
    ),
    lacking(
        "Attachments, tables, rich text, video, markdown blocks",
        "Slack shows them.",
        "documented",
        "refused: the bot sends none, and what is dropped in silence would be taken for shown",
    ),
)

MESSAGES = (
    kept(
        "Where the bot may write",
        "Not in unknown, archived or foreign channels, nor where only admins may.",
        "documented",
        "web_api::a_post_is_refused_where_the_bot_may_not_write",
        "refusals::a_channel_can_be_for_announcements_of_admins_alone",
    ),
    kept(
        "An edit replaces everything",
        "Text without blocks takes the blocks away; metadata stays unless it is given.",
        "documented",
        "web_api::an_update_with_text_alone_takes_the_buttons_away",
        "refusals::empty_metadata_of_an_edit_takes_it_away",
    ),
    kept(
        "Whose messages can be edited",
        "Its own, while they exist and the channel is alive.",
        "documented",
        "web_api::only_a_message_of_the_bot_can_be_edited",
        "web_api::a_card_in_an_archived_channel_cannot_be_edited",
    ),
    kept(
        "How long",
        "A workspace can close the window: `edit_window_closed`.",
        "documented",
        "refusals::an_edit_may_come_too_late",
    ),
    kept(
        "The mark of an edit",
        "Shown only where a message is bare text.",
        "documented",
        "refusals::an_edit_is_marked_as_one_only_without_blocks",
    ),
    kept(
        "Editing after being removed",
        "Whether a bot may edit what it posted in a channel that it was removed from.",
        "open",
        "refusals::a_bot_that_was_removed_can_neither_post_nor_edit",
    ),
    kept(
        "Threads",
        "A reply names the message that began the thread.",
        "documented",
        "web_api::a_reply_stands_in_its_thread",
    ),
    kept(
        "A reply to what is gone",
        "Refused, or posted without a thread.",
        "open",
        "refusals::a_reply_to_a_deleted_message_is_refused_or_stands_alone",
    ),
    kept(
        "One `ts`, one message",
        "It is the identity of a message in its channel.",
        "documented",
        "web_api::a_clock_that_stands_still_gives_no_two_messages_the_same_ts",
        "forms::a_bot_can_delete_its_own_message",
    ),
    kept(
        "What a reader sees",
        "Names for ids, labels for links; plain text stays as it is, unknown blocks say so.",
        "documented",
        "limits_and_reading::a_reader_sees_names_and_dates_and_labels",
        "limits_and_reading::plain_text_is_shown_as_it_is",
        "limits_and_reading::an_unknown_block_is_shown_as_such",
    ),
    partly(
        "Dates",
        "Shown in the time zone of the reader's device.",
        "documented",
        "plain text shows the fallback in UTC",
        "limits_and_reading::a_reader_sees_names_and_dates_and_labels",
    ),
    kept(
        "Who is notified",
        "People, groups and broadcasts that stand in formatted text.",
        "documented",
        "limits_and_reading::a_mention_counts_once_and_in_order",
        "limits_and_reading::plain_text_is_shown_as_it_is",
    ),
    lacking(
        "Previews of links",
        "Slack fetches them unless it is told not to.",
        "documented",
        "nothing is fetched; the bot switches them off",
    ),
)

PRIVATE = (
    kept(
        "To whom",
        "Somebody who is in the channel.",
        "documented",
        "refusals::a_private_message_needs_its_reader_in_the_channel",
    ),
    kept(
        "Not to be found",
        "It cannot be edited or deleted by its `ts`, and a click on it does not quote it.",
        "documented",
        "refusals::a_private_message_needs_its_reader_in_the_channel",
        "clicks_and_views::a_click_on_a_private_message_does_not_quote_it",
    ),
    kept(
        "Replaced by its own click",
        "`replace_original` and `delete_original` touch the message that was clicked.",
        "documented",
        "clicks_and_views::replacing_the_original_edits_the_card",
        "forms::an_answer_can_take_the_original_away",
        "slash::replacing_the_original_of_a_command_only_adds_an_answer",
    ),
    kept(
        "Even where the bot is not",
        "The answer to a command reaches its person in any channel.",
        "documented",
        "slash::an_answer_reaches_a_person_where_the_bot_is_no_member",
    ),
    partly(
        "Public answers",
        "`in_channel` shows the answer, and the typed command, to everybody.",
        "documented",
        "the typed command is not shown; the bot answers privately",
        "slash::a_public_answer_is_seen_by_everybody",
    ),
    lacking(
        "Fleeting",
        "Private messages are gone after a reload, and may never arrive.",
        "documented",
        "they stay, so that they can be read; nothing important may stand in them alone",
    ),
)
