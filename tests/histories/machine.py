"""The histories: what may happen in which order is for hypothesis to make up.

``tests.histories.ending`` then lets each of them end well.
"""

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.freezes import Scope
from bot.domain.orders import Order
from bot.workflow import settling, votes
from providers.base import Progress
from storage.backup import backup
from storage.restore import restore
from tests.domain.sample import ANA, BEN, CLEO, FAY, ROSTER
from tests.histories.draws import AMOUNTS, ASSETS, COPIES, PEOPLE, PLANS, SECONDS, STEPS, WHICH, WHO
from tests.histories.ending import end
from tests.histories.firm import WITHOUT_CLEO, usual
from tests.histories.kinds import Kind, Plan, Twice
from tests.histories.office import Office
from tests.histories.world import Sabotage, Tally, World

IN_MEMORY = Path("/dev/shm")


def some(*states: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Only while there are orders in these states."""
    return precondition(lambda self: bool(self.office.orders(*states)))


class Histories(RuleBasedStateMachine):
    """One history for each run; the class attributes are what a test chooses."""

    blank: ClassVar[Path]
    tally: ClassVar[Tally] = Tally()
    sabotage: ClassVar[Sabotage] = Sabotage()
    kinds: ClassVar[tuple[Kind, ...]] = tuple(Kind)
    twices: ClassVar[tuple[Twice, ...]] = tuple(Twice)
    limits: ClassVar[tuple[bool, ...]] = (False, True)

    world: World
    office: Office

    def __init__(self) -> None:
        super().__init__()
        self.went_well = True
        self.backwards = 0
        self.backups = 0

    @initialize(kind=st.integers(0, 20), twice=WHICH, who=WHO, amount=AMOUNTS, plans=PLANS)
    def begin(self, kind: int, twice: int, who: str, amount: int, plans: list[Plan]) -> None:
        """A vendor of some kind, an empty file, a first process; rules only, or budgets as well."""
        place = IN_MEMORY if IN_MEMORY.is_dir() else None
        folder = Path(tempfile.mkdtemp(prefix="histories-", dir=place))
        self.world = World(
            folder,
            self.blank,
            self.kinds[kind % len(self.kinds)],
            self.twices[twice % len(self.twices)],
            self.sabotage,
            self.tally,
            firm=usual(limited=self.limits[twice % len(self.limits)]),
        )
        self.office = Office(self.world)
        self.office.ask(who, amount, "btc", meant=False)
        self.world.pier.plans.extend(plans)
        self.tally.counts["histories"] += 1

    def pick(self, which: int, *states: str) -> Order | None:
        """One of the orders in these states."""
        found = self.office.orders(*states)
        return found[which % len(found)] if found else None

    @rule(who=WHO, amount=AMOUNTS, asset=ASSETS, meant=st.booleans())
    def ask(self, who: str, amount: int, asset: str, meant: bool) -> None:
        self.office.ask(who, amount, asset, meant=meant)

    @rule(who=WHO, amount=AMOUNTS, asset=ASSETS, plans=PLANS, copy=COPIES)
    def buy(self, who: str, amount: int, asset: str, plans: list[Plan], copy: str | None) -> None:
        """Ask and agree at once: most histories are about what comes after."""
        self.world.copy_at = copy or self.world.copy_at
        self.office.ask(who, amount, asset, meant=True)
        self.agree(-1, plans)

    @some("pending_approval")
    @rule(which=WHICH, voter=PEOPLE, stale=st.booleans())
    def approve(self, which: int, voter: str, stale: bool) -> None:
        if order := self.pick(which, "pending_approval"):
            self.world.do(self.office.yes(order, voter, stale=stale))

    @some("pending_approval")
    @rule(which=WHICH, plans=PLANS)
    def agree(self, which: int, plans: list[Plan]) -> None:
        """Everybody approves at once, and the vendor has its own plans."""
        if order := self.pick(which, "pending_approval"):
            self.world.pier.plans.extend(plans)
            self.world.do(*(self.office.yes(order, one) for one in (BEN, CLEO, FAY)))

    @some("pending_approval", "approved")
    @rule(which=WHICH, voter=PEOPLE, person=PEOPLE, scope=st.sampled_from([None, *Scope]))
    def crowd(self, which: int, voter: str, person: str, scope: Scope | None) -> None:
        """Approve, deny, cancel, freeze and the clock, all at the same moment."""
        if order := self.pick(which, "pending_approval", "approved"):
            works = [
                self.office.yes(order, BEN),
                self.office.yes(order, voter),
                votes.cancel(self.world.desk, order.id, person=person),
                self.world.look(),
                self.office.yes(order, FAY),
            ]
            if scope is not None:
                works.insert(which, self.office.freeze(scope, person=FAY))
            self.world.do(*works)

    @some("pending_approval")
    @rule(which=WHICH, voter=PEOPLE)
    def deny(self, which: int, voter: str) -> None:
        if order := self.pick(which, "pending_approval"):
            self.world.do(self.office.no(order, voter))

    @some()
    @rule(which=WHICH, person=PEOPLE)
    def cancel(self, which: int, person: str) -> None:
        if order := self.pick(which):
            self.world.do(votes.cancel(self.world.desk, order.id, person=person))

    @rule(seconds=SECONDS)
    def wait(self, seconds: int) -> None:
        self.world.move_clock(timedelta(seconds=seconds))

    @rule(seconds=st.sampled_from([1, 5, 25, 40, 125]))
    def wait_a_little(self, seconds: int) -> None:
        self.world.move_clock(timedelta(seconds=seconds))

    @precondition(lambda self: self.backwards < 2)
    @rule()
    def set_the_clock_back(self) -> None:
        """Ours, not the vendor's."""
        self.backwards += 1
        self.world.skew -= timedelta(minutes=1)
        self.world.do(self.world.look())

    @rule(plans=PLANS)
    def plan(self, plans: list[Plan]) -> None:
        self.world.pier.plans.extend(plans)

    @rule(unreadable=st.booleans(), away=st.booleans())
    def trouble(self, unreadable: bool, away: bool) -> None:
        self.world.pier.unreadable, self.world.pier.away = unreadable, away

    @precondition(lambda self: self.world.pier.hung)
    @rule()
    def answer_at_last(self) -> None:
        """What hangs goes on; the clock looks at it before and after."""
        self.office.answer_at_last()

    @precondition(lambda self: self.world.pier.deals)
    @rule(which=WHICH, word=st.sampled_from([Progress.COMPLETED, Progress.FAILED]))
    def change_the_word(self, which: int, word: Progress) -> None:
        """The vendor ends what is underway, takes back what is done, and finds what had failed."""
        deal = self.world.pier.deals[which % len(self.world.pier.deals)]
        if not deal.paid or self.world.true > deal.at + timedelta(hours=10):
            return
        done = deal.progress is Progress.COMPLETED
        deal.progress = Progress.REVERSED if done and word is Progress.FAILED else word

    @some("awaiting_payment")
    @rule(which=WHICH)
    def pay(self, which: int) -> None:
        if order := self.pick(which, "awaiting_payment"):
            self.office.pay(order)

    @rule(person=st.sampled_from([BEN, CLEO, FAY]), scope=st.sampled_from(Scope))
    def freeze(self, person: str, scope: Scope) -> None:
        self.world.do(self.office.freeze(scope, person=person))

    @rule(first=PEOPLE, second=PEOPLE)
    def unfreeze(self, first: str, second: str) -> None:
        self.office.unfreeze(first, second)

    @some("in_doubt")
    @rule(which=WHICH)
    def settle(self, which: int) -> None:
        if order := self.pick(which, "in_doubt"):
            self.office.settle(order)

    @some("in_doubt")
    @rule(which=WHICH, objected=st.booleans())
    def doubt_wrongly(self, which: int, objected: bool) -> None:
        if order := self.pick(which, "in_doubt"):
            self.office.doubt_wrongly(order, objected=objected)

    @some("in_doubt", "accepted", "awaiting_payment")
    @rule(which=WHICH)
    def check_again(self, which: int) -> None:
        if order := self.pick(which, "in_doubt", "accepted", "awaiting_payment"):
            self.world.do(settling.check_again(self.world.desk, order.id, person=ANA))

    @rule(here=st.booleans())
    def cleo_comes_or_goes(self, here: bool) -> None:
        self.world.people.roster = ROSTER if here else WITHOUT_CLEO

    @rule(step=st.sampled_from(STEPS), copy=st.booleans())
    def lie_in_wait(self, step: str, copy: bool) -> None:
        """At the next passage of this step the file is copied by hand, or the process dies."""
        if copy:
            self.world.copy_at = step
        else:
            self.world.die_at = step

    @rule()
    def crash(self) -> None:
        self.world.kill()
        self.world.restart()

    @rule()
    def back_up(self) -> None:
        self.backups += 1
        target = self.world.folder / f"backup-{self.backups}.db"
        backup(self.world.path, target)
        self.world.save(target)

    @precondition(lambda self: self.world.saved)
    @rule(which=WHICH, by_hand=st.booleans())
    def put_back(self, which: int, by_hand: bool) -> None:
        """An older file takes the place of the present one, by the command or behind its back."""
        world = self.world
        number = len(world.saved) - which % len(world.saved)
        # A copy that is newer than the one put back tells of a past that is no more.
        world.saved = world.saved[:number]
        saved = world.saved[-1]

        def put(path: Path) -> Path:
            if by_hand:
                path = world._copy(saved.path)
            else:
                restore(saved.path, path, now=world.now(), actor="fay")
            # Before the clock looks: at its first look an order may end.
            self.office.remember(path, warned=by_hand)
            return path

        world.kill()
        world.counts["put back"] += 1
        world.true += timedelta(seconds=1)
        world.acknowledged = set(saved.acknowledged)
        world.calls = saved.calls.copy()
        world.restart(put)

    @invariant()
    def all_laws_hold(self) -> None:
        self.went_well = False
        self.world.examine()
        self.world.counts["steps"] += 1
        self.went_well = True

    def teardown(self) -> None:
        """Let it end, if it went well until here; then look at all of it."""
        if not hasattr(self, "world"):
            return
        try:
            if self.went_well:
                end(self.world, self.office)
        finally:
            self.world.counts["purchases"] += sum(deal.paid for deal in self.world.pier.deals)
            self.world.close()
