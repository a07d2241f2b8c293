"""Rules of what people do: commands, buttons, forms, the home tab."""

from bot.playground.rulebook.rule import kept, lacking

COMMANDS = (
    kept(
        "What arrives",
        "Who, where, the words, a `trigger_id`, a `response_url`; never a thread, since commands"
        " cannot be typed in one.",
        "documented",
        "slash::the_payload_is_what_slack_sends",
        "forms::a_command_in_a_direct_message_says_where_it_was_typed",
    ),
    kept(
        "Escaping",
        "With `should_escape` names come as ids, addresses as links, `& < >` as entities.",
        "documented",
        "slash::the_payload_is_what_slack_sends",
        "slash::amounts_are_not_taken_for_links",
        "installation::without_should_escape_the_words_come_as_they_were_typed",
    ),
    kept(
        "An answer that cannot be shown",
        "Reaches nobody; here it is reported.",
        "documented",
        "slash::an_answer_that_slack_cannot_show_is_reported",
    ),
    lacking(
        "Names that clash",
        "The app that was installed last gets the command.",
        "documented",
        "there is one app",
    ),
)

BUTTONS = (
    kept(
        "What arrives",
        "The button with its value, and the whole message as it was shown.",
        "documented",
        "clicks_and_views::a_click_carries_the_button_and_the_whole_message",
        "clicks_and_views::a_stale_click_carries_what_the_person_still_saw",
    ),
    kept(
        "Who can press",
        "Everybody in the channel: guests and people of other companies too.",
        "documented",
        "clicks_and_views::guests_and_people_from_another_company_can_click",
    ),
    kept(
        "At the same moment",
        "Two people, or one twice.",
        "seen by others",
        "clicks_and_views::two_people_can_click_at_the_same_time",
    ),
    kept(
        "Confirm dialogs",
        "Are the client's affair: a No is never sent.",
        "documented",
        "clicks_and_views::a_declined_confirm_dialog_sends_nothing",
    ),
    kept(
        "Menus",
        "Send what was chosen.",
        "documented",
        "forms::a_choice_in_a_message_is_an_action",
    ),
)

FORMS = (
    kept(
        "Filling in",
        "The client holds back what is required and empty, or too long.",
        "documented",
        "clicks_and_views::the_client_holds_back_an_incomplete_form",
        "forms::every_kind_of_field_arrives_as_slack_writes_it",
    ),
    kept(
        "Answers to a form",
        "Errors beside inputs, another view, a pushed one, all closed; anything else is not"
        " understood.",
        "documented",
        "clicks_and_views::a_modal_is_opened_filled_in_and_refused_by_field",
        "clicks_and_views::a_view_can_be_replaced_by_the_answer_to_its_submission",
        "forms::a_submission_can_push_a_step_and_clear_them_all",
        "forms::a_wrong_answer_to_a_submission_is_reported",
    ),
    kept(
        "Three on each other",
        "A fourth is `push_limit_reached`; only the one in front can be reached.",
        "documented",
        "stacks::no_more_than_three_views_lie_on_each_other",
        "stacks::a_pushed_view_covers_the_one_below_and_gives_it_back",
        "stacks::a_view_is_pushed_only_over_an_open_one",
    ),
    kept(
        "`external_id`",
        "Names one view in the workspace.",
        "documented",
        "stacks::an_external_id_names_one_view_at_a_time",
    ),
    kept(
        "`hash`",
        "An update for an older state is `hash_conflict`.",
        "documented",
        "forms::an_update_of_a_view_minds_its_hash",
    ),
    kept(
        "Live fields",
        "Only inputs with `dispatch_action` tell; what was typed stays while ids stay.",
        "documented",
        "stacks::a_choice_in_a_form_is_told_only_if_it_asks_for_that",
    ),
    kept(
        "Closing",
        "Is told if the view asks for it; `clear_on_close` closes all.",
        "documented",
        "forms::a_closed_form_is_told_only_if_it_asked",
        "stacks::closing_can_clear_the_whole_stack",
    ),
)

HOME = (
    kept(
        "One view a person",
        "Published by user id; unknown people are `invalid_arguments`.",
        "documented",
        "clicks_and_views::a_home_tab_is_published_when_somebody_looks",
        "forms::a_published_home_minds_its_hash",
    ),
    kept(
        "Races",
        "A stale `hash` is `hash_conflict`.",
        "documented",
        "forms::a_published_home_minds_its_hash",
    ),
    kept(
        "Switched on",
        "Without the tab in the manifest: `not_enabled`.",
        "documented",
        "installation::without_the_home_tab_nothing_can_be_published",
    ),
)
