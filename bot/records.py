"""``countersign orders`` and ``order ID``: what is written down, for operators on the machine."""

import asyncio
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.domain.canonical import plain
from bot.domain.freezes import Freeze
from bot.domain.ids import order_id
from bot.domain.money import Money
from bot.domain.orders import OPEN, Order, Proposal, State
from bot.domain.quotes import Told
from bot.operator import database, give_up, told
from bot.workflow import operating
from commands.words.budgets import limit
from storage.database import Database, Tx
from storage.files import Unusable

T = TypeVar("T")

app = typer.Typer()

UNKNOWN = 1
"""Exit code: there is no such order."""

Json = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]


@app.command()
def orders(
    state: Annotated[
        str | None, typer.Option("--state", help="One state, such as in_doubt; else all open ones.")
    ] = None,
    as_json: Json = False,  # noqa: FBT002 - a switch of the command line
) -> None:
    """List orders, oldest first, and what is frozen; beside a running bot."""
    states = OPEN if state is None else {_state(state)}
    with told():
        found, frozen = asyncio.run(looked_up(lambda tx: operating.listed(tx, states)))
    if as_json:
        typer.echo(json.dumps([_short(order) for order in found], indent=2, ensure_ascii=False))
        return
    _show_orders(found, frozen, "open" if state is None else _state(state).words)


@app.command()
def order(
    number: Annotated[str, typer.Argument(metavar="ID", help="Such as BUY-7K3FQ.")],
    as_json: Json = False,  # noqa: FBT002 - a switch of the command line
) -> None:
    """Show everything that is written down about one order."""
    wanted = order_number(number)
    with told():
        found = asyncio.run(looked_up(lambda tx: operating.records(tx, wanted)))
    if found is None:
        give_up([f"there is no order {wanted}; `countersign orders` lists the open ones"], UNKNOWN)
    if as_json:
        typer.echo(json.dumps(plain(found), indent=2, ensure_ascii=False))
        return
    _show_order(found)


async def looked_up(look: Callable[[Tx], T]) -> T:
    """Read the database beside a running bot."""
    db = await opened()
    try:
        return await db.read(look)
    finally:
        await db.close()


async def opened() -> Database:
    """The database that the bot uses, which must be there. Raises Unusable."""
    path = database()
    if not await asyncio.to_thread(path.exists):
        raise Unusable(f"{path}: there is no such file; COUNTERSIGN_DATABASE names the database")
    return await Database.open(path, beside=True)


def order_number(text: str) -> str:
    try:
        return order_id(text)
    except ValueError:
        give_up([f'"{text}" is not an order\'s number, such as BUY-7K3FQ'])


def spent(order: Order) -> str:
    """``250.00 EUR of BTC`` or ``0.005 BTC``."""
    spend = order.terms.spend
    return (
        f"{spend.human} of {order.terms.asset.upper()}" if isinstance(spend, Money) else spend.human
    )


def _state(text: str) -> State:
    try:
        return State(text.strip().lower().replace(" ", "_"))
    except ValueError:
        known = ", ".join(State)
        give_up([f'"{text}" is not a state; states are {known}'])


def _short(order: Order) -> dict[str, Any]:
    terms = order.terms
    told = {
        "id": order.id,
        "state": order.state.value,
        "provider": terms.provider,
        "asset": terms.asset,
        "spend": terms.spend.text,
        "unit": terms.spend.currency if isinstance(terms.spend, Money) else terms.asset,
        "cost_at_most": terms.cost.text,
        "currency": terms.currency,
        "requester": order.requester,
        "created_at": order.created_at,
        "moved_at": order.moved_at,
        "due_at": order.due_at,
        "ref": order.ref,
        "note": order.note,
    }
    return dict(plain(told))


def _show_orders(found: list[Order], frozen: Iterable[Freeze], which: str) -> None:
    console = console_of_width()
    for freeze in frozen:
        console.print(_frozen(freeze))
    if not found:
        console.print(f"No order is {which}.")
        return
    table = table_of("ID", "state", "what", "at", "asked for", "note")
    for order in found:
        table.add_row(
            order.id,
            order.state.words,
            spent(order),
            order.terms.provider,
            f"{moment(order.created_at)} by {order.requester}",
            escape(order.note or ""),
        )
    console.print(table)


