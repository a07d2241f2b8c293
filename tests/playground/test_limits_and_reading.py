"""What Slack accepts, one limit a row; and what a reader sees of what was accepted."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, SectionBlock

from bot.playground.plaintext import mentions, plain_text
from commands.limits import validate_message
from tests.playground.realbot import Json, button, card, modal

NAMES = {"U0ANA": "Ana", "S0TREASURY": "treasury", "C0TREASURY": "treasury"}


def text(words: str, kind: str = "plain_text") -> Json:
    """A text object."""
    return {"type": kind, "text": words}


def section(**more: Any) -> Json:
    """A section block."""
    return {"type": "section", **more}


def actions(*elements: Json) -> Json:
    """An actions block."""
    return {"type": "actions", "elements": list(elements)}


def options(count: int) -> list[Json]:
    """So many options of a select."""
    return [{"text": text(f"o{i}"), "value": str(i)} for i in range(count)]


def choice(**more: Any) -> Json:
    """A select, or another element in which something is chosen."""
    return {"type": "static_select", "action_id": "a", **more}


def confirm(**more: Any) -> Json:
    """A confirm dialog."""
    words = {part: text(part) for part in ("title", "text", "confirm", "deny")}
    return {**words, **more}


GOOD: list[Json] = [
    section(text=text("x" * 3000, "mrkdwn")),
    section(fields=[text("x" * 2000, "mrkdwn")] * 10),
    {"type": "header", "text": text("x" * 150)},
    {"type": "context", "elements": [text("x", "mrkdwn")] * 10},
    {"type": "divider"},
    {"type": "image", "image_url": "https://a.io/x.png", "alt_text": "A chart"},
    actions(*(button(f"a{i}", "x" * 75, value="v" * 2000, style="danger") for i in range(25))),
    actions(button("a", "A", confirm=confirm(title=text("x" * 100), text=text("x" * 300)))),
    actions({"type": "static_select", "action_id": "a", "options": options(100)}),
    actions({"type": "overflow", "action_id": "a", "options": options(5)}),
    section(text=text("x"), accessory=button("a", "A", url="https://a.io", value="v")),
    section(text=text("x"), accessory=choice(options=options(1), type="multi_static_select")),
    actions(choice(options=options(100), initial_option=options(100)[99])),
    actions(choice(options=[{**options(1)[0], "description": text("x" * 75)}])),
]

BAD: list[tuple[Json, str]] = [
    (section(), "needs text or fields"),
    (section(text=text("")), "must not be empty"),
    (section(text=text("x" * 3001, "mrkdwn")), "at most 3000"),
    (section(fields=[text("x" * 2001)]), "at most 2000"),
    (section(fields=[text("x")] * 11), "at most 10"),
    ({"type": "header", "text": text("x" * 151)}, "at most 150"),
    ({"type": "header", "text": text("x", "mrkdwn")}, "plain_text is needed"),
    ({"type": "context", "elements": [text("x")] * 11}, "at most 10"),
    ({"type": "image", "image_url": "https://a.io/x.png"}, "alt_text"),
    ({"type": "carousell"}, "unknown block type"),
    (section(text=text("x"), block_id="b" * 256), "at most 255"),
    (actions(), "at least one"),
    (actions(*(button(f"a{i}", "A") for i in range(26))), "at most 25"),
    (actions(button("a", "A"), button("a", "B")), "used 2 times in one block"),
    (actions(button("a" * 256, "A")), "at most 255"),
    (actions(button("a", "x" * 76)), "at most 75"),
    (actions(button("a", "A", value="v" * 2001)), "at most 2000"),
    (actions(button("a", "A", url="https://a.io/" + "x" * 3000)), "at most 3000"),
    (actions(button("a", "A", accessibility_label="x" * 76)), "at most 75"),
    (actions(button("a", "A", style="green")), "primary and danger"),
    (actions(button("a", "A", confirm=confirm(title=text("x" * 101)))), "at most 100"),
    (actions(button("a", "A", confirm=confirm(text=text("x" * 301)))), "at most 300"),
    (actions(button("a", "A", confirm=confirm(confirm=text("x" * 31)))), "at most 30"),
    (actions(button("a", "A", confirm=confirm(deny=text("x" * 31)))), "at most 30"),
    (actions({"type": "overflow", "action_id": "a", "options": options(6)}), "at most 5"),
    (actions({"type": "static_select", "action_id": "a", "options": options(101)}), "at most 100"),
    (actions({"type": "radio_buttons", "action_id": "a", "options": options(11)}), "at most 10"),
    (actions({"type": "plain_text_input", "action_id": "a"}), "cannot stand here"),
    ({"type": "input", "label": text("x"), "element": {"type": "x"}}, "belongs in a view"),
    (actions(choice(options=[{**options(1)[0], "description": text("x" * 76)}])), "at most 75"),
    (actions(choice(options=[{"text": text("x" * 76), "value": "v"}])), "at most 75"),
    (actions(choice(options=[{"text": text("x"), "value": "v" * 151}])), "at most 150"),
    (actions(choice(options=options(2), initial_option=options(3)[2])), "one of the options"),
    (actions(choice(options=options(1), type="multi_static_select")), "cannot stand here"),
    (actions(choice(option_groups=[{"label": text("x"), "options": options(101)}])), "at most 100"),
    ({"type": "image", "image_url": "https://a.io/" + "x" * 3000, "alt_text": "A"}, "at most 3000"),
    ({"type": "image", "image_url": "https://a.io/x.png", "alt_text": "A" * 2001}, "at most 2000"),
    (actions(choice(type="checkboxes", options=options(11))), "at most 10"),
]


@pytest.mark.parametrize("block", GOOD)
def test_a_block_at_its_limit_is_accepted(block: Json) -> None:
    """A checker that is too strict would cost us words that Slack would have shown."""
    assert validate_message("text", [block]) == []


@pytest.mark.parametrize(("block", "fault"), BAD)
def test_a_block_over_its_limit_is_faulted_and_named(block: Json, fault: str) -> None:
    """Slack says only invalid_blocks; the sentence must say which block and which limit."""
    faults = validate_message("text", [block])
    assert any(fault in sentence and "blocks[0]" in sentence for sentence in faults), faults


KEYS = ["type", "text", "elements", "accessory", "element", "fields", "confirm", "options", "label"]
WORDS = ["section", "actions", "input", "button", "plain_text_input", "overflow", "mrkdwn", "x"]
KEYS += ["option_groups", "action_id", "block_id", "max_length", "min_length", "style", "value"]
JSON = st.recursive(
    st.none() | st.integers() | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=12,
)


@given(blocks=JSON, surface=st.sampled_from(["message", "modal", "home"]))
def test_any_nonsense_gets_sentences_and_never_an_exception(blocks: Any, surface: Any) -> None:
    """It stands before every send: a checker that raises would be the fault it looks for."""
    faults = validate_message("text", blocks, surface=surface, view={"type": surface})
    assert all(isinstance(sentence, str) for sentence in faults)
    if isinstance(blocks, int | str) and blocks:
        assert faults


def test_a_message_needs_words_and_not_too_many() -> None:
    """Notifications and screen readers read the text and nothing else."""
    assert validate_message("x" * 4000, None) == []
    for wrong in (None, "", "  ", "x" * 4001):
        assert len(validate_message(wrong, [])) == 1


def test_the_number_of_blocks_depends_on_the_surface() -> None:
    """Fifty in a message, a hundred in a modal and in a home tab."""
    divider = {"type": "divider"}
    assert validate_message("x", [divider] * 50) == []
    assert "at most 50" in validate_message("x", [divider] * 51)[0]
    home = {"type": "home", "blocks": [divider] * 100}
    assert validate_message(None, None, surface="home", view=home) == []
    home["blocks"] = [divider] * 101
    assert "at most 100" in validate_message(None, None, surface="home", view=home)[0]


def test_two_blocks_with_one_id_are_a_fault() -> None:
    """Slack refuses the whole message for it."""
    twice = [{"type": "divider", "block_id": "b"}] * 2
    assert validate_message("x", twice) == ["blocks: block_id 'b' is used 2 times."]


def test_blocks_of_the_sdk_are_taken_as_they_are() -> None:
    """Cards are built with slack_sdk.models; its own refusals become sentences too."""
    good = [SectionBlock(text="hello"), ActionsBlock(elements=[ButtonElement(text="A", value="v")])]
    assert validate_message("x", good) == []
    assert "25" in validate_message("x", [ActionsBlock(elements=[ButtonElement(text="A")] * 26)])[0]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"submit": None}, "needs a view with submit"),
        ({"title": text("x" * 25)}, "at most 24"),
        ({"title": None}, "plain_text is needed"),
        ({"close": text("x" * 25)}, "at most 24"),
        ({"callback_id": "x" * 256}, "at most 255"),
        ({"private_metadata": "x" * 3001}, "at most 3000"),
        ({"external_id": "x" * 256}, "at most 255"),
        ({"type": "home"}, "type must be modal"),
        ({"blocks": []}, "at least one block"),
    ],
)
def test_a_modal_outside_its_limits_is_faulted(change: Json, fault: str) -> None:
    """A modal that cannot open is a button that does nothing."""
    assert validate_message(None, None, surface="modal", view=modal()) == []
    faults = validate_message(None, None, surface="modal", view=modal(**change))
    assert any(fault in sentence for sentence in faults), faults


def test_a_field_of_a_modal_has_limits_of_its_own() -> None:
    """Slack cuts nothing off: a length beyond 3,000 or a long placeholder is refused."""
    for change, fault in (
        ({"max_length": 3001}, "max_length 1 to 3000"),
        ({"placeholder": text("x" * 151)}, "at most 150"),
    ):
        view = modal()
        view["blocks"][0]["element"].update(change)
        assert fault in validate_message(None, None, surface="modal", view=view)[0]
    for part in ("label", "hint"):
        view = modal()
        view["blocks"][0][part] = text("x" * 2001)
        assert "at most 2000" in validate_message(None, None, surface="modal", view=view)[0]


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"event_type": "x"},
        {"event_type": "", "event_payload": {}},
        {"event_type": "x", "event_payload": 1},
    ],
)
def test_metadata_has_exactly_one_shape(metadata: Json) -> None:
    """Slack drops what it does not know, and the card would lose its order."""
    assert len(validate_message("x", None, metadata=metadata)) == 1


def test_a_reader_sees_names_and_dates_and_labels() -> None:
    """Tests compare what people read, not what Slack's markup happens to be."""
    words = (
        "*250 EUR* for <@U0ANA|ana> &amp; <!subteam^S0TREASURY> until "
        "<!date^1772442000^{time}|09:00 UTC>, see <https://a.io|the card> in <#C0TREASURY|x>"
    )
    shown = plain_text("unused", card(button("a", "Approve"), text=words), NAMES)
    assert shown == (
        "250 EUR for @Ana & @treasury until 09:00 UTC, see the card in #treasury\nApprove"
    )


def test_plain_text_is_shown_as_it_is() -> None:
    """That is why untrusted words go there: a mention in it mentions nobody."""
    blocks = [section(text=text("<@U0ANA> *said* &amp;"))]
    assert plain_text("", blocks, NAMES) == "<@U0ANA> *said* &amp;"
    assert mentions("<@U0ANA>", blocks) == []


def test_the_words_in_doubt_keep_their_underscores() -> None:
    """A state's name is not emphasis."""
    assert plain_text("state in_doubt, key a_b_c, 2*3*4", [], NAMES) == (
        "state in_doubt, key a_b_c, 2*3*4"
    )


def test_a_mention_counts_once_and_in_order() -> None:
    """The first card mentions the approvers; a test asks exactly whom."""
    words = "<!subteam^S0TREASURY|@treasury> <@U0BEN> <@U0ANA> <@U0BEN|ben> <!here>"
    assert mentions(words, []) == ["S0TREASURY", "U0BEN", "U0ANA", "!here"]


def test_an_unknown_block_is_shown_as_such() -> None:
    """Nothing is silently dropped from what a reader is said to see."""
    assert "unsupported block: video" in plain_text("", [{"type": "video"}], NAMES)
