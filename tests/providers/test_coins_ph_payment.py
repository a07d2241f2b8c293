"""Paying at Coins.ph: instructions, the note that it is paid, taking back, and the deadline."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

import pytest

from providers.base import Instructions, Progress, Refused, Unavailable, Uncertain
from providers.coins_ph import CoinsPh
from providers.sandbox.coins_ph import CoinsPhSandbox
from providers.sandbox.coins_ph_ledger import Order
from tests.providers.coins_ph_stage import client, pesos, vendor
from tests.providers.stage import Clock, RawServer, http_reply


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[CoinsPhSandbox]:
    async with vendor(clock) as opened:
        opened.book.settle = "never"
        yield opened


@pytest.fixture
async def coins(sandbox: CoinsPhSandbox, clock: Clock) -> AsyncIterator[CoinsPh]:
    async with client(sandbox, clock) as opened:
        yield opened


@pytest.fixture
async def order(coins: CoinsPh, sandbox: CoinsPhSandbox) -> Order:
    """An order that waits to be paid."""
    await coins.buy(coins.draft(pesos()))
    return sandbox.purchases[0]


async def progress(coins: CoinsPh, order: Order) -> tuple[Progress, str]:
    told = await coins.status(order.id)
    assert told is not None
    return told.progress, told.word


async def test_instructions_are_the_vendors_own_words_and_deadline(
    coins: CoinsPh, order: Order, clock: Clock
) -> None:
    """A payer at a counter needs the amount, the place, the reference and the time; no more."""
    assert await coins.instructions(order.id) == Instructions(
        amount=Decimal(250),
        currency="PHP",
        outlet="BDO deposit",
        text=f"Pay 250.00 PHP at bdo_deposit\nReference {order.id[:8]}",
        pay_by=(clock.now() + timedelta(hours=1)).replace(microsecond=0),
    )


async def test_instructions_do_not_depend_on_the_list_of_outlets(
    coins: CoinsPh, sandbox: CoinsPhSandbox, order: Order
) -> None:
    """The name of the outlet is a comfort; the order itself says enough."""
    sandbox.faults.standing("outlets", "500 before")
    told = await coins.instructions(order.id)
    assert told.outlet == "bdo_deposit"
    assert "Reference" in told.text


async def test_there_are_no_instructions_for_what_cannot_be_paid(
    coins: CoinsPh, order: Order, clock: Clock
) -> None:
    """Money that is paid for an expired or cancelled order is hard to get back."""
    with pytest.raises(Unavailable):
        await coins.instructions("0" * 32)
    clock.advance(3600)
    with pytest.raises(Refused, match="escrow_expired"):
        await coins.instructions(order.id)


@pytest.mark.parametrize("word", ["pending_payment", "payment_received"])
@pytest.mark.parametrize("code", [None, "", " TX-1234 "])
async def test_a_payment_is_noted_with_its_code(
    coins: CoinsPh, sandbox: CoinsPhSandbox, order: Order, word: str, code: str | None
) -> None:
    """Documented: the word may stay as it was; the time of marking tells."""
    sandbox.behaviour.paid_word = word  # type: ignore[assignment]
    await coins.mark_paid(order.id, code)
    assert order.confirmation_code == ("TX-1234" if code else None)
    assert order.marked_paid_time is not None
    assert await progress(coins, order) == (Progress.UNDERWAY, word)


async def test_a_payment_can_be_noted_twice(coins: CoinsPh, order: Order, clock: Clock) -> None:
    """Whoever does not know whether it arrived says it again; the first time counts."""
    await coins.mark_paid(order.id, "TX-1")
    first = order.marked_paid_time
    clock.advance(60)
    await coins.mark_paid(order.id, "TX-2")
    assert (order.marked_paid_time, order.confirmation_code) == (first, "TX-1")


async def test_a_payment_noted_after_the_release_is_well(
    coins: CoinsPh, sandbox: CoinsPhSandbox, order: Order
) -> None:
    """Some outlets mark by themselves: the vendor's no is overruled by its own order."""
    sandbox.release(order.id)
    await coins.mark_paid(order.id, None)
    assert await progress(coins, order) == (Progress.COMPLETED, "released")


async def test_an_expired_order_cannot_be_marked(
    coins: CoinsPh, order: Order, clock: Clock
) -> None:
    """Documented: only the vendor's support can help then, so people must hear of it."""
    clock.advance(3600)
    with pytest.raises(Refused, match="over"):
        await coins.mark_paid(order.id, None)
    assert await progress(coins, order) == (Progress.FAILED, "escrow_expired")


@pytest.mark.parametrize("code", ["a\nb", "x" * 101, "a\u202eb"])
async def test_a_code_that_is_no_code_is_refused_here(
    coins: CoinsPh, order: Order, code: str
) -> None:
    """A whole message pasted by mistake does not belong at the vendor."""
    with pytest.raises(Refused, match="confirmation code"):
        await coins.mark_paid(order.id, code)
    assert order.marked_paid_time is None


@pytest.mark.parametrize("word", ["pending_payment", "canceled"])
async def test_an_unpaid_order_is_taken_back(
    coins: CoinsPh, sandbox: CoinsPhSandbox, order: Order, word: str
) -> None:
    """Documented: the word may stay as it was; the time of cancelling tells. Twice does no harm."""
    sandbox.behaviour.canceled_word = word  # type: ignore[assignment]
    await coins.cancel(order.id)
    await coins.cancel(order.id)
    kept = "canceled" if word == "canceled" else "pending_payment, canceled"
    assert await progress(coins, order) == (Progress.FAILED, kept)
    assert sandbox.costs == 0


