"""Pier, a vendor in memory: it keeps the promises of its kind and follows the history's plans.

Its clock is the true time, which never goes back; ours may. ``deals`` is the whole truth.
"""

import asyncio
import json
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.domain.capabilities import Health, Sheet
from bot.domain.money import Money
from bot.domain.quotes import Quote
from providers.base import (
    Draft,
    Found,
    Progress,
    Purchase,
    Refused,
    Report,
    Unavailable,
    Uncertain,
)
from tests.histories.kinds import LIFETIME, PAYMENT_WINDOW, Kind, Plan, Twice

LATE = timedelta(seconds=20)
"""How long a request may hang on its way after we gave up."""
UNLISTED = timedelta(seconds=35)


@dataclass(slots=True)
class Deal:
    """One purchase as the vendor knows it."""

    ref: str
    key: str
    asset: str
    amount: Decimal
    at: datetime
    listed_at: datetime
    progress: Progress
    paid: bool

    @property
    def costs(self) -> bool:
        """Money has left the treasury, and has not come back."""
        return self.paid and self.progress not in {Progress.FAILED, Progress.REVERSED}


@dataclass(slots=True)
class Hung:
    """A call that waits for the history to go on."""

    draft: Draft
    gate: asyncio.Future[None]
    before: bool


class Pier:
    """The vendor behind ``providers.base.Provider``."""

    def __init__(
        self,
        kind: Kind,
        twice: Twice,
        *,
        now: Callable[[], datetime],
        witness: Callable[[Draft], None],
        die: Callable[[], None],
    ) -> None:
        """``witness`` sees every call before anything happens; ``die`` ends our process."""
        self.kind, self.twice = kind, twice
        self._now, self._witness, self._die = now, witness, die
        self._sheet = kind.sheet
        self.deals: list[Deal] = []
        self.plans: deque[Plan] = deque()
        self.hung: list[Hung] = []
        self.late: list[tuple[datetime, Draft]] = []
        self.running: Counter[str] = Counter()
        self.unreadable = self.away = False

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    @property
    def health(self) -> Health:
        return Health()

    def draft(self, purchase: Purchase) -> Draft:
        spend = purchase.spend
        assert isinstance(spend, Money), "Pier takes money"
        body = {"amount": spend.text, "asset": purchase.asset, "key": purchase.key}
        return Draft(method="POST", path="/buy", body=json.dumps(body).encode(), key=purchase.key)

    async def ready(self) -> None:
        if self.away:
            raise Unavailable("away", 3)

    async def buy(self, draft: Draft) -> Report:
        """Follow the next plan; without one the purchase is done."""
        self._witness(draft)
        plan = self.plans.popleft() if self.plans else Plan.DONE
        self.running[draft.key] += 1
        try:
            return await self._follow(plan, draft)
        finally:
            self.running[draft.key] -= 1

    async def _follow(self, plan: Plan, draft: Draft) -> Report:
        match plan:
            case Plan.REFUSED:
                raise Refused("trading is closed")
            case Plan.AWAY | Plan.AWAY_FOR:
                raise Unavailable("busy", 20 if plan is Plan.AWAY_FOR else None)
            case Plan.LOST_REQUEST:
                raise Uncertain("no reply")
            case Plan.LATE_REQUEST:
                self.late.append((self._now() + LATE, draft))
                raise Uncertain("no reply")
            case Plan.LOST_REPLY | Plan.UNLISTED:
                self.execute(draft, lag=UNLISTED if plan is Plan.UNLISTED else timedelta(0))
                raise Uncertain("no reply")
            case Plan.CLIENT_FAULT:
                self.execute(draft)
                raise ValueError("a fault of the client")
            case Plan.SLOW_REQUEST:
                await self._hang(draft, before=True)
            case Plan.SLOW_REPLY:
                report = self.execute(draft)
                await self._hang(draft, before=False)
                return report
            case Plan.DEATH_BEFORE:
                self._die()
            case Plan.DEATH_AFTER:
                self.execute(draft)
                self._die()
        words = {Plan.UNDERWAY: Progress.UNDERWAY, Plan.FAILED: Progress.FAILED}
        return self.execute(draft, words.get(plan, Progress.COMPLETED))

    async def _hang(self, draft: Draft, *, before: bool) -> None:
        hung = Hung(draft, asyncio.get_running_loop().create_future(), before)
        self.hung.append(hung)
        try:
            await hung.gate
        except BaseException:
            # Nobody waits for it any more, and still it is on its way.
            if before:
                self.late.append((self._now() + LATE, draft))
            raise
        finally:
            self.hung.remove(hung)

    def execute(
        self,
        draft: Draft,
        progress: Progress = Progress.COMPLETED,
        lag: timedelta = timedelta(0),
    ) -> Report:
        """The purchase happens, unless the key says that it has."""
        if self.kind.has_key:
            for deal in self.deals:
                if deal.key == draft.key and self._now() < deal.at + LIFETIME:
                    return self._again(deal)
        said, now = json.loads(draft.body), self._now()
        free = self.kind is Kind.FREE
        deal = Deal(
            ref=str(9001 + len(self.deals)),
            key=draft.key,
            asset=said["asset"],
            amount=Decimal(said["amount"]),
            at=now,
            listed_at=now + lag,
            progress=Progress.AWAITING_PAYMENT if free else progress,
            paid=not free,
        )
        self.deals.append(deal)
        return report(deal)

    def _again(self, deal: Deal) -> Report:
        match self.twice:
            case Twice.SAME:
                return report(deal)
            case Twice.REFUSED:
                raise Refused("duplicate order")
            case Twice.EXISTS:
                raise Uncertain("duplicate key", exists=True)

    def tick(self) -> None:
        """The true time has moved: what was late arrives, and what was not paid ends."""
        arrived = [draft for at, draft in self.late if at <= self._now()]
        self.late = [(at, draft) for at, draft in self.late if at > self._now()]
        for draft in arrived:
            self.arrive(draft)
        for deal in self.deals:
            waits = deal.progress is Progress.AWAITING_PAYMENT
            if waits and self._now() >= deal.at + PAYMENT_WINDOW:
                deal.progress = Progress.FAILED

    def arrive(self, draft: Draft) -> None:
        """Nobody waits for the reply of this one."""
        try:
            self.execute(draft)
        except (Refused, Uncertain):
            return

    async def find(self, purchase: Purchase, *, since: datetime) -> list[Found]:
        self._readable()
        shown = [deal for deal in self.deals if deal.listed_at <= self._now()]
        if self.kind in {Kind.KEY, Kind.REFERENCE}:
            ours = [deal for deal in shown if deal.key == purchase.key]
            return [Found(report=report(deal), exact=True) for deal in ours]
        return [
            Found(report=report(deal), exact=False)
            for deal in shown
            if deal.asset == purchase.asset
            and deal.amount == purchase.spend.amount
            and deal.at >= since
        ]

    async def status(self, ref: str) -> Report | None:
        self._readable()
        for deal in self.deals:
            if deal.ref == ref and deal.listed_at <= self._now():
                return report(deal)
        return None

    async def list_since(self, since: datetime) -> list[Report]:
        self._readable()
        return [report(deal) for deal in self.deals if deal.at >= since]

    def _readable(self) -> None:
        if self.unreadable:
            raise Unavailable("the list cannot be read", 2)

    async def quote(self, purchase: Purchase) -> Quote:
        raise Refused(f"Pier tells no price of {purchase.asset}")

    async def check(self) -> str:
        return "fine"

    async def aclose(self) -> None:
        """Nothing to close."""


def report(deal: Deal) -> Report:
    """What the vendor tells of it: by attributes there is no key to be seen."""
    return Report(
        ref=deal.ref,
        progress=deal.progress,
        word=deal.progress.value,
        asset=deal.asset,
        currency="EUR",
        total=deal.amount,
        at=deal.at,
        raw={"id": deal.ref},
    )
