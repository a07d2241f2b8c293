"""Sums of budgets on a real file, against a naive reckoning over random histories of orders.

Orders are asked for, approved (only where the product says that there is enough), doubted, bought
for more or less than was foreseen, reversed and let go, in random zones and windows, with clocks
that jump. The reckoning knows nothing of reservations, windows or SQL: it keeps a list.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.budgets import Budget, Reach, drawn_on, earliest, prospect, tally
from bot.domain.money import Money
from bot.domain.orders import Event, Order, Outcome, State, apply
from storage import orders
from storage.connection import connect
from storage.database import Tx
from storage.migrations import migrate
from storage.reservations import entries
from tests.domain.sample import ANA, BEN, CLEO, order, terms
from tests.domain.sample_budgets import ZONES

PEOPLE = {"one": frozenset({ANA, BEN}), "two": frozenset({BEN, CLEO})}
BEGIN = datetime(2026, 10, 20, 12, tzinfo=UTC)
ENDS = {
    Event.DOUBTED: State.IN_DOUBT,
    Event.COMPLETED: State.COMPLETED,
    Event.REFUSED: State.REJECTED,
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tx]:
    """One file for all histories; each takes back what it wrote."""
    folder: Path = tmp_path_factory.mktemp("sums")
    raw = connect(folder / "sums.db")
    migrate(raw)
    yield Tx(raw)
    raw.close()


@dataclass
class Note:
    """What the naive reckoning remembers of one order."""

    requester: str
    asset: str
    amount: Decimal
    at: datetime
    status: str = "reserved"


@dataclass
class Books:
    """The product's file on one side, a list on the other."""

    tx: Tx
    reaches: tuple[Reach, ...]
    now: datetime = BEGIN
    notes: dict[str, Note] = field(default_factory=dict)
    open: list[Order] = field(default_factory=list)
    counter: Iterator[int] = field(default_factory=itertools.count)

    def ask(self, requester: str, asset: str, cents: int) -> None:
        """Ask and approve, if every budget that the order draws on has enough for it."""
        number = next(self.counter)
        cost = Money.of(Decimal(cents).scaleb(-2), "EUR")
        drawn = drawn_on(
            self.reaches, requester=requester, provider="kriptomat", asset=asset, currency="EUR"
        )
        one = order(
            id=f"BUY-{number:05}",
            origin=f"o{number}",
            key=f"{number:032x}",
            requester=requester,
            terms=terms(asset=asset, cost=cost, spend=cost),
            budgets=drawn,
            created_at=self.now,
        )
        orders.create(self.tx, one, wishes=(), facts={})
        mine = [reach for reach in self.reaches if reach.budget in drawn]
        counted = entries(self.tx, "EUR", since=earliest(mine, self.now), but=one.id)
        if not all(prospect(reach, counted, cost, self.now).enough for reach in mine):
            return
        approved = apply(one, Event.APPROVED, decided_at=self.now)
        saved = orders.move(self.tx, one, approved, Event.APPROVED, actor=BEN, at=self.now)
        self.notes[one.id] = Note(requester, asset, cost.amount, self.now)
        self.open.append(orders.move(*self._sent(saved), Event.SENT, actor="bot", at=self.now))

    def _sent(self, approved: Order) -> tuple[Tx, Order, Order]:
        return self.tx, approved, apply(approved, Event.SENT)

    def end(self, which: int, event: Event, more: int) -> None:
        """One order that is under way becomes doubtful, bought or refused."""
        if not self.open:
            return
        one = self.open.pop(which % len(self.open))
        total = max(Decimal("0.01"), one.terms.cost.amount + Decimal(more).scaleb(-2))
        outcome = Outcome(word="x", total=total if event is Event.COMPLETED else None)
        doubted = event is Event.DOUBTED
        after = apply(one, event, outcome=outcome, doubted=doubted or one.doubted)
        saved = orders.move(self.tx, one, after, event, actor="bot", at=self.now)
        note = self.notes[one.id]
        match saved.state:
            case State.IN_DOUBT:
                note.status = "in doubt"
                settled = apply(saved, Event.SETTLED_NOT_BOUGHT)
                if more % 2:
                    orders.move(
                        self.tx, saved, settled, Event.SETTLED_NOT_BOUGHT, actor=BEN, at=self.now
                    )
                    del self.notes[one.id]
            case State.COMPLETED:
                note.status, note.amount = "spent", total
                if more % 3 == 0:
                    gone = apply(saved, Event.REVERSED)
                    orders.move(self.tx, saved, gone, Event.REVERSED, actor="bot", at=self.now)
            case _:
                del self.notes[one.id]

    def reckon(self, reach: Reach) -> tuple[Decimal, Decimal, Decimal]:
        """Spent, reserved and in doubt, by going through all orders."""
        budget, sums = reach.budget, dict.fromkeys(("spent", "reserved", "in doubt"), Decimal(0))
        for note in self.notes.values():
            covered = reach.people is None or note.requester in reach.people
            if (
                covered
                and note.asset in (budget.assets or (note.asset,))
                and self._inside(budget, note.at)
            ):
                sums[note.status] += note.amount
        return sums["spent"], sums["reserved"], sums["in doubt"]

    def _inside(self, budget: Budget, at: datetime) -> bool:
        if budget.per.endswith("d"):
            return at > self.now - timedelta(days=int(budget.per[:-1]))
        here, there = (one.astimezone(ZoneInfo(budget.zone)) for one in (self.now, at))
        match budget.per:
            case "week":
                return here.isocalendar()[:2] == there.isocalendar()[:2]
            case "month":
                return (here.year, here.month) == (there.year, there.month)
            case _:
                return here.date() == there.date()


