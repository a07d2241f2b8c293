"""Whose vote counts when people are asked anew: nobody gains one by joining a group meanwhile."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import Person, Roster
from bot.domain.policy import Policy, Requirement, Rule, eligible_anew, eligible_approvers
from tests.domain.sample import ANA, BEN, CLEO, DAN, FAY, POLICY, ROSTER, SMALL

BOARD = replace(SMALL, approvals=(Requirement(group="board", count=1),))
BOTH = replace(SMALL, approvals=(*SMALL.approvals, *BOARD.approvals))
HOUSE = replace(POLICY, groups={**POLICY.groups, "board": (FAY, ANA)}, rules=(BOTH,))


def anew(rule: Rule, then: set[str], policy: Policy = HOUSE) -> frozenset[str]:
    return eligible_anew(policy, ROSTER, rule, ANA, before=SMALL, then=then)


def test_under_the_same_rule_only_those_may_vote_who_could_then() -> None:
    """Cleo joined the approvers after the request, so this order is none of hers."""
    assert anew(SMALL, {BEN, FAY}) == {BEN, FAY}
    assert eligible_approvers(HOUSE, ROSTER, SMALL, ANA) == {BEN, CLEO, FAY}


def test_who_has_left_since_may_not_vote_either() -> None:
    """Both conditions hold: then, and now."""
    assert anew(SMALL, {BEN, DAN, "U0GONE"}) == {BEN}


def test_another_rule_lets_the_people_of_another_group_in() -> None:
    """The board could not vote before because the rule did not ask it."""
    assert anew(BOARD, {BEN, CLEO}) == {FAY}


def test_a_latecomer_to_a_group_that_could_decide_gains_nothing_by_another_one() -> None:
    """Fay joined the approvers late; that she is on the board as well must not help her there."""
    assert anew(BOTH, {BEN, CLEO}) == {BEN, CLEO}
    assert anew(BOTH, {BEN, FAY}) == {BEN, FAY}


def test_the_requester_never_votes_whatever_is_asked_anew() -> None:
    """Ana sits on the board."""
    assert ANA not in anew(BOARD, {ANA, BEN})


USERS = [f"U0{letter}" for letter in "ABCDE"]
CROWD = Roster(people={one: Person(id=one, name=one, team="") for one in USERS})
GROUPS = st.fixed_dictionaries(
    {name: st.lists(st.sampled_from(USERS), max_size=4).map(tuple) for name in ("a", "b", "c")}
)
ASKS = st.lists(st.sampled_from("abc"), min_size=1, max_size=2, unique=True).map(
    lambda names: replace(
        SMALL, approvals=tuple(Requirement(group=name, count=1) for name in names)
    )
)


@given(groups=GROUPS, before=ASKS, now=ASKS, then=st.sets(st.sampled_from(USERS)))
def test_nobody_gets_in_who_could_have_been_let_in_for_one_vote(
    groups: dict[str, tuple[str, ...]], before: Rule, now: Rule, then: set[str]
) -> None:
    """For every person: eligible now, and not merely because they joined a deciding group late."""
    policy = Policy(groups=groups, rules=(now,))
    asked = eligible_anew(policy, CROWD, now, USERS[0], before=before, then=then)

    shared = {need.group for need in now.approvals} & {need.group for need in before.approvals}
    for user in USERS:
        could = any(user in groups[need.group] for need in now.approvals) and user != USERS[0]
        joined = user not in then and any(user in groups[name] for name in shared)
        assert (user in asked) is (could and not joined)
