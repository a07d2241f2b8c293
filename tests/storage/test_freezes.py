"""Freezes, evidence and equal orders as rows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.evidence import Ground, Shown
from bot.domain.freezes import Scope
from bot.domain.money import Money
from bot.domain.orders import State
from storage import audit, earlier, evidence, freezes, orders
from storage.database import Tx
from tests.domain.sample import ANA, BEN, CLEO, NOW, in_state, order, terms

DOLLARS = terms(spend=Money.of(250, "USD"), currency="USD", cost=Money.of(255, "USD"))


def test_a_freeze_stands_until_it_is_lifted_and_is_kept_for_ever(tx: Tx) -> None:
    """Who froze, who lifted, when and why is asked months later."""
    one = freezes.put(tx, scope=Scope.EVERYTHING, name="", reason="phished", by=BEN, at=NOW)
    assert freezes.active(tx) == (one,)
    asked = freezes.ask_lift(tx, one, by=BEN, at=NOW)
    freezes.lift(tx, asked, by=CLEO, at=NOW + timedelta(hours=1))

    assert freezes.active(tx) == ()
    assert freezes.lifted_by(tx, one.id) == (CLEO, NOW + timedelta(hours=1))
    kept = freezes.load(tx, one.id)
    assert kept is not None
    assert (kept.reason, kept.lift_asked_by) == ("phished", BEN)
    assert audit.verify(tx) is None


def test_freezing_the_same_again_renews_it_and_voids_a_lift_that_was_begun(tx: Tx) -> None:
    """The second yes would be to a freeze that is not the one that was looked at."""
    first = freezes.put(tx, scope=Scope.PROVIDER, name="oak", reason="a", by=BEN, at=NOW)
    freezes.ask_lift(tx, first, by=BEN, at=NOW)
    second = freezes.put(tx, scope=Scope.PROVIDER, name="oak", reason="b", by=CLEO, at=NOW)

    assert second.id == first.id
    assert (second.reason, second.set_by, second.lift_asked_by) == ("b", CLEO, None)
    assert len(freezes.active(tx)) == 1


def test_a_lifted_freeze_can_be_put_again_as_a_new_one(tx: Tx) -> None:
    """Its message in the channel tells of the old one."""
    first = freezes.put(tx, scope=Scope.ASSET, name="btc", reason="a", by=BEN, at=NOW)
    freezes.lift(tx, first, by=CLEO, at=NOW)
    second = freezes.put(tx, scope=Scope.ASSET, name="btc", reason="b", by=BEN, at=NOW)
    freezes.posted(tx, first.id, "C1", "1.0")

    assert second.id != first.id
    assert freezes.place(tx, second.id) is None
    assert freezes.place(tx, first.id) == ("C1", "1.0")


def test_evidence_is_kept_in_the_order_in_which_it_came(tx: Tx) -> None:
    """Whoever settles an order reads it from top to bottom."""
    orders.create(tx, order(), wishes=(), facts={})
    for shown, ground in ((Shown.UNREAD, Ground.UNREAD), (Shown.NOTHING, Ground.NOT_LISTED)):
        evidence.note(
            tx, order().id, at=NOW, place="X, its list", shown=shown, ground=ground, facts={"a": 1}
        )

    told = evidence.of(tx, order().id)

    assert [(row["number"], row["shown"]) for row in told] == [(1, "unread"), (2, "nothing")]
    assert told[0]["facts"] == {"a": 1}
    assert told[1]["rule"] == "nothing that fits is listed"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, True),
        ({"state": State.COMPLETED}, True),
        ({"state": State.IN_DOUBT}, True),
        ({"requester": BEN}, True),
        ({"state": State.DENIED}, False),
        ({"state": State.REJECTED}, False),
        ({"state": State.FAILED}, False),
        ({"created_at": NOW - timedelta(hours=24)}, True),
        ({"created_at": NOW - timedelta(hours=24, microseconds=1)}, False),
        ({"terms": terms(provider="oak")}, False),
        ({"terms": terms(asset="eth")}, False),
        ({"terms": terms(spend=Money.of(251, "EUR"))}, False),
        (
            {"terms": terms(spend=Money.of(250, "USD"), currency="USD", cost=Money.of(1, "USD"))},
            False,
        ),
    ],
    ids=range(13),
)
def test_an_equal_order_is_one_that_costs_the_same_at_the_same_place(
    tx: Tx, changes: dict[str, object], found: bool
) -> None:
    """What ended without a purchase is no repetition."""
    orders.create(tx, order(**changes), wishes=(), facts={})

    told = earlier.alike(tx, terms(), since=NOW - timedelta(hours=24))

    assert bool(told) is found


def test_the_newest_equal_orders_come_first_and_are_few(tx: Tx) -> None:
    """A card has no room for the whole day."""
    for number in range(8):
        one = order(
            id=f"BUY-0000{number}",
            origin=f"slash:{number}",
            key=f"{number:032x}",
            created_at=NOW + timedelta(minutes=number),
        )
        orders.create(tx, one, wishes=(), facts={})

    told = earlier.alike(tx, terms(), since=NOW)

    assert [one.id for one in told] == [f"BUY-0000{number}" for number in (7, 6, 5, 4, 3)]


def test_a_provider_is_new_until_an_order_has_been_completed_there(tx: Tx) -> None:
    """Neither a pending order nor another provider's makes it known."""
    orders.create(tx, order(requester=ANA), wishes=(), facts={})
    assert not earlier.has_completed(tx, "kriptomat")
    done = in_state(State.COMPLETED)
    orders.create(
        tx, replace(done, id="BUY-00001", origin="slash:2", key="1" * 32), wishes=(), facts={}
    )

    assert earlier.has_completed(tx, "kriptomat")
    assert not earlier.has_completed(tx, "oak")