def _show_order(found: dict[str, Any]) -> None:
    order: Order = found["order"]
    console = console_of_width()
    console.print(f"[bold]{order.id}[/bold] is {order.state.words}: {spent(order)}")
    for freeze in found["freezes"]:
        console.print(_frozen(freeze))
    facts = table_of("", "")
    for name, value in _facts(found).items():
        facts.add_row(name, escape(str(value)))
    console.print(facts)
    sections: dict[str, tuple[str, ...]] = {
        "votes": ("at", "voter", "choice", "revision", "digest"),
        "attempts": ("number", "started_at", "ended_at", "result", "detail", "key", "boot_id"),
        "evidence": ("number", "at", "place", "shown", "rule", "facts"),
        "events": ("version", "at", "actor", "event", "to_state", "facts"),
    }
    for title, columns in sections.items():
        if found[title]:
            console.print()
            console.print(section(title, columns, found[title]))


def _facts(found: dict[str, Any]) -> dict[str, object]:
    order: Order = found["order"]
    facts = {
        "provider": order.terms.provider,
        "costs at most": order.terms.cost.human,
        "asked for by": f"{order.requester} {moment(order.created_at)}",
        "reason": order.terms.reason,
        "rule": order.rule.name,
        "budgets": ", ".join(f"{one.name} ({limit(one)})" for one in order.budgets) or None,
        "counts there as": _counted(found["reservation"]),
        "digest": found["digest"],
        "approved": moment(order.decided_at) if order.decided_at else None,
        "sent at the latest": moment(order.valid_until) if order.valid_until else None,
        "price limit": order.band.limit,
        "price when asked": order.band.reference,
        "told when asked": None if order.band.told is None else _told(order.band.told),
        "vendor's number": order.ref,
        "vendor says": order.outcome.word or None,
        "differs": order.outcome.discrepancy,
        "settled by": ", ".join(order.settled_by) or None,
        "said of it": None if order.proposal is None else _said(order.proposal),
        "looked at next": moment(order.due_at) if order.due_at else None,
        "note": order.note,
        "asked for before": ", ".join(one.id for one in order.alike) or None,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _counted(row: dict[str, Any] | None) -> str | None:
    """What of it counts in budgets: ``255.00 EUR reserved, from 2026-11-06 09:00:00Z on``."""
    if row is None:
        return None
    since = moment(datetime.fromisoformat(row["at"]))
    return f"{row['amount']} {row['currency']} {row['status'].replace('_', ' ')}, from {since} on"


def _told(told: Told) -> str:
    """What people saw beside the price."""
    parts = {"paid at": told.outlet, "fee": told.fee, "in all": told.total}
    known = [f"{name} {value}" for name, value in parts.items() if value is not None]
    return ", ".join([*known, moment(told.at)])


def _said(proposal: Proposal) -> str:
    what = f"bought under number {proposal.ref}" if proposal.bought else "not bought"
    return f"{what}, says {proposal.by} {moment(proposal.at)}: {proposal.because}"


def section(title: str, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> Table:
    table = table_of(*columns, title=title)
    for row in rows:
        table.add_row(*(escape(_cell(name, row[name])) for name in columns))
    return table


def _cell(name: str, value: object) -> str:
    """A time to the second; ``--json`` has all of its digits."""
    if isinstance(value, str) and (name == "at" or name.endswith("_at")):
        return moment(datetime.fromisoformat(value))
    if isinstance(value, dict):
        return json.dumps(plain(value), ensure_ascii=False)
    return "" if value is None else str(value)


def _frozen(freeze: Freeze) -> str:
    what = freeze.name or "everything"
    return f"Frozen: {what}, by {freeze.set_by} {moment(freeze.set_at)}: {escape(freeze.reason)}"


def table_of(*columns: str, title: str | None = None) -> Table:
    table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    return table


def console_of_width() -> Console:
    """In a terminal as wide as it is; into a file or a pipe wide enough to cut nothing."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=240)


def moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%SZ")
