"""Histories under any policy: whoever asks, votes, leaves, comes back, joins, at any moment.

The vendor, the crashes, the clock and the freezes are those of the other histories. They are left
as they stand: how they end is the others' matter, because here nobody may be left who could settle.
"""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from bot.domain.money import Money
from bot.domain.people import Person, Roster
from bot.domain.policy import Policy, Requirement, Rule
from tests.domain.sample import ANA, BEN, CLEO, DAN, EVE, FAY, POLICY
from tests.histories import money
from tests.histories.draws import AMOUNTS, ASSETS, COPIES, PLANS, WHICH
from tests.histories.firm import Firm, People
from tests.histories.kinds import Kind, Plan, Twice
from tests.histories.machine import IN_MEMORY, Histories
from tests.histories.office import Office
from tests.histories.world import World

ALL = (ANA, BEN, CLEO, DAN, EVE, FAY)
ANYBODY = st.sampled_from(ALL)
GROUP = st.lists(st.sampled_from((*ALL, "S0TREASURY")), min_size=3, max_size=6, unique=True)
NEEDS = st.lists(
    st.builds(Requirement, group=st.sampled_from(["approvers", "board"]), count=st.integers(1, 2)),
    min_size=1,
    max_size=2,
).map(tuple)
SIZES = st.sampled_from([Money.of(size, "EUR") for size in (260, 6000, 20000)])
RULE = st.builds(
    Rule,
    name=st.uuids().map(str),
    up_to=SIZES,
    approvals=NEEDS,
    requesters=st.sampled_from([None, None, ("buyers",)]),
    assets=st.sampled_from([None, None, ("btc",), ("eth",)]),
)
TRAITS = st.sampled_from(
    [
        {},
        {},
        {},
        {},
        {"is_deactivated": True},
        {"is_guest": True},
        {"is_bot": True},
        {"team": "T0OTHER"},
    ]
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any rules over any groups; half of them with budgets that everybody draws on."""
    groups = {name: tuple(draw(GROUP)) for name in ("buyers", "approvers", "board")}
    rules = tuple(draw(st.lists(RULE, min_size=1, max_size=3)))
    budgets = money.BUDGETS[:2] if draw(st.booleans()) else ()
    return replace(POLICY, groups=groups, rules=rules, budgets=budgets)


def changed(roster: Roster, user: str, traits: dict[str, Any], *, inside: bool) -> Roster:
    """The same people, but for one who is something else now, or in another place."""
    one = replace(Person(id=user, name=user, team=roster.team), **traits)
    others = roster.usergroups["S0TREASURY"] - {user}
    group = others | ({user} if inside else set())
    return replace(
        roster, people={**roster.people, user: one}, usergroups={"S0TREASURY": frozenset(group)}
    )


class Policies(Histories):
    """The machine with a firm of its own."""

    blinded: ClassVar[bool] = False
    """Sabotage: the process never hears that somebody has left or joined."""
    lenient: ClassVar[bool] = False
    """Sabotage: the process takes one vote for enough, whatever the rule says."""

    @initialize(policy=policies(), who=ANYBODY, amount=AMOUNTS, plans=PLANS)
    def begin(self, policy: Policy, who: str, amount: int, plans: list[Plan]) -> None:
        """Any policy, and the first request."""
        place = IN_MEMORY if IN_MEMORY.is_dir() else None
        folder = Path(tempfile.mkdtemp(prefix="histories-", dir=place))
        one = (Requirement(group="approvers", count=1),)
        lax = replace(policy, rules=tuple(replace(rule, approvals=one) for rule in policy.rules))
        self.firm = Firm(
            policy,
            believed=lax if self.lenient else None,
            directory=People() if self.blinded else None,
        )
        self.world = World(
            folder, self.blank, Kind.KEY, Twice.SAME, self.sabotage, self.tally, firm=self.firm
        )
        self.office = Office(self.world)
        self.buy(who, amount, "btc", plans, None)
        self.tally.counts["histories"] += 1

    @rule(who=ANYBODY, amount=AMOUNTS, asset=ASSETS, meant=st.booleans())
    def ask(self, who: str, amount: int, asset: str, meant: bool) -> None:
        """Anybody may try."""
        before = set(self.world.acknowledged)
        self.office.ask(who, amount, asset, meant=meant)
        for name in self.world.acknowledged - before:
            order = self.world.eyes.orders().get(name)
            if order is not None and not (self.blinded or self.lenient):
                self.firm.note(order)

    @rule(who=ANYBODY, amount=AMOUNTS, asset=ASSETS, plans=PLANS, copy=COPIES)
    def buy(self, who: str, amount: int, asset: str, plans: list[Plan], copy: str | None) -> None:
        """Ask, and everybody presses Approve, whoever they are."""
        self.world.copy_at = copy or self.world.copy_at
        self.ask(who, amount, asset, meant=True)
        self.agree(-1, plans)

    @rule(which=WHICH, plans=PLANS)
    def agree(self, which: int, plans: list[Plan]) -> None:
        """All at once, twice each: a person counts once."""
        if order := self.pick(which, "pending_approval"):
            self.world.pier.plans.extend(plans)
            self.world.do(*(self.office.yes(order, one) for one in (*ALL, *ALL)))

    @rule(who=ANYBODY, traits=TRAITS, inside=st.booleans())
    def cleo_comes_or_goes(self, who: str, traits: dict[str, Any], inside: bool) -> None:
        """Anybody becomes something else, joins the user group or leaves it."""
        roster = self.world.people.roster
        self.world.people.roster = changed(roster, who, traits, inside=inside)

    def teardown(self) -> None:
        """Left as it stands."""
        if hasattr(self, "world"):
            counts = self.world.counts
            counts["purchases"] += sum(deal.paid for deal in self.world.pier.deals)
            self.world.close()
