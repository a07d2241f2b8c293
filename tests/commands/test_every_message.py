"""Every message that the bot can send, made from the worst orders there can be: Slack takes it all.

What Slack would refuse is sent as bare text, or not at all, so that must never be needed.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.freezes import Freeze, Scope
from bot.domain.money import Money
from bot.domain.orders import Alike, Order, Outcome, Proposal, State, Vote
from bot.workflow.desk import Desk
from commands import approvals, buy, doubts, freezing, payments
from commands.cards import Message, card, twin
from commands.intents import Buy
from commands.limits import Surface, validate_message
from commands.orders import newest_lines
from commands.payments import instructions
from commands.room import Room, told_view
from commands.words import clicks, escape, history, notices, requests, squeezed, telling
from commands.words import freezing as freezing_words
from tests.commands.made import (
    ANA,
    BEN,
    CLEO,
    NASTY,
    NOW,
    SETTING,
    brackets,
    full,
    mrkdwn,
    terms,
)

HUGE = Decimal("123456789012345678.123456789012345678")
LETTERS = ["&", "<", "*", "_", "x", "\u202e", "\U0001d518", "\u0001", "`"]
FOREIGN = st.sampled_from(LETTERS).map(lambda one: one * 5000) | st.just(NASTY) | st.text()
SUBJECTS = (
    "asked again", "in doubt", "proposed", "objected", "settle it", "alarm", "silent", "slow",
    "settled", "pay now", "pay soon", "completed", "failed", "lapsed", "denied", "expired",
    "cancelled",
    "late evidence", "reopened", "reversed", "no card", "not asked", "over budget", "new to us",
)  # fmt: skip
CROWD = tuple(f"U0{number:09d}" for number in range(60))


def worst(state: State, text: str) -> Order:
    """An order with every fact there can be, each as long and as hostile as it comes."""
    outcome = Outcome(
        word=text,
        total=HUGE,
        fee=HUGE,
        quantity=HUGE,
        price=HUGE,
        at=NOW,
        chain=text,
        settles_on=text,
        currency="EUR",
        discrepancy=text,
    )
    return full(
        state,
        text,
        terms=terms(
            reason=text[:300],
            max_price=HUGE,
            outlet=text,
            target=text,
            recipient=text,
            spend=Money.of(Decimal("99999999999999.99"), "EUR"),
            cost=Money.of(Decimal("99999999999999.99"), "EUR"),
        ),
        eligible=frozenset(CROWD),
        votes=tuple(Vote(voter=one, digest="d", at=NOW) for one in CROWD),
        alike=tuple(Alike(id=f"BUY-0000{n}", requester=CROWD[n], at=NOW) for n in range(5)),
        proposal=Proposal(bought=True, ref=text or None, by=BEN, at=NOW, because=text),
        settled_by=(BEN, CLEO),
        outcome=outcome,
        pay_by=NOW + timedelta(hours=1),
        payer=ANA,
        paid_by=ANA,
        paid_code=text,
        doubted=True,
        look_first=True,
        due_at=NOW,
    )


def freeze(text: str) -> Freeze:
    """A freeze of everything, with this reason."""
    return Freeze(
        id=1,
        scope=Scope.PROVIDER,
        name="kriptomat",
        reason=text,
        set_by=ANA,
        set_at=NOW,
        lift_asked_by=BEN,
    )


def spoken(one: Order, text: str) -> Iterator[str]:
    """Every bare text about this order: replies, private words, answers."""
    for subject in SUBJECTS:
        said = notices.notice(one, subject, text, "Kriptomat", CROWD)
        yield from (said, notices.diverted(said, text))
        yield notices.direct(one, subject, text, "Kriptomat")
    yield notices.channel_closed("C0TREASURY", text)
    yield requests.asked(one, "Kriptomat", "C0TREASURY")
    yield requests.again(one)
    yield requests.repeated(one, "Kriptomat")
    yield clicks.closed(one)
    yield "\n".join([telling.line(one, "Kriptomat")] * 11)
    story = [history.history_words("noted", BEN, {"reason": text})] * 12
    yield newest_lines(story)
    ice, titles = freeze(text), {"kriptomat": "Kriptomat"}
    yield freezing_words.line(ice, titles)
    yield freezing_words.reply(ice, titles, "lift asked", BEN)
    yield freezing_words.direct(ice, titles, (CLEO, NOW))


def shown(one: Order, text: str) -> Iterator[Message]:
    """Every message with blocks about this order."""
    yield card(one, SETTING)
    yield card(one, SETTING, revision=0)
    yield twin(one, "Kriptomat")
    facts = {"amount": str(HUGE), "currency": "EUR", "outlet": text, "note": text}
    yield instructions(one, {**facts, "pay_by": NOW.isoformat()}, "Kriptomat")
    for lifted in (None, (CLEO, NOW)):
        yield freezing.message(freeze(text), {"kriptomat": "Kriptomat"}, lifted)
    much = Decimal("9999999999.99")
    meant = Buy(
        amount=much, unit="EUR", asset="btc", provider="kriptomat", reason=text[:300], target="t"
    )
    room: Any = SimpleNamespace(setting=lambda: SETTING, desk=SimpleNamespace(now=lambda: NOW))
    question = buy._question(room, one, meant, ANA, "slash:123456789.1234567890.abcdef0123456789")
    yield Message(text=question.text, blocks=question.blocks)


def forms(one: Order) -> Iterator[dict[str, Any]]:
    """Every form about this order."""
    room: Any = SimpleNamespace(setting=lambda: SETTING)
    value = '{"order":"BUY-7K3FQ","digest":"' + "0" * 64 + '"}'
    yield approvals._deny_view(one.id, value)
    yield doubts._form(room, one)
    yield payments._form(one.id)
    yield told_view("Deny an order", clicks.closed(one))


@pytest.mark.parametrize("state", list(State))
@settings(max_examples=20)
@given(text=FOREIGN)
def test_whatever_an_order_is_slack_takes_every_word_about_it(state: State, text: str) -> None:
    """Nothing over a limit, nothing that mentions, links or formats what we did not."""
    one = worst(state, text)
    for message in shown(one, text):
        faults = validate_message(message.text, message.blocks, metadata=message.metadata)
        assert faults == []
        for said in (message.text, *mrkdwn(message.blocks)):
            assert brackets(strangers(said)) == []
    for said in spoken(one, text):
        assert validate_message(said, None) == [], said
        assert brackets(strangers(said)) == []
    for view in forms(one):
        surface: Surface = "modal"
        assert validate_message(None, None, surface=surface, view=view) == []


@given(text=FOREIGN, room=st.integers(min_value=10, max_value=2000))
def test_squeezed_text_fits_and_keeps_whole_characters(text: str, room: int) -> None:
    """Half an entity would be read as letters; what fits is not touched."""
    safe = squeezed(text, room=room)
    assert len(safe) <= room
    assert re.sub(r"&(amp|lt|gt);", "", safe).count("&") == 0
    whole = escape(text, longest=room)
    assert safe == whole or len(whole) > room


def strangers(text: str) -> str:
    """The same without the mentions of the crowd, which are ours."""
    for one in CROWD:
        text = text.replace(f"<@{one}>", "")
    return text


def test_the_types_that_stand_in_for_the_room_are_enough() -> None:
    """The forms ask the room for its setting, the question for the time as well."""
    assert {"setting", "desk"} <= set(Room.__slots__)
    assert "now" in Desk.__slots__
