"""Who may ask, who must say yes: default deny, first match, each person counted once."""

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import LIMIT, BadAmount, Money
from bot.domain.people import Person, Roster, Standing
from bot.domain.policy import (
    Denied,
    Fault,
    Mismatch,
    NeedsApproval,
    Policy,
    Request,
    Requirement,
    Rule,
    cost_with_fees,
    decide,
    eligible_approvers,
    unmet,
)
from tests.domain.sample import (
    ANA,
    BEN,
    CLEO,
    DAN,
    EVE,
    FAY,
    LARGE,
    POLICY,
    ROSTER,
    SMALL,
    monies,
)


def request(**changes: Any) -> Request:
    given: dict[str, Any] = {
        "requester": ANA,
        "provider": "kriptomat",
        "asset": "btc",
        "cost": Money.of(255, "EUR"),
        "has_reason": False,
        "priced": False,
    }
    return Request(**{**given, **changes})


def refused(policy: Policy, asked: Request) -> Denied:
    decision = decide(policy, ROSTER, asked)
    assert isinstance(decision, Denied)
    return decision


def test_the_first_rule_that_matches_decides() -> None:
    """A narrow rule before a wide one is how a treasurer writes an exception."""
    both = replace(POLICY, rules=(SMALL, replace(SMALL, name="same again")))

    decision = decide(both, ROSTER, request())

    assert isinstance(decision, NeedsApproval)
    assert decision.rule is SMALL
    assert decision.eligible == {BEN, CLEO, FAY}


def test_a_rule_that_does_not_fit_is_passed_by_with_its_reason() -> None:
    """The next rule decides, and the answer can tell why the first did not."""
    decision = decide(POLICY, ROSTER, request(cost=Money.of(1001, "EUR"), has_reason=True))

    assert isinstance(decision, NeedsApproval)
    assert decision.rule is LARGE
    assert [tried.mismatch for tried in decision.tried] == [Mismatch.AMOUNT, None]


@pytest.mark.parametrize(
    ("rule", "mismatch"),
    [
        (replace(SMALL, requesters=("approvers",)), Mismatch.REQUESTER),
        (replace(SMALL, requesters=()), Mismatch.REQUESTER),
        (replace(SMALL, providers=("oak",)), Mismatch.PROVIDER),
        (replace(SMALL, providers=()), Mismatch.PROVIDER),
        (replace(SMALL, assets=("eth",)), Mismatch.ASSET),
        (replace(SMALL, up_to=Money.of(1000, "USD")), Mismatch.CURRENCY),
        (replace(SMALL, up_to=Money.of("254.99", "EUR")), Mismatch.AMOUNT),
    ],
)
def test_no_fitting_rule_means_no(rule: Rule, mismatch: Mismatch) -> None:
    """Default deny: what nobody allowed is not allowed, for each way of not fitting."""
    no = refused(replace(POLICY, rules=(rule,)), request())

    assert no.fault is Fault.NO_RULE
    assert [tried.mismatch for tried in no.tried] == [mismatch]


def test_every_way_of_not_fitting_is_tried_above() -> None:
    """A new kind of condition needs its own line in the list."""
    assert {mismatch.name for mismatch in Mismatch} == {
        "REQUESTER",
        "PROVIDER",
        "ASSET",
        "CURRENCY",
        "AMOUNT",
    }


def test_no_rules_at_all_means_no() -> None:
    """An empty policy buys nothing."""
    assert refused(replace(POLICY, rules=()), request()) == Denied(fault=Fault.NO_RULE)


def test_an_order_of_exactly_the_limit_fits() -> None:
    """``up_to`` reads as "up to and including"."""
    assert isinstance(decide(POLICY, ROSTER, request(cost=SMALL.up_to)), NeedsApproval)


