"""What people do in a history: ask, vote, freeze, look into the vendor's books and settle.

They tell the truth, and they look before they answer where they have been told to look.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.domain.capabilities import Lookup
from bot.domain.freezes import Scope
from bot.domain.orders import Order
from bot.domain.requests import Buy
from bot.domain.states import State
from bot.workflow import advance, asking, freezing, settling, votes
from bot.workflow.asking import Asked
from providers.base import Progress
from storage import orders
from tests.domain.sample import BEN, CLEO, FAY
from tests.histories.kinds import NAME
from tests.histories.law import Eyes
from tests.histories.world import World

LOOK_FIRST = "please make sure there"
"""What the bot says to people where it cannot look itself."""


class Office:
    """The people of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.digests: dict[str, list[str]] = {}
        self.warned: set[str] = set()
        """Orders of a file that an operator has put back by hand: everybody has been told."""
        self.told: set[str] = set()
        """Keys of purchases that people found before they refused the order."""
        self.let_go: set[str] = set()
        """Keys that a file which was put back holds as waiting, though they were sent."""
        self._deliveries = 0

    def orders(self, *states: str, eyes: Eyes | None = None) -> list[Order]:
        """The orders in these states, or all, oldest first."""
        wanted = "WHERE state IN ({})".format(", ".join("?" for _ in states)) if states else ""
        tx = (eyes or self.world.eyes).tx
        found = orders.many(
            tx, tx.rows(f"SELECT * FROM orders {wanted} ORDER BY created_at, id", states)
        )
        for one in found:
            seen = self.digests.setdefault(one.id, [])
            if one.digest not in seen:
                seen.append(one.digest)
        return found

    def ask(self, requester: str, amount: int, asset: str, *, meant: bool) -> None:
        """An acknowledged order must never be lost."""
        self._deliveries += 1
        reason = "for rent" if amount > 1000 else None
        buy = Buy(amount=Decimal(amount), unit="EUR", asset=asset, reason=reason)
        origin = f"slash:{self._deliveries}"
        work = asking.ask(self.world.desk, buy, requester=requester, origin=origin, meant=meant)
        for answer in self.world.do(work):
            if isinstance(answer, Asked):
                self.world.acknowledged.add(answer.order.id)
                self.world.counts["orders"] += 1

    def has_bought(self, order: Order) -> bool:
        """What somebody sees who looks at the vendor; they wait for what is still on its way."""
        pier = self.world.pier
        return any(deal.key == order.key for deal in pier.deals) or self.is_on_its_way(order)

    def is_on_its_way(self, order: Order) -> bool:
        """Nobody can know yet what becomes of it."""
        pier = self.world.pier
        hung = [one.draft.key for one in pier.hung]
        return order.key in [*hung, *(draft.key for _, draft in pier.late)]

    def remember(self, path: Path, *, warned: bool) -> None:
        """This older file was put back. ``warned``: behind the bot's back, so people know."""
        eyes = Eyes(path)
        waiting = self.orders("pending_approval", "approved", eyes=eyes)
        eyes.close()
        if warned or self.world.pier.kind.lookup is Lookup.NONE:
            self.let_go |= {one.key for one in waiting if self.has_bought(one)}
        if warned:
            self.warned |= {one.id for one in waiting if one.state is State.PENDING_APPROVAL}

    def yes(self, order: Order, voter: str, *, stale: bool = False) -> Any:
        """A click on Approve; on an old card, if there is one. Who knows better denies."""
        looks = order.id in self.warned or LOOK_FIRST in (order.note or "")
        if looks and self.has_bought(order):
            self.told.add(order.key)
            return self.no(order, voter)
        digest = self.digests[order.id][0] if stale else order.digest
        return votes.approve(self.world.desk, order.id, voter=voter, digest=digest)

    def no(self, order: Order, voter: str) -> Any:
        """A click on Deny."""
        return votes.deny(self.world.desk, order.id, voter=voter, digest=order.digest, reason="no")

    def freeze(self, scope: Scope, *, person: str) -> Any:
        """A click on Freeze."""
        name = {Scope.EVERYTHING: "", Scope.PROVIDER: NAME, Scope.ASSET: "btc"}[scope]
        return freezing.freeze(self.world.desk, scope, name, "careful", person=person)

    def unfreeze(self, *people: str) -> None:
        """One after the other."""
        for person in people:
            self.world.do(freezing.unfreeze(self.world.desk, person=person, only=lambda _: True))

    def pay(self, order: Order) -> None:
        """People pay what the bot tells them to pay."""
        for deal in self.world.pier.deals:
            if deal.ref == order.ref and deal.progress is Progress.AWAITING_PAYMENT:
                deal.paid, deal.progress = True, Progress.UNDERWAY

    def answer_at_last(self) -> None:
        """What hangs goes on. Even past the guard that lets one task carry an order, the clock
        leaves a living attempt alone."""
        for order in self.orders("submitting"):
            if order.deadline is not None and self.world.now() < order.deadline:
                self.world.do(advance.advance(self.world.desk, order.id))
        for hung in self.world.pier.hung:
            if not hung.gate.done():
                hung.gate.set_result(None)
        self.world.do(self.world.look())

    def settle(self, order: Order, first: str = BEN, second: str = CLEO) -> None:
        """Two people say what the vendor's books say, once nothing is on its way any more."""
        if self.is_on_its_way(order):
            return
        deals = [deal for deal in self.world.pier.deals if deal.key == order.key]
        real = [one for one in deals if one.paid or one.progress is not Progress.FAILED]
        ref = real[0].ref if real else None
        self._propose(order, ref, first)
        for now in self.orders("in_doubt", "accepted"):
            if now.id == order.id and now.proposal is not None:
                mark = now.proposal.mark
                work = settling.confirm(self.world.desk, now.id, person=second, mark=mark)
                for verdict in self.world.do(work):
                    self.world.counts["settled"] += verdict.counts

    def doubt_wrongly(self, order: Order, *, objected: bool) -> None:
        """Somebody says what is not so; nobody confirms it."""
        self._propose(order, None if self.has_bought(order) else "9999", FAY)
        for now in self.orders("in_doubt"):
            if objected and now.id == order.id and now.proposal is not None:
                mark = now.proposal.mark
                self.world.do(settling.object_to(self.world.desk, now.id, person=BEN, mark=mark))

    def _propose(self, order: Order, ref: str | None, person: str) -> None:
        self.world.do(
            settling.propose(
                self.world.desk,
                order.id,
                person=person,
                bought=ref is not None,
                ref=ref,
                because="it says so there",
            )
        )
