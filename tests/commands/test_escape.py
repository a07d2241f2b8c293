"""Foreign text is shown as letters: read back as a person would, it has lost and gained nothing."""

import html
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.orders import State, Vote
from bot.playground.plaintext import mentions, plain_mrkdwn
from commands.cards import card
from commands.limits import validate_message
from commands.parse_text import cleaned, readable
from commands.words import LONGEST_QUOTE, escape, phrase
from tests.commands.made import NOW, SETTING, full

MARKS = st.text(st.sampled_from("*_~`<>&@#!| ab\n"), max_size=60)


@given(MARKS | st.text(max_size=400))
def test_what_a_person_reads_is_what_was_escaped_and_no_mark_has_gone(text: str) -> None:
    """The pretend Slack formats as Slack does: a pair of stars that it eats was a format."""
    safe = escape(text)

    for around in (safe, f"({safe})", f"Says {safe}.", f"*bold* {safe} _slanted_"):
        plain = html.unescape(around.replace("*bold*", "bold").replace("_slanted_", "slanted"))
        assert plain_mrkdwn(around, {}) == plain
    assert mentions(safe, []) == []


@pytest.mark.parametrize(
    "text",
    ["*bold*", "_slanted_", "~gone~", "`code`", "```block```", "a *b* c", "*_both_*", "_a_b_"],
)
def test_no_pair_of_marks_formats(text: str) -> None:
    """A note that is struck through, or bold as our own words are, says something else."""
    assert not set(escape(text).replace("_\u2060", "")) & set("*_~`")
    assert len(plain_mrkdwn(escape(text), {}).replace("\u2060", "")) == len(text)


@pytest.mark.parametrize(
    "text", ["a\u202eb", "a\u2066b", "a\x00b", "a\x1b[31mb", "a\ud800b", "a\nb"]
)
def test_nothing_invisible_turns_or_breaks_the_line(text: str) -> None:
    """A right-to-left mark in a reason would turn our own words round behind it."""
    assert escape(text).isprintable()
    assert escape(text).encode()


def test_the_name_of_an_outlet_can_be_copied_from_a_card_and_typed() -> None:
    """Names with underscores are part of the command language."""
    assert readable(escape("bdo_deposit")) == "bdo_deposit"


@given(st.text(max_size=2000))
def test_a_quote_is_never_longer_than_its_limit(text: str) -> None:
    """Before the three characters that become entities; those can make it five times as long."""
    shown = html.unescape(escape(text)).replace("\u2060", "")
    assert len(shown) <= LONGEST_QUOTE
    assert len(escape(text)) <= 5 * LONGEST_QUOTE


@pytest.mark.parametrize(
    ("text", "said"), [("no.", "no"), ("no!", "no"), (" .", ""), ("a.b", "a.b")]
)
def test_a_phrase_brings_no_full_stop_along(text: str, said: str) -> None:
    """Our sentence ends with its own."""
    assert phrase(text) == said


def texts(part: object) -> Iterator[dict[str, Any]]:
    """Every text object of a block that Slack would format."""
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            yield part
        for inner in part.values():
            yield from texts(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from texts(inner)


@pytest.mark.parametrize("state", State)
def test_slack_may_not_make_mentions_or_links_of_plain_words(state: State) -> None:
    """Without ``verbatim`` it reads @here and #channel in a vendor's words as if we meant them."""
    found = list(texts(card(full(state, "@here #treasury"), SETTING).blocks))

    assert found
    assert all(one.get("verbatim") is True for one in found)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("letter", ["&", "<", "x", "\u0001"])
def test_five_thousand_of_the_worst_letters_break_no_limit(state: State, letter: str) -> None:
    """Each ampersand takes five characters; a card that is too long would lose its buttons."""
    one = full(state, letter * 5000)
    message = card(one, SETTING)

    assert validate_message(message.text, message.blocks, metadata=message.metadata) == []


def test_a_card_with_sixty_votes_is_still_a_card() -> None:
    """A rule may want fifty approvals; the newest are named, the others counted."""
    votes = tuple(Vote(voter=f"U0{n:09d}", digest="d", at=NOW) for n in range(60))
    message = card(full(State.APPROVED, "x", votes=votes), SETTING)

    assert validate_message(message.text, message.blocks, metadata=message.metadata) == []
    (decided,) = [block for block in message.blocks if block.get("block_id") == "decided"]
    words = decided["elements"][0]["text"]
    assert words.startswith("👍 40 more")
    assert "U0000000059" in words


@pytest.mark.parametrize("state", [State.ACCEPTED, State.AWAITING_PAYMENT])
def test_why_an_order_is_not_further_yet_stands_on_its_card(state: State) -> None:
    """The card is posted anew when the reason changes, so it has to show the reason."""
    one = full(state, "x", note="the provider cannot be asked at the moment: 503")
    assert "the provider cannot be asked at the moment: 503" in card(one, SETTING).text


@pytest.mark.parametrize("typed", ["no\ud83d", "no\u202e", " no\n\n", "no\x00"])
def test_a_reason_typed_in_a_form_is_cleaned_like_one_typed_in_words(typed: str) -> None:
    """Half a character cannot be stored, and would lose somebody's Deny."""
    assert cleaned(typed).encode().startswith(b"no")
    assert cleaned(typed) == " ".join(cleaned(typed).split())