BUDGETS = st.lists(
    st.builds(
        Budget,
        name=st.sampled_from("abcdef"),
        limit=st.integers(1, 10**5).map(lambda euros: Money.of(euros, "EUR")),
        per=st.sampled_from(["day", "week", "month", "1d", "7d"]),
        zone=st.sampled_from(ZONES),
        requesters=st.sampled_from([None, ("one",), ("two",), ("one", "two")]),
        assets=st.sampled_from([None, ("btc",), ("eth",)]),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one.name,
)
DEEDS = st.one_of(
    st.tuples(
        st.just("ask"),
        st.sampled_from([ANA, BEN, CLEO]),
        st.sampled_from(["btc", "eth"]),
        st.integers(1, 4 * 10**6),
    ),
    st.tuples(
        st.just("end"), st.integers(0, 9), st.sampled_from(list(ENDS)), st.integers(-200, 200)
    ),
    st.tuples(
        st.just("clock"),
        st.sampled_from([1, 600, 3600, 7 * 3600, 86400, 6 * 86400, 20 * 86400, -60, -86400]),
    ),
)


def reach(budget: Budget) -> Reach:
    if budget.requesters is None:
        return Reach(budget, None)
    return Reach(budget, frozenset().union(*(PEOPLE[name] for name in budget.requesters)))


@settings(max_examples=60, deadline=None)
@given(budgets=BUDGETS, deeds=st.lists(DEEDS, max_size=40))
def test_figures_are_those_of_a_naive_reckoning_and_no_approval_exceeds_one(
    file: Tx, budgets: list[Budget], deeds: list[tuple[Any, ...]]
) -> None:
    """After every deed, for every budget, in every column."""
    file.execute("BEGIN")
    try:
        books = Books(file, tuple(reach(one) for one in budgets))
        for name, *facts in deeds:
            if name == "clock":
                books.now += timedelta(seconds=facts[0])
            elif name == "end":
                books.end(*facts)
            else:
                books.ask(*facts)
            _agree(books)
    finally:
        file.execute("ROLLBACK")


def _agree(books: Books) -> None:
    for one in books.reaches:
        counted = entries(books.tx, "EUR", since=earliest([one], books.now))
        told = tally(one, counted, books.now)
        assert (told.spent, told.reserved, told.in_doubt) == books.reckon(one)


@settings(max_examples=60, deadline=None)
@given(
    budgets=BUDGETS,
    costs=st.lists(st.tuples(st.integers(1, 4 * 10**6), st.integers(-90000, 90000)), max_size=30),
)
def test_no_window_that_could_be_drawn_later_holds_more_than_the_limit(
    file: Tx, budgets: list[Budget], costs: list[tuple[int, int]]
) -> None:
    """Seen from any order's instant, back and forth in time, with a clock that jumps both ways."""
    file.execute("BEGIN")
    try:
        books = Books(file, tuple(reach(replace(one, requesters=None)) for one in budgets))
        for cents, seconds in costs:
            books.now += timedelta(seconds=seconds)
            books.ask(ANA, "btc", cents)
        for note in list(books.notes.values()):
            books.now = note.at
            for one in books.reaches:
                length = one.budget.per
                inside = [
                    other.amount
                    for other in books.notes.values()
                    if books._inside(one.budget, other.at)
                    and (not length.endswith("d") or other.at <= note.at)
                    and "btc" in (one.budget.assets or ("btc",))
                ]
                assert sum(inside, Decimal(0)) <= one.budget.limit.amount
    finally:
        file.execute("ROLLBACK")
