"""What must be true of every history, read from the file itself with a connection of its own.

``at_call`` is asked at the instant at which the vendor sees a purchase, ``at_rest`` after each
step, ``at_end`` when everything has had time to end. None of them asks the code that is examined,
but for the audit log's own verification.
"""

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.domain.canonical import sha256
from bot.domain.steps import GRACE
from providers.base import Draft, Progress
from storage import audit
from storage.connection import connect
from storage.database import Tx
from tests.histories.vendor import Deal, Pier

Row = dict[str, Any]

RESERVED = {"approved", "submitting", "in_doubt", "accepted", "awaiting_payment"}
BOUGHT = {"completed", "reversed"}
SPARED = {"denied", "cancelled", "expired", "rejected", "failed"}
LET_GO = {"denied", "cancelled", "expired"}

Agreed = Callable[[Row, set[str]], None]
"""Raises Violation unless these votes are what the order needs."""


class Violation(AssertionError):
    """A history in which something happened that must never happen."""


def demand(kept: object, what: str) -> None:
    """Raise Violation with the sentence unless it holds."""
    if not kept:
        raise Violation(what)


class Eyes:
    """A second pair of eyes on one process's file."""

    def __init__(self, path: Path) -> None:
        self._db = connect(path)
        self._db.execute("PRAGMA query_only=ON")
        self.tx = Tx(self._db)

    def close(self) -> None:
        self._db.close()

    def orders(self) -> dict[str, Row]:
        return {row["id"]: row for row in self.tx.rows("SELECT * FROM orders")}


def at_call(eyes: Eyes, pier: Pier, draft: Draft, *, now: datetime, agreed: Agreed) -> Row:
    """The vendor sees this purchase now: everything that allows it has been committed."""
    order = eyes.tx.row("SELECT * FROM orders WHERE key = ?", (draft.key,))
    assert order is not None, "a key without an order"
    name = order["id"]
    demand(order["state"] == "submitting", f"{name} is sent while it is {order['state']}")
    demand(not pier.running[draft.key], f"{name} is sent twice at the same time")
    last = eyes.tx.row(
        "SELECT * FROM attempts WHERE order_id = ? ORDER BY number DESC LIMIT 1", (name,)
    )
    assert last is not None, "submitting without an attempt"
    demand(last["ended_at"] is None, f"{name} is sent by an attempt that has ended")
    demand(last["body_sha256"] == sha256(draft.body), f"{name}: other bytes than written down")
    demand(now.isoformat() < order["valid_until"], f"{name} is sent after its approval ran out")
    votes = eyes.tx.rows(
        "SELECT * FROM votes WHERE order_id = ? AND revision = ? AND choice = 'approve'",
        (name, order["revision"]),
    )
    agreed(order, {vote["voter"] for vote in votes})
    demand(len({vote["digest"] for vote in votes}) == 1, f"{name}: votes for different terms")
    frozen = standing(eyes.tx, name, order["asset"])
    demand(not frozen, f"{name} is sent although frozen: {frozen}")
    return order


def standing(tx: Tx, order_id: str, asset: str) -> list[str]:
    """The freezes that stood when the order's last intent was written, as the log tells it."""
    last = tx.row(
        "SELECT max(number) AS n FROM audit WHERE order_id = ? AND what = 'sent'", (order_id,)
    )
    assert last is not None, "an aggregate has a row"
    frozen: dict[int, str] = {}
    for row in tx.rows(
        "SELECT what, facts FROM audit WHERE what IN ('frozen', 'unfrozen') AND number < ?"
        " ORDER BY number",
        (last["n"],),
    ):
        facts = json.loads(row["facts"])
        if row["what"] == "unfrozen":
            frozen.pop(facts["freeze"], None)
        elif facts["scope"] != "asset" or facts["name"] == asset:
            frozen[facts["freeze"]] = facts["scope"]
    return sorted(frozen.values())


