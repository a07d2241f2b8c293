"""Many purchases that are not final yet, put into the database of a running bot and its vendor."""

from datetime import datetime
from decimal import Decimal

from bot.domain.money import Money
from bot.domain.orders import Order, Outcome, State
from bot.workflow.desk import Desk
from providers.sandbox.oak import OakSandbox
from storage import orders
from storage.database import Tx
from tests.domain import sample
from tests.stage import Stage


def unfinished(stage: Stage, count: int) -> list[Order]:
    """So many purchases at Kriptomat, as it lists them and as they stand here, all due now."""
    now, book = stage.clock.now(), stage.kriptomat.book
    made = []
    for number in range(count):
        entry = book.book("1", f"{number:032x}", "btceur", sample.terms().spend.amount)
        outcome = Outcome(
            word=entry.state,
            total=entry.total,
            fee=entry.fee,
            quantity=entry.quantity,
            price=entry.price,
            at=datetime.fromisoformat(f"{entry.row()['date']}+00:00"),
        )
        made.append(
            sample.in_state(
                State.ACCEPTED,
                id=f"BUY-{number:05d}",
                origin=f"test:{number}",
                key=entry.key,
                ref=str(entry.id),
                due_at=now,
                tries=30,
                outcome=outcome,
            )
        )
    return made


async def put(stage: Stage, made: list[Order]) -> None:
    """Into the database of the running bot."""

    def write(tx: Tx) -> None:
        for one in made:
            orders.create(tx, one, wishes=(), facts={})

    desk = desk_of(stage)
    await desk.db.write(write)
    desk.wake_clock(None)


def desk_of(stage: Stage) -> Desk:
    assert stage.bot is not None
    return stage.bot.desk


def calls(stage: Stage) -> int:
    """Calls that the vendor has had so far."""
    return stage.kriptomat.wire.total


def at_oak(stage: Stage, oak: OakSandbox, count: int) -> list[Order]:
    """The same at Oak Network, whose purchases can be read by the list and each by its id."""
    terms = sample.terms(
        provider="oak",
        asset="usdc",
        spend=Money.of(25, "USD"),
        currency="USD",
        cost=Money.of(25, "USD"),
    )
    made = []
    for number in range(count):
        wish = {
            "amount": 2500,
            "currency": "usd",
            "customer_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
            "payment_method": "customer_wallet",
            "provider": "bridge",
        }
        entry = oak.book.book(wish, Decimal(25))
        one = sample.in_state(
            State.ACCEPTED,
            id=f"BUY-{number:05d}",
            origin=f"test:{number}",
            key=f"{number:032x}",
            terms=terms,
            ref=entry.id,
            due_at=stage.clock.now(),
            tries=30,
        )
        made.append(one)
    return made
