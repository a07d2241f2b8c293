"""What people read about a payment: who pays, how, by when, and never twice."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.orders import Order, State
from bot.domain.voting import Answer
from commands.cards import card
from commands.limits import validate_message
from commands.payments import instructions
from commands.words import notices, payments
from tests.commands.made import ANA, BEN, NASTY, NOW, SETTING, SHEET, brackets, order
from tests.commands.test_words import finished

PAYING = replace(SETTING, sheets={"kriptomat": replace(SHEET, payment_step=True, cancellable=True)})


def unpaid(**changes: Any) -> Order:
    """An order that waits for its payment."""
    given: dict[str, Any] = {"ref": "9", "pay_by": NOW + timedelta(hours=1), "attempts": 1}
    return order(State.AWAITING_PAYMENT, **{**given, **changes})


@pytest.mark.parametrize(
    ("changes", "part", "buttons"),
    [
        ({}, "Whoever presses", ["I will pay", "I have paid", "Cancel"]),
        ({"payer": BEN}, "<@U0BEN> pays it", ["I have paid", "Cancel"]),
        ({"payer": BEN, "paid_by": BEN}, "says that it is paid", []),
        ({"closed_by": ANA}, "*Do not pay it.*", []),
        ({"closed_by": "bot", "note": NASTY}, "*Do not pay it.*", []),
        ({"pay_by": None}, "has to be paid", ["I will pay", "I have paid", "Cancel"]),
    ],
    ids=range(6),
)
def test_the_card_says_who_pays_and_offers_what_can_be_done(
    changes: dict[str, Any], part: str, buttons: list[str]
) -> None:
    """Two people at two counters would pay twice."""
    message = card(unpaid(**changes), PAYING)
    assert part in message.text
    assert finished(message.text)
    assert validate_message(message.text, message.blocks, metadata=message.metadata) == []
    shown = [
        one["text"]["text"]
        for block in message.blocks
        if block["type"] == "actions"
        for one in block["elements"]
    ]
    assert shown == buttons


def test_a_provider_that_is_paid_by_itself_offers_no_payment() -> None:
    """The sheet decides: there is nothing that a person could pay."""
    message = card(unpaid(), SETTING)
    assert "I will pay" not in str(message.blocks)


@pytest.mark.parametrize("amount", ["5000", None])
@pytest.mark.parametrize("until", [NOW.isoformat(), None])
def test_the_instructions_are_the_vendors_words_and_harmless(
    amount: str | None, until: str | None
) -> None:
    """They come from outside, and are the one text that tells people to move money."""
    facts = {
        "amount": amount,
        "currency": "PHP",
        "outlet": NASTY,
        "note": NASTY,
        "pay_by": until,
    }
    told = instructions(unpaid(), facts, "Coins.ph")
    assert finished(told.text)
    assert brackets(told.text) == []
    assert validate_message(told.text, told.blocks) == []
    assert ("5,000" in told.text) is (amount is not None)
    assert f"At most {unpaid().terms.cost.human} is approved" in told.text
    assert told.blocks[1]["text"] == {"type": "plain_text", "text": NASTY, "emoji": False}


def test_what_a_payer_copies_is_what_the_vendor_wrote() -> None:
    """A mark that only looks like the one in an account's name sends money elsewhere."""
    says = "Pay to acct_no 0417_22*9 ~ `ref` BUY_7:smile:"
    facts = {"amount": None, "outlet": "GCash", "note": says}
    message = instructions(unpaid(), facts, "Coins.ph")
    assert message.blocks[1]["text"]["text"] == says
    assert validate_message(message.text, message.blocks) == []


@pytest.mark.parametrize("subject", ["pay now", "pay soon", "failed", "differs"])
def test_every_notice_about_a_payment_is_finished(subject: str) -> None:
    """It is read at a counter."""
    told = notices.notice(unpaid(payer=BEN), subject, None, "Coins.ph")
    assert finished(told)
    assert ("do not pay again" in told) is (subject in {"failed", "differs"})


@pytest.mark.parametrize("answer", Answer)
def test_every_answer_about_a_payment_is_finished(answer: Answer) -> None:
    """And every other answer is somebody else's to word."""
    told = payments.clicked(answer, unpaid(payer=BEN, paid_by=ANA))
    assert told is None or finished(told)