@pytest.mark.parametrize(
    ("requester", "standing"),
    [(DAN, Standing.GUEST), (EVE, Standing.STRANGER), ("U0NOBODY", Standing.UNKNOWN)],
)
def test_who_is_no_member_is_refused_before_any_rule(requester: str, standing: Standing) -> None:
    """Even a rule for everybody is for members only."""
    everybody = replace(POLICY, rules=(replace(SMALL, requesters=None),))
    assert refused(everybody, request(requester=requester)) == Denied(
        fault=Fault.NOT_A_MEMBER, standing=standing
    )


@pytest.mark.parametrize(
    ("rule", "changes", "fault"),
    [
        (replace(SMALL, require_reason=True), {}, Fault.REASON_MISSING),
        (replace(SMALL, require_reason=True), {"has_reason": True}, None),
        (replace(SMALL, quote_required=True), {}, Fault.NO_PRICE),
        (replace(SMALL, quote_required=True), {"priced": True}, None),
        (SMALL, {"has_max_price": True}, Fault.NO_PRICE),
        (SMALL, {"has_max_price": True, "priced": True}, None),
    ],
)
def test_the_deciding_rule_makes_its_demands(
    rule: Rule, changes: dict[str, Any], fault: Fault | None
) -> None:
    """A maximum that cannot be held against any price is a promise that would be broken."""
    decision = decide(replace(POLICY, rules=(rule, SMALL)), ROSTER, request(**changes))

    assert (decision.fault if isinstance(decision, Denied) else None) is fault
    assert decision.tried[-1].rule is rule


def test_a_deciding_rule_that_refuses_is_not_passed_by() -> None:
    """A later, laxer rule must not rescue what the deciding rule refuses."""
    strict = replace(SMALL, require_reason=True)
    no = refused(replace(POLICY, rules=(strict, SMALL)), request())
    assert (no.fault, no.rule) == (Fault.REASON_MISSING, strict)


def test_too_few_others_is_said_at_once_and_not_after_eight_hours() -> None:
    """Ben is one of three approvers; without himself two are left, and three are needed."""
    demanding = replace(SMALL, approvals=(Requirement(group="approvers", count=3),))
    policy = replace(POLICY, rules=(demanding,))

    no = refused(policy, request(requester=BEN))

    assert no.fault is Fault.TOO_FEW_APPROVERS
    assert no.missing == (Requirement(group="approvers", count=1),)
    assert isinstance(decide(policy, ROSTER, request(requester=ANA)), NeedsApproval)


@given(monies(), st.decimals(0, 1, places=4))
def test_a_cost_with_fees_is_never_rounded_down(amount: Money, allowance: Decimal) -> None:
    """A limit is held against the most that may leave; half a cent less would be a lie."""
    cost = cost_with_fees(amount, allowance)
    exact = Fraction(amount.amount) * (1 + Fraction(allowance))
    unit = Fraction(1, 10 ** -int(cost.amount.as_tuple().exponent))

    assert 0 <= Fraction(cost.amount) - exact < unit
    assert cost.currency == amount.currency


def test_a_cost_beyond_all_amounts_is_refused_as_an_amount() -> None:
    """The largest amount plus its fees is no amount any more, and that is said, not crashed on."""
    with pytest.raises(BadAmount):
        cost_with_fees(Money.of(LIMIT, "EUR"), Decimal("0.02"))


NAMES = ("U1", "U2", "U3", "U4", "U5")
TINY = Roster(team="T", people={one: Person(id=one, name=one, team="T") for one in NAMES})
GROUPS = st.fixed_dictionaries(
    {name: st.lists(st.sampled_from(NAMES), unique=True).map(tuple) for name in "abc"}
)
NEEDS = st.lists(
    st.builds(Requirement, group=st.sampled_from("abc"), count=st.integers(1, 2)),
    min_size=1,
    max_size=3,
)