def at_rest(eyes: Eyes, pier: Pier, *, acknowledged: set[str], calls: Counter[str]) -> None:
    """Laws 1, 2, 6, 7 and 8, whatever is under way."""
    orders = eyes.orders()
    lost = acknowledged - orders.keys()
    demand(not lost, f"lost: {sorted(lost)}")
    once(pier)
    mine = {deal.ref: deal for deal in pier.deals}
    for order in orders.values():
        _owns_its_own(order, mine)
    _attempts(eyes.tx, orders, calls)
    _reservations(eyes.tx, orders)
    fault = audit.verify(eyes.tx)
    demand(fault is None, f"the audit log does not verify: {fault}")


def once(pier: Pier) -> None:
    """Law 1: what was approved once is bought once."""
    bought = Counter(deal.key for deal in pier.deals if deal.paid)
    twice = [key for key, times in bought.items() if times > 1]
    demand(not twice, f"bought more than once: {[d for d in pier.deals if d.key in twice]}")


def _owns_its_own(order: Row, deals: dict[str, Deal]) -> None:
    name, deal = order["id"], deals.get(order["ref"])
    demand(
        order["state"] not in BOUGHT or deal is not None,
        f"{name} is {order['state']} without a purchase",
    )
    if deal is not None:
        demand(deal.key == order["key"], f"{name} owns the purchase of another order: {deal}")
        gone = deal.progress is Progress.AWAITING_PAYMENT
        demand(order["state"] not in BOUGHT or not gone, f"{name} is done and unpaid: {deal}")


def _attempts(tx: Tx, orders: dict[str, Row], calls: Counter[str]) -> None:
    written: Counter[str] = Counter()
    for row in tx.rows("SELECT * FROM attempts"):
        order = orders[row["order_id"]]
        written[row["key"] + row["body_sha256"]] += 1
        runs = order["state"] == "submitting" and row["number"] == order["attempts"]
        what = f"{order['id']} is {order['state']}, its attempt {row['number']}"
        demand((row["ended_at"] is None) == runs, f"{what} ended: {row['ended_at']}")
    unwritten = calls - written
    demand(not unwritten, f"the vendor has seen what was never written down: {unwritten}")


def _reservations(tx: Tx, orders: dict[str, Row]) -> None:
    kept = {row["order_id"]: row["status"] for row in tx.rows("SELECT * FROM reservations")}
    for order in orders.values():
        state, status = order["state"], kept.get(order["id"], "released")
        demand(status == _due(order), f"{order['id']} is {state}, and its money is {status}")


def _due(order: Row) -> str:
    state = order["state"]
    if state == "in_doubt" or (state == "submitting" and order["doubted"]):
        return "in_doubt"
    if state in RESERVED:
        return "reserved"
    paid_in_vain = state == "failed" and order["paid_by"] is not None
    return "spent" if state in BOUGHT or paid_in_vain else "released"


def hasty(eyes: Eyes, boot: str, known: set[tuple[str, int]]) -> None:
    """Law 5: a process has patience with its own attempts. ``known``: those that were examined."""
    for row in eyes.tx.rows("SELECT * FROM attempts WHERE result = 'no reply'"):
        mark = (row["order_id"], row["number"])
        if mark in known:
            continue
        known.add(mark)
        patient = datetime.fromisoformat(row["deadline"]) + GRACE
        soon = row["boot_id"] == boot and datetime.fromisoformat(row["ended_at"]) < patient
        demand(not soon, f"{row['order_id']} is taken for dead while it is alive")


def at_end(eyes: Eyes, pier: Pier, *, told: set[str], let_go: set[str]) -> None:
    """Laws 2, 3 and 6 when everything has had time to end.

    ``told``: people know of these keys. ``let_go``: a file that was put back holds them as waiting
    to be sent; if people then let the order go, nobody looks for its purchase.
    """
    deals = {deal.key: deal for deal in pier.deals if deal.costs}
    for order in eyes.orders().values():
        name, state = order["id"], order["state"]
        demand(state in BOUGHT | SPARED, f"{name} is {state} for ever: {order['note']}")
        deal = deals.get(order["key"])
        known = order["key"] in told or (order["key"] in let_go and state in LET_GO)
        silent = deal is not None and not known
        demand(state not in SPARED or not silent, f"{name} ended as {state}: {deal}")
