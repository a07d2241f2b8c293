"""What people read of budgets: the same figures everywhere, and what to do when they do not do."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.budgets import Entry, Prospect, Reach, Status, prospect, tally
from bot.domain.money import Money
from bot.domain.orders import State
from bot.domain.requests import Refusal, Why
from bot.domain.voting import Answer, Verdict
from commands.cards import Message, card
from commands.limits import validate_message
from commands.words import budgets as words
from commands.words import clicks, notices, refused
from tests.commands.made import ANA, NASTY, NOW, SETTING, formats, mrkdwn, order
from tests.domain.sample_budgets import PERIODS, budget, budgets

DECEMBER = "2026-12-01 00:00 UTC"


def spent(amount: str, status: Status = Status.SPENT, **changes: Any) -> Entry:
    """So much of Ana, an hour ago."""
    one = Entry(ANA, "kriptomat", "btc", "EUR", Decimal(amount), NOW, status, "")
    return one._replace(at=NOW - timedelta(hours=1), **changes)


MONTH = [
    spent("4200.00"),
    spent("750.00", Status.RESERVED),
    spent("50.00", Status.IN_DOUBT),
]


def told(cost: str, *entries: Entry, **changes: Any) -> Prospect:
    """What an order of that cost would do to a budget."""
    reach = Reach(budget(**changes), None)
    return prospect(reach, entries or MONTH, Money.of(cost, "EUR"), NOW)


def waiting(*prospects: Prospect) -> Message:
    """The card of an order that waits for votes."""
    return card(order(State.PENDING_APPROVAL), replace(SETTING, prospects=prospects))


def block(message: Message) -> str:
    (found,) = [one for one in message.blocks if one.get("block_id") == "budgets"]
    return str(found["text"]["text"])


def test_a_card_shows_the_four_figures_the_end_of_the_window_and_their_moment() -> None:
    """All that somebody needs who decides whether this order is worth it."""
    message = waiting(told("255.00"))
    first, second, last = block(message).split("\n")

    assert first.startswith("*Budget monthly*: 10,000.00 EUR a month until <!date^")
    assert DECEMBER in first
    assert second == (
        "spent 4,200.00 · reserved 750.00 · in doubt 50.00 · *left after this one 4,745.00* EUR"
    )
    assert "2026-11-20 09:30 UTC" in last
    assert message.text.endswith("Budget monthly would have 4,745.00 EUR left after it.")


def test_a_card_says_when_there_is_not_enough_and_when_there_would_be() -> None:
    """Before anybody presses Approve in vain."""
    message = waiting(told("5000.01"))

    assert "*left after this one -0.01* EUR" in block(message)
    assert "⚠️ *Not enough is left for this order.* From <!date^" in block(message)
    assert message.text.endswith("Budget monthly has not enough left for it (5,000.00 EUR).")


def test_a_card_shows_the_tightest_budgets_and_counts_the_rest() -> None:
    """Somebody may configure thirty; a card must stay one that is read."""
    many = [told("1.00", name=f"b{n}", limit=Money.of(6000 + n, "EUR")) for n in range(30)]
    message = waiting(*reversed(many))

    shown = [line for line in block(message).split("\n") if line.startswith("*Budget")]
    assert [line.split("*")[1] for line in shown] == [f"Budget b{n}" for n in range(4)]
    assert "26 more with more left: `/buy budget`." in block(message)


def test_a_decided_order_shows_no_figures_that_others_change() -> None:
    """They would be wrong for ever from the next purchase on."""
    message = card(order(State.COMPLETED), SETTING)
    assert [one for one in message.blocks if one.get("block_id") == "budgets"] == []


@given(named=budgets("EUR"), amount=st.integers(0, 10**7))
def test_whatever_a_budget_is_slack_takes_the_card(named: Any, amount: int) -> None:
    """Names come from the configuration, limits and windows may be anything."""
    positive = replace(named, limit=named.limit + Money.of(1, "EUR"))
    entry = spent(format(Decimal(amount + 1).scaleb(-2), "f"))
    one = prospect(Reach(positive, None), [entry], Money.of(1, "EUR"), NOW)
    message = waiting(one, one)

    assert validate_message(message.text, message.blocks, metadata=message.metadata) == []
    assert not any(formats(part) for part in (words.covered(positive, {}),))


def test_the_name_of_a_budget_can_neither_mention_nor_format() -> None:
    """It is text from a file like any other."""
    one = told("1.00", name=NASTY, requesters=(NASTY,), providers=(NASTY,), assets=(NASTY,))
    for text in (*mrkdwn(waiting(one).blocks), *words.overview([one.figures], {})):
        assert "<!channel>" not in text
        assert "<https" not in text


@pytest.mark.parametrize(
    ("entries", "drawn"),
    [
        ([], "░░░░░░░░░░░░░░░░░░░░ 0%"),
        ([spent("0.01")], "█░░░░░░░░░░░░░░░░░░░ 0%".replace("█", "▓")),
        (MONTH, "████████▓▓░░░░░░░░░░ 50%"),
        ([spent("9999.99")], "███████████████████░ 99%"),
        ([spent("10000.00")], "████████████████████ 100%"),
        ([spent("12000.00")], "████████████████████ 100%"),
    ],
)
def test_the_bar_is_empty_only_at_nothing_and_full_only_at_all(
    entries: list[Entry], drawn: str
) -> None:
    """Rounding must never show room where there is none, nor nothing where something is."""
    assert words.bar(tally(Reach(budget(), None), entries, NOW)) == drawn


@pytest.mark.parametrize(
    ("per", "says"),
    [("day", "a day"), ("week", "a week"), ("month", "a month"), ("30d", "in any 30 days")],
)
def test_each_window_has_its_words(per: str, says: str) -> None:
    """``1d`` and ``day`` are two things, and read as such."""
    assert words.limit(budget(per=per)) == f"10,000.00 EUR {says}"
    assert words.limit(budget(per="1d")) == "10,000.00 EUR in any 1 day"


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ({}, ""),
        ({"requesters": ("buyers", "board")}, "orders by buyers and board"),
        ({"assets": ("btc", "eth")}, "orders of BTC or ETH"),
        ({"providers": ("kriptomat",)}, "orders at Kriptomat"),
        (
            {"requesters": ("buyers",), "assets": ("btc",), "providers": ("oak",)},
            "orders by buyers of BTC at oak",
        ),
    ],
)
def test_whom_and_what_a_budget_is_for_is_said(limits: dict[str, Any], says: str) -> None:
    """Somebody whom it does not concern should see that."""
    assert words.covered(budget(**limits), SETTING.titles) == says


def test_a_refused_request_says_which_budget_what_is_left_until_when_and_what_to_do() -> None:
    """Nobody should have to look anything up to know what to do next."""
    short = (told("5000.01"),)
    refusal = Refusal(why=Why.BUDGET, given="5,000.01 EUR", short=short)
    sentence = refused.sentence(refusal, SETTING.titles)

    assert sentence == (
        "The budget “monthly” (10,000.00 EUR a month) has 5,000.00 EUR left: spent 4,200.00,"
        " reserved 750.00, in doubt 50.00. This may cost 5,000.01 EUR with fees. From"
        " <!date^1796083200^{date_short_pretty} {time}|2026-12-01 00:00 UTC> on there is enough, if"
        " nothing else comes.\n*Asked:* 5,000.01 EUR\n*Allowed:* at most 5,000.00 EUR, fees"
        " included\n*To do:* Ask again then or ask for something that may cost at most 5,000.00"
        " EUR, fees included. `/buy budget` shows all budgets.\nNothing was requested."
    )


@pytest.mark.parametrize(
    ("cost", "entries", "says"),
    [
        (
            "10000.01",
            MONTH,
            "It is more than the whole budget. | at most 5,000.00 EUR, fees included | Ask",
        ),
        ("10000.01", [spent("10000.00")], "Ask for less, once there is some again."),
        ("1.00", [spent("10000.00")], "comes. | nothing of it for now | Ask again then. `/buy"),
    ],
)
def test_what_cannot_help_is_not_advised(cost: str, entries: list[Entry], says: str) -> None:
    """Waiting for a budget that is too small, or asking for less of nothing."""
    assert says in " | ".join(words.parts([told(cost, *entries)]))


def test_whoever_gives_the_vote_that_would_decide_learns_that_it_did_not_count() -> None:
    """And what becomes of the others' votes and of the order."""
    one = order(State.PENDING_APPROVAL)
    verdict = Verdict(answer=Answer.OVER_BUDGET, order=one, short=(told("5000.01"),))

    text = clicks.sentence(verdict)
    assert text.startswith(f"{one.id} cannot be approved now. The budget “monthly”")
    assert "Your vote was not counted; the votes before it stand. The order expires before" in text

    patient = replace(one, expires_at=NOW + timedelta(days=20))
    text = clicks.sentence(replace(verdict, order=patient))
    assert text.endswith("Press Approve again then, or cancel the order.")


def test_whoever_asked_is_told_that_enough_people_agreed_in_vain() -> None:
    """Edited cards notify nobody."""
    text = notices.notice(order(State.PENDING_APPROVAL), "over budget", "it is so", "Kriptomat")
    assert text.startswith("<@U0ANA>: enough people agree to")
    assert "cannot be approved now: it is so. Their votes stand" in text


@pytest.mark.parametrize("per", PERIODS)
def test_every_budget_has_its_lines_in_the_overview(per: str) -> None:
    """Also one on which nothing has been drawn yet."""
    for entries in ([], MONTH):
        (text,) = words.overview([tally(Reach(budget(per=per), None), entries, NOW)], {})
        assert text.count("\n") == 1
        assert "left" in text