def most_seats(groups: dict[str, tuple[str, ...]], rule: Rule, voters: Collection[str]) -> int:
    """By trying every seating: how many seats can be filled with distinct voters at most."""
    seats = [need.group for need in rule.approvals for _ in range(need.count)]
    sitting = [*voters, *[""] * len(seats)]
    return max(
        sum(who in groups[group] for who, group in zip(order, seats, strict=True))
        for order in permutations(sitting, len(seats))
    )


@given(GROUPS, NEEDS, st.frozensets(st.sampled_from(NAMES), max_size=4))
def test_distinct_people_fill_as_many_seats_as_any_seating_could(
    groups: dict[str, tuple[str, ...]], needs: list[Requirement], voters: frozenset[str]
) -> None:
    """Against brute force: nobody sits twice, and nobody is turned away who could be seated."""
    rule = replace(SMALL, approvals=tuple(needs[:2]))
    policy = Policy(groups=groups, rules=(rule,))
    seats = sum(need.count for need in rule.approvals)

    missing = unmet(policy, TINY, rule, voters)

    assert sum(need.count for need in missing) == seats - most_seats(groups, rule, voters)


@given(GROUPS, NEEDS, st.frozensets(st.sampled_from(NAMES)), st.sampled_from(NAMES))
def test_one_more_voter_never_leaves_more_open(
    groups: dict[str, tuple[str, ...]],
    needs: list[Requirement],
    voters: frozenset[str],
    another: str,
) -> None:
    """A yes can only help."""
    rule = replace(SMALL, approvals=tuple(needs))
    policy = Policy(groups=groups, rules=(rule,))

    before = sum(need.count for need in unmet(policy, TINY, rule, voters))
    after = sum(need.count for need in unmet(policy, TINY, rule, voters | {another}))

    assert before - 1 <= after <= before


def test_somebody_in_two_groups_takes_one_seat_only() -> None:
    """Two requirements are two people, however many groups one person is in."""
    rule = replace(
        SMALL, approvals=(Requirement(group="a", count=1), Requirement(group="b", count=1))
    )
    policy = Policy(groups={"a": ("U1", "U2"), "b": ("U1",)}, rules=(rule,))

    assert unmet(policy, TINY, rule, {"U1"}) == (Requirement(group="b", count=1),)
    assert unmet(policy, TINY, rule, {"U1", "U2"}) == ()


@given(GROUPS, NEEDS, st.sampled_from(NAMES))
def test_the_requester_can_never_approve(
    groups: dict[str, tuple[str, ...]], needs: list[Requirement], requester: str
) -> None:
    """Whatever groups somebody is in, nobody signs for themselves."""
    rule = replace(SMALL, approvals=tuple(needs))
    eligible = eligible_approvers(Policy(groups=groups, rules=(rule,)), TINY, rule, requester)

    named = {who for need in needs for who in groups[need.group]}
    assert eligible == named - {requester}


def test_guests_strangers_and_leavers_in_an_approver_group_do_not_count() -> None:
    """The configuration names ids; what they are today is asked of Slack."""
    mixed = replace(POLICY, groups={**POLICY.groups, "approvers": (BEN, DAN, EVE, "U0GONE")})
    assert eligible_approvers(mixed, ROSTER, SMALL, ANA) == {BEN}


def test_an_approver_is_whoever_any_rule_names() -> None:
    """Cancelling is open to approvers of any rule, not to buyers."""
    assert [POLICY.is_approver(one, ROSTER) for one in (BEN, CLEO, FAY, ANA, DAN)] == [
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("readers", "may"),
    [(None, {ANA, BEN, CLEO, FAY}), (("buyers",), {ANA, BEN, CLEO}), ((), set())],
)
def test_readers_are_the_groups_named_or_all_groups(
    readers: tuple[str, ...] | None, may: set[str]
) -> None:
    """Omitted means everybody in any group; guests and strangers never read."""
    policy = replace(POLICY, readers=readers)
    everybody = {ANA, BEN, CLEO, DAN, EVE, FAY, "U0NOBODY"}
    assert {one for one in everybody if policy.is_reader(one, ROSTER)} == may
