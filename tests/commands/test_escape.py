"""Foreign text is shown as letters: read back as a person would, it has lost and gained nothing."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.reading import mentions, plain_mrkdwn
from commands.parse_text import readable
from commands.words import LONGEST_QUOTE, escape, phrase

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
