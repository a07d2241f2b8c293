"""Whatever is typed gets an answer, and what is understood can be said back."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import BadAmount
from commands.parse import NotUnderstood, WordFault, parse, words
from commands.parse_text import escaped
from tests.commands.parse_strings import strings


def answer(text: str) -> str:
    """Parse, and check what must hold of every answer. Returns its kind."""
    try:
        intent = parse(text)
    except NotUnderstood as fault:
        return refusal(fault)
    said = words(intent)
    assert parse(said) == intent
    assert words(parse(said)) == said
    said.encode()
    return type(intent).__name__


def refusal(fault: NotUnderstood) -> str:
    """Its place lies in its words, and its facts are there to make a sentence of."""
    assert 0 <= fault.position <= fault.position + fault.length <= len(fault.text)
    assert all(fault.expected)
    for one in fault.choices:
        # Whoever chooses gets further than before: to a plan, or to the next question.
        assert answer(escaped(one.command)) != fault.kind
    assert (fault.kind is WordFault.BAD_AMOUNT) == isinstance(fault.amount, BadAmount)
    fault.text.encode()
    return WordFault(fault.kind)


def tally(count: int, seed: int) -> Counter[str]:
    return Counter(answer(text) for text in strings(count, seed))


def test_ten_thousand_strings_are_each_understood_or_refused_and_never_crash() -> None:
    """Slack delivers anything that people and their keyboards produce, once and only once."""
    kinds = tally(10_000, seed=2026)
    assert kinds.total() == 10_000
    assert kinds["Buy"] > 1_800
    assert kinds["Plan"] > 400
    never_by_dice = {WordFault.TOO_LONG, WordFault.REASON_TOO_LONG}
    assert set(WordFault) - never_by_dice <= kinds.keys()


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(10))
def test_two_hundred_thousand_strings_are_each_understood_or_refused(seed: int) -> None:
    """The long table: ten seeds of twenty thousand."""
    assert tally(20_000, seed).total() == 20_000


def test_the_same_seed_makes_the_same_strings() -> None:
    """A failure on one machine must be repeatable on another."""
    assert list(strings(50, seed=1)) == list(strings(50, seed=1))
    assert list(strings(50, seed=1)) != list(strings(50, seed=2))


@given(st.text(max_size=200))
def test_any_text_at_all_gets_an_answer(text: str) -> None:
    """Hypothesis knows corners of Unicode that nobody lists."""
    answer(text)


@given(st.text(max_size=120))
def test_any_reason_survives_being_printed_and_read_again(reason: str) -> None:
    """The reason is the one free text; it must not bend the rest of the order."""
    answer(f"250 EUR btc via kriptomat for {reason}")