async def test_a_paid_order_is_not_taken_back(
    coins: CoinsPh, sandbox: CoinsPhSandbox, order: Order
) -> None:
    """The money is on its way; the vendor's no is the truth."""
    await coins.mark_paid(order.id, None)
    with pytest.raises(Refused, match="over"):
        await coins.cancel(order.id)
    assert sandbox.costs == 250


async def test_an_expired_order_needs_no_taking_back(
    coins: CoinsPh, order: Order, clock: Clock
) -> None:
    """It has ended as it was wanted to end, whatever the vendor answers."""
    clock.advance(3600)
    await coins.cancel(order.id)


@pytest.mark.parametrize("fault", ["reply lost", "500 after", "garbage after", "reset", "409"])
@pytest.mark.parametrize("op", ["pay", "cancel"])
async def test_a_change_without_a_clear_answer_is_read_back_or_doubted(
    coins: CoinsPh, sandbox: CoinsPhSandbox, order: Order, op: str, fault: str
) -> None:
    """A reply counts only with the order behind it; saying it again is harmless and settles it."""
    sandbox.faults.next(op, fault)

    async def change() -> None:
        await (coins.mark_paid(order.id, None) if op == "pay" else coins.cancel(order.id))

    if fault in ("500 after", "garbage after"):
        await change()
    else:
        with pytest.raises(Uncertain):
            await change()
        await change()
    assert (order.marked_paid_time is not None) == (op == "pay")
    assert (order.canceled_time is not None) == (op == "cancel")


@pytest.mark.parametrize(("fault", "after"), [("429 retry-after", 7), ("nonce refused", None)])
@pytest.mark.parametrize("op", ["pay", "cancel"])
async def test_a_change_that_surely_did_not_happen_is_unavailable(
    coins: CoinsPh, sandbox: CoinsPhSandbox, order: Order, op: str, fault: str, after: float | None
) -> None:
    """It may be tried again as soon as the vendor allows it."""
    sandbox.faults.next(op, fault)
    with pytest.raises(Unavailable) as caught:
        await (coins.mark_paid(order.id, None) if op == "pay" else coins.cancel(order.id))
    assert caught.value.after == after
    assert (order.marked_paid_time, order.canceled_time) == (None, None)


@pytest.mark.parametrize("status", [400, 403])
@pytest.mark.parametrize("op", ["pay", "cancel"])
async def test_a_change_whose_nonce_is_refused_is_doubted(
    coins: CoinsPh, sandbox: CoinsPhSandbox, order: Order, op: str, status: int
) -> None:
    """The nonce may be spent because the first sending arrived; that is no refusal."""
    sandbox.behaviour.nonce_status = status  # type: ignore[assignment]
    sandbox.faults.next(op, "nonce refused")
    with pytest.raises(Uncertain):
        await (coins.mark_paid(order.id, None) if op == "pay" else coins.cancel(order.id))


@pytest.mark.parametrize("other", [{}, {"id": "b2", "marked_paid_time": 1, "canceled_time": 1}])
async def test_a_yes_without_a_changed_order_is_doubted(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock, other: dict[str, object]
) -> None:
    """200 alone, or with another order, proves nothing about ours."""
    fields = {"id": "a1", "status": "pending_payment"}
    changed, same = (
        http_reply(200, json.dumps({"order": order, "success": True}))
        for order in ({**fields, **other}, fields)
    )
    async with client(sandbox, clock, base_url=raw.url) as coins:
        raw.replies = [changed, same]
        with pytest.raises(Uncertain):
            await coins.mark_paid("a1", None)
        raw.replies = [changed, same]
        with pytest.raises(Uncertain):
            await coins.cancel("a1")


@pytest.mark.parametrize("ref", ["", "a/b", "f" * 32])
async def test_a_change_to_an_unknown_order_is_refused(coins: CoinsPh, ref: str) -> None:
    """A wrong reference must neither pay nor cancel anything, least of all everything."""
    with pytest.raises(Refused):
        await coins.mark_paid(ref, None)
    with pytest.raises(Refused):
        await coins.cancel(ref)


async def test_an_order_that_nobody_pays_expires_by_itself_and_costs_nothing(
    coins: CoinsPh, sandbox: CoinsPhSandbox, order: Order, clock: Clock
) -> None:
    """That is why a duplicate is a nuisance here and no loss."""
    clock.advance(3599)
    assert await progress(coins, order) == (Progress.AWAITING_PAYMENT, "pending_payment")
    clock.advance(1)
    assert await progress(coins, order) == (Progress.FAILED, "escrow_expired")
    assert sandbox.costs == 0


async def test_a_paid_order_does_not_expire_and_is_released(
    coins: CoinsPh, sandbox: CoinsPhSandbox, order: Order, clock: Clock
) -> None:
    """Marked in time is in time, however long the vendor takes."""
    await coins.mark_paid(order.id, None)
    clock.advance(2 * 3600)
    assert await progress(coins, order) == (Progress.UNDERWAY, "pending_payment")
    sandbox.release(order.id, Decimal("0.00006"))
    told = await coins.status(order.id)
    assert told is not None
    assert (told.progress, told.quantity) == (Progress.COMPLETED, Decimal("0.00006"))
