"""Cards: every order in every state is a message that Slack takes and nobody can abuse."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.orders import Order, State
from commands.cards import APPROVE, CANCEL, CHECK, DENY, EDIT, SETTLE, Message, card, twin
from commands.limits import validate_message
from commands.words import telling
from tests.commands.made import NASTY, SETTING, brackets, formats, full, mrkdwn, order

EVERY = list(State)
FOREIGN = st.text(max_size=400) | st.sampled_from([NASTY, "&<>*_~`" * 700, "x" * 5000, "\u0000"])


def shown(message: Message) -> str:
    """All that Slack would format, in one string."""
    return "\n".join([message.text, *mrkdwn(message.blocks)])


def buttons(message: Message) -> list[str]:
    """Action ids of the buttons, in their order."""
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [button["action_id"] for row in rows for button in row]


@pytest.mark.parametrize("state", EVERY)
@pytest.mark.parametrize("build", [order, lambda state: full(state, NASTY)], ids=["bare", "full"])
def test_every_card_is_taken_by_slack_and_says_which_order_and_which_state(
    state: State, build: type[Order]
) -> None:
    """A card that Slack refuses is an order that nobody can see; the text is what phones show."""
    one = build(state)  # type: ignore[call-arg]
    message = card(one, SETTING)
    assert validate_message(message.text, message.blocks, metadata=message.metadata) == []
    assert state.words in message.text
    assert one.id in message.text
    assert message.metadata is not None
    assert message.metadata["event_payload"] == {"order": one.id, "state": state.value}
    assert "None" not in shown(message)
    assert state.words.capitalize() in "\n".join(mrkdwn(message.blocks))


@pytest.mark.parametrize("state", EVERY)
def test_buttons_stand_only_where_they_do_something(state: State) -> None:
    """A button that can only be refused teaches people to ignore refusals."""
    expected = {
        State.PENDING_APPROVAL: [APPROVE, DENY, CANCEL],
        State.APPROVED: [CANCEL],
        State.IN_DOUBT: [CHECK, SETTLE],
    }
    assert buttons(card(full(state, "why"), SETTING)) == expected.get(state, [])


@pytest.mark.parametrize("state", [State.DENIED, State.CANCELLED, State.EXPIRED])
def test_what_was_never_sent_can_be_asked_for_anew(state: State) -> None:
    """After an attempt a button for one more would say that nothing was bought."""
    one = order(state=state)
    assert buttons(card(one, SETTING)) == [EDIT]
    assert buttons(card(replace(one, attempts=1), SETTING)) == []
    assert buttons(card(replace(one, look_first=True), SETTING)) == []


@pytest.mark.parametrize("state", EVERY)
def test_a_card_of_older_terms_and_a_spare_copy_have_no_buttons(state: State) -> None:
    """They show terms that nobody votes on any more, or twice what stands elsewhere."""
    one = full(state, NASTY)
    old, spare = card(one, SETTING, revision=0), twin(one, "Kriptomat")
    assert "⚪️ *Replaced*\n" in shown(old)
    assert "⚪️ *Closed*\nThis is a spare copy" in shown(spare)
    for message in (old, spare):
        assert "Buy BTC for 250.00 EUR via Kriptomat" in message.text
        assert buttons(message) == []
        assert validate_message(message.text, message.blocks, metadata=message.metadata) == []
        assert one.id in message.text


def test_a_button_carries_the_digest_of_what_its_card_shows() -> None:
    """A vote is bound to exactly these terms; other terms have another digest."""
    one, other = order(), full(State.PENDING_APPROVAL, "why")
    values = []
    for each in (one, other):
        (row,) = [b for b in card(each, SETTING).blocks if b["type"] == "actions"]
        values += [json.loads(button["value"]) for button in row["elements"]]
    assert values[:3] == [{"order": one.id, "digest": one.digest}] * 3
    assert values[3:] == [{"order": one.id, "digest": other.digest}] * 3
    assert one.digest != other.digest


@pytest.mark.parametrize("state", EVERY)
def test_a_screen_reader_says_of_each_button_what_it_does_and_to_which_order(state: State) -> None:
    """In a channel with ten cards "Approve" alone says nothing."""
    one = full(state, "why")
    rows = [block for block in card(one, SETTING).blocks if block["type"] == "actions"]
    spoken = [each["accessibility_label"] for row in rows for each in row["elements"]]
    assert all(label.endswith(f": {one.id}") for label in spoken)
    assert len(set(spoken)) == len(spoken)


@given(state=st.sampled_from(EVERY), text=FOREIGN)
def test_foreign_text_on_a_card_can_neither_mention_nor_format_nor_break_a_limit(
    state: State, text: str
) -> None:
    """Reasons, notes and vendors' words are written by others; some of them would shout."""
    message = card(full(state, text), SETTING)
    plain = card(full(state, "x"), SETTING)
    assert validate_message(message.text, message.blocks, metadata=message.metadata) == []
    assert brackets(shown(message)) == []
    if text.strip():
        assert formats(shown(message)) == formats(shown(plain))


@given(text=st.sampled_from([NASTY, "a" * 300]))
def test_a_reason_is_shown_whole_and_as_plain_text(text: str) -> None:
    """Three hundred characters may be typed, and an approver must see what is being approved."""
    blocks = card(full(State.PENDING_APPROVAL, text), SETTING).blocks
    (reason,) = [block for block in blocks if block.get("block_id") == "reason"]
    assert reason["elements"] == [{"type": "plain_text", "text": f"Reason: {text}", "emoji": False}]


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (
            "2026-11-25T17:31:14Z",
            "<!date^1795627874^{date_short_pretty} {time}|2026-11-25 17:31 UTC>",
        ),
        (
            "2026-11-25T18:31:14+01:00",
            "<!date^1795627874^{date_short_pretty} {time}|2026-11-25 17:31 UTC>",
        ),
        ("2026-11-25", "Wed 25 Nov 2026"),
        ("2026-11-25T17:31:14", "Wed 25 Nov 2026 17:31"),
        ("0001-01-01T00:00:00+10:00", "0001-01-01T00:00:00+10:00"),
        ("T+2 <!here>", "T+2 &lt;!here&gt;"),
    ],
)
def test_a_vendors_date_is_shown_as_other_times_are_and_its_words_as_they_came(
    told: str, shown: str
) -> None:
    """A raw `2026-11-25T17:31:14Z` is read by nobody; a day without a time is the same day for
    every reader."""
    assert telling.settles_on(told) == shown
