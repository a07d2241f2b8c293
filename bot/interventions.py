"""``countersign settle``, ``cancel`` and ``unfreeze``: the operator's way out, audited.

They write beside a running bot, which notices within seconds and tells the channel.
"""

import asyncio
from typing import Annotated

import typer

from bot.by_hand import Yes, now_and_actor, reason, written
from bot.domain.evidence import REFERENCE
from bot.domain.orders import Order
from bot.operator import give_up, told
from bot.records import looked_up, order_number, spent
from bot.workflow import operating
from bot.workflow.operating import Done, Obstacle

app = typer.Typer()

REFUSED = 1
"""Exit code: it cannot be done to this order as it is."""

Number = Annotated[str, typer.Argument(metavar="ID", help="Such as BUY-7K3FQ.")]
Because = Annotated[
    str, typer.Option("--because", help="Why, for the records; the channel can read it.")
]


@app.command()
def settle(
    number: Number,
    because: Because,
    bought: Annotated[
        str | None,
        typer.Option("--bought", metavar="REF", help="It was bought, under this vendor's number."),
    ] = None,
    not_bought: Annotated[  # noqa: FBT002 - a switch of the command line
        bool, typer.Option("--not-bought", help="Nothing was bought.")
    ] = False,
    yes: Yes = False,  # noqa: FBT002 - a switch of the command line
) -> None:
    """Say what became of an order in doubt. It is final, and the order is never sent again."""
    wanted, why = order_number(number), reason(because)
    if (bought is None) is not not_bought:
        give_up(["say either --bought REF or --not-bought"])
    if bought is not None and not REFERENCE.fullmatch(bought):
        give_up(["REF is the vendor's number: at most 64 letters, digits and - . _ : /"])
    what = "was not bought" if bought is None else f"was bought under number {bought}"
    _confirm(wanted, f"Write down that it {what}? This is final.", yes=yes)
    now, actor = now_and_actor()
    done = written(
        lambda tx: operating.settle_one(
            tx,
            wanted,
            bought=bought is not None,
            ref=bought,
            because=why,
            actor=actor,
            now=now,
        )
    )
    _tell(wanted, done)


@app.command()
def cancel(
    number: Number,
    because: Because,
    yes: Yes = False,  # noqa: FBT002 - a switch of the command line
) -> None:
    """Take back an order that has not been sent."""
    wanted, why = order_number(number), reason(because)
    _confirm(wanted, "Cancel it?", yes=yes)
    now, actor = now_and_actor()
    done = written(lambda tx: operating.cancel_one(tx, wanted, because=why, actor=actor, now=now))
    _tell(wanted, done)


@app.command()
def unfreeze(yes: Yes = False) -> None:  # noqa: FBT002 - a switch of the command line
    """Lift every freeze; approved orders are sent then, if their approval still stands."""
    with told():
        _, frozen = asyncio.run(looked_up(lambda tx: operating.listed(tx, ())))
    if not frozen:
        typer.echo("Nothing is frozen.")
        return
    for one in frozen:
        typer.echo(f"Frozen: {one.name or 'everything'}, by {one.set_by}: {one.reason}")
    if not yes:
        typer.confirm("Lift that?", abort=True)
    now, actor = now_and_actor()
    lifted = written(lambda tx: operating.unfreeze_all(tx, actor=actor, now=now))
    typer.echo(f"Lifted: {', '.join(one.name or 'everything' for one in lifted) or 'nothing'}.")


def _confirm(number: str, question: str, *, yes: bool) -> None:
    """Show what it is about before anything is written."""
    with told():
        found = asyncio.run(looked_up(lambda tx: operating.records(tx, number)))
    if found is None:
        give_up([SENTENCES[Obstacle.NO_SUCH_ORDER].format(id=number)], REFUSED)
    order: Order = found["order"]
    typer.echo(f"{order.id} is {order.state.words}: {spent(order)} at {order.terms.provider}")
    if not yes:
        typer.confirm(question, abort=True)


def _tell(number: str, done: Done) -> None:
    if done.obstacle is not None:
        words = "" if done.order is None else done.order.state.words
        give_up([SENTENCES[done.obstacle].format(id=number, state=words)], REFUSED)
    assert done.order is not None, "what was done was done to an order"
    typer.echo(f"{number} is {done.order.state.words} now. A running bot tells the channel.")


SENTENCES = {
    Obstacle.NO_SUCH_ORDER: "there is no order {id}; `countersign orders` lists the open ones",
    Obstacle.NOTHING_TO_SETTLE: "{id} is {state}: there is nothing to settle",
    Obstacle.REF_TAKEN: "another order has that number already; check it at the vendor",
    Obstacle.SENT: "{id} is {state}: it has been sent and cannot be taken back",
    Obstacle.ENDED: "{id} is {state} already",
}
"""Why it cannot be done, as a line."""
