"""What we owe Slack: owed once, never lost while it is being paid, and in order."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from storage import orders, outbox
from storage.database import Tx
from storage.outbox import Kind, Wish
from tests.domain.sample import NOW, order

CARD = Wish(key="card:BUY-7K3FQ:0", kind=Kind.CARD, order_id=None, facts={"revision": 0})
MINUTE = timedelta(minutes=1)


def keys(tx: Tx, **at: Any) -> list[str]:
    return [debt.key for debt in outbox.due(tx, **{"now": NOW, **at})]


def owed(tx: Tx) -> list[dict[str, Any]]:
    return tx.rows("SELECT * FROM outbox WHERE wanted > paid ORDER BY id")


def test_wishing_again_is_one_message(tx: Tx) -> None:
    """Ten quick moves are one edit of one card, with the facts of the last."""
    for number in range(10):
        outbox.wish(tx, replace(CARD, facts={"revision": number}), at=NOW)

    (debt,) = outbox.due(tx, now=NOW)

    assert (debt.key, debt.kind, debt.wanted, debt.facts) == (
        CARD.key,
        Kind.CARD,
        10,
        {"revision": 9},
    )


def test_a_paid_wish_is_owed_no_more(tx: Tx) -> None:
    """And a new wish owes it again."""
    outbox.wish(tx, CARD, at=NOW)
    (debt,) = outbox.due(tx, now=NOW)

    outbox.paid(tx, debt)
    assert keys(tx) == []
    assert outbox.next_due(tx) is None

    outbox.wish(tx, CARD, at=NOW)
    assert keys(tx) == [CARD.key]


def test_a_wish_that_comes_during_a_send_is_not_lost(tx: Tx) -> None:
    """The card was rendered before the vote was counted: it must be sent once more."""
    outbox.wish(tx, CARD, at=NOW)
    (debt,) = outbox.due(tx, now=NOW)

    outbox.wish(tx, CARD, at=NOW)
    outbox.paid(tx, debt)

    assert keys(tx) == [CARD.key]
    (again,) = outbox.due(tx, now=NOW)
    outbox.paid(tx, again)
    assert keys(tx) == []


def test_paying_an_old_debt_does_not_owe_a_newer_one_again(tx: Tx) -> None:
    """Two sends of one card that overlap: the later number stands."""
    outbox.wish(tx, CARD, at=NOW)
    (old,) = outbox.due(tx, now=NOW)
    outbox.wish(tx, CARD, at=NOW)
    (new,) = outbox.due(tx, now=NOW)

    outbox.paid(tx, new)
    outbox.paid(tx, old)

    assert keys(tx) == []


def test_a_refused_message_waits_and_keeps_its_trouble(tx: Tx) -> None:
    """Operators can see what is stuck and why; the next wish starts afresh."""
    outbox.wish(tx, CARD, at=NOW)
    (debt,) = outbox.due(tx, now=NOW)

    outbox.postponed(tx, debt, until=NOW + MINUTE, trouble="msg_blocks_too_long")

    assert keys(tx) == []
    assert outbox.next_due(tx) == NOW + MINUTE
    (row,) = owed(tx)
    assert (row["tries"], row["trouble"]) == (1, "msg_blocks_too_long")
    (later,) = outbox.due(tx, now=NOW + MINUTE)
    assert later.tries == 1

    outbox.wish(tx, CARD, at=NOW)
    assert keys(tx) == [CARD.key]


def test_a_deferred_message_is_neither_paid_nor_in_trouble(tx: Tx) -> None:
    """Our own pacing is no fault; a wish meanwhile makes it due at once and pays for both."""
    outbox.wish(tx, CARD, at=NOW)
    (debt,) = outbox.due(tx, now=NOW)

    outbox.deferred(tx, debt, until=NOW + MINUTE)

    assert keys(tx) == []
    (row,) = owed(tx)
    assert (row["tries"], row["trouble"]) == (0, None)
    assert keys(tx, now=NOW + MINUTE) == [CARD.key]


def test_trouble_is_forgotten_once_it_is_paid(tx: Tx) -> None:
    """A message that arrived has no fault any more."""
    outbox.wish(tx, CARD, at=NOW)
    (debt,) = outbox.due(tx, now=NOW)
    outbox.postponed(tx, debt, until=NOW, trouble="once")
    outbox.paid(tx, debt)

    assert tx.rows("SELECT tries, trouble FROM outbox") == [{"tries": 0, "trouble": None}]
    assert owed(tx) == []


def test_what_is_owed_longest_is_paid_first(tx: Tx) -> None:
    """A notice in the thread comes after the card that it belongs to."""
    for key, late in (("b", 2), ("a", 2), ("c", 1), ("future", -1)):
        outbox.wish(tx, replace(CARD, key=key), at=NOW - late * MINUTE)

    assert keys(tx) == ["b", "a", "c"]
    assert keys(tx, limit=1) == ["b"]
    assert outbox.next_due(tx) == NOW - 2 * MINUTE


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_message_can_be_owed(tx: Tx, kind: Kind) -> None:
    """A kind that the file refuses would undo the move that owes it."""
    outbox.wish(tx, replace(CARD, kind=kind), at=NOW)
    (debt,) = outbox.due(tx, now=NOW)
    assert debt.kind is kind


def test_a_card_is_found_by_its_revision_and_moves_when_posted_anew(tx: Tx) -> None:
    """An edit must reach the message that people see."""
    orders.create(tx, order(), wishes=(), facts={})
    assert outbox.card_of(tx, "BUY-7K3FQ", 0) is None

    outbox.card_posted(tx, "BUY-7K3FQ", 0, "C1", "1.0")
    outbox.card_posted(tx, "BUY-7K3FQ", 1, "C1", "2.0")
    outbox.card_posted(tx, "BUY-7K3FQ", 0, "C1", "3.0")

    assert outbox.card_of(tx, "BUY-7K3FQ", 0) == ("C1", "3.0")
    assert outbox.card_of(tx, "BUY-7K3FQ", 1) == ("C1", "2.0")


def test_a_spare_copy_is_told_from_a_card(tx: Tx) -> None:
    """A click on the copy closes it; a click on an older card of the order does not."""
    orders.create(tx, order(), wishes=(), facts={})
    outbox.card_posted(tx, "BUY-7K3FQ", 0, "C1", "1.0")

    assert outbox.is_card(tx, "BUY-7K3FQ", "1.0")
    assert not outbox.is_card(tx, "BUY-7K3FQ", "9.9")
    assert outbox.is_card(tx, "BUY-NONE0", "9.9")
