"""Every fact of an answer of the policy, exactly: sentences and votes are made of them."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.budgets import Budget, Reach
from bot.domain.money import LIMIT, AmountFault, BadAmount, Money
from bot.domain.orders import Event, NotAllowed, Proposal, State, apply
from bot.domain.people import Standing
from bot.domain.policy import (
    Absent,
    Denied,
    Fault,
    NeedsApproval,
    Policy,
    Request,
    Requirement,
    Rule,
    Tried,
    decide,
    rounded_up,
)
from bot.domain.quorum import absent
from tests.domain.sample import ANA, BEN, CLEO, DAN, FAY, NOW, POLICY, ROSTER, SMALL, in_state

ASKED = Request(
    requester=ANA,
    provider="kriptomat",
    asset="btc",
    cost=Money.of(255, "EUR"),
    has_reason=False,
    priced=False,
)
FITS = (Tried(rule=SMALL, mismatch=None),)


def budget(name: str, currency: str = "EUR", **limits: Any) -> Budget:
    return Budget(name=name, limit=Money.of(9000, currency), per="day", **limits)


def limited(*budgets: Budget) -> Policy:
    return replace(POLICY, budgets=budgets)


def ruled(rule: Rule, **groups: tuple[str, ...]) -> Policy:
    return replace(POLICY, rules=(rule,), groups={**POLICY.groups, **groups})


def test_an_order_draws_on_every_budget_that_covers_it_and_on_no_other() -> None:
    """By requester, provider, asset and currency, each by itself."""
    mine = [
        budget("all"),
        budget("buyers", requesters=("buyers",)),
        budget("here", providers=("kriptomat",)),
        budget("coin", assets=("btc",)),
    ]
    others = [
        budget("approvers", requesters=("approvers",)),
        budget("there", providers=("oak",)),
        budget("ether", assets=("eth",)),
        budget("dollars", "USD"),
    ]
    assert decide(limited(*others, *mine), ROSTER, ASKED) == NeedsApproval(
        rule=SMALL,
        eligible=frozenset({BEN, CLEO, FAY}),
        budgets=tuple(sorted(mine, key=lambda one: one.name)),
        tried=FITS,
    )
    assert decide(limited(*others), ROSTER, ASKED) == Denied(
        fault=Fault.NO_BUDGET, rule=SMALL, tried=FITS
    )
    by_ben = replace(ASKED, requester=BEN)
    assert decide(limited(others[0]), ROSTER, by_ben) == NeedsApproval(
        rule=SMALL, eligible=frozenset({CLEO, FAY}), budgets=(others[0],), tried=FITS
    )


def test_a_budget_reaches_whoever_its_groups_name_whatever_they_are_by_now() -> None:
    """Dan is a guest by now; what he has spent does not come back by that."""
    own = budget("own", requesters=("people", "gone"))
    policy = replace(limited(own, budget("all")), groups={"people": (DAN, "S0TREASURY")})
    assert policy.reaches(ROSTER) == (
        Reach(own, frozenset({DAN, CLEO, FAY})),
        Reach(budget("all"), None),
    )


@pytest.mark.parametrize("typed", [True, False])
def test_a_price_that_nobody_tells_is_refused_with_the_rule(*, typed: bool) -> None:
    """Wanted by the rule, or by ``max``."""
    rule = replace(SMALL, quote_required=not typed)
    fits = (Tried(rule=rule, mismatch=None),)
    asked = replace(ASKED, has_max_price=typed)
    assert decide(ruled(rule), ROSTER, asked) == Denied(fault=Fault.NO_PRICE, rule=rule, tried=fits)
    assert isinstance(decide(ruled(rule), ROSTER, replace(asked, priced=True)), NeedsApproval)


BOARD = replace(SMALL, approvals=(Requirement(group="board", count=3),))
MIXED = (BEN, DAN, "U0GONE", ANA, "S0TREASURY", "S0EMPTY")


def test_too_few_approvers_are_told_with_everybody_who_cannot_vote_and_why() -> None:
    """Who is able, who is missing, and each name of the file that does not help."""
    policy = ruled(BOARD, board=(BEN, DAN, "U0GONE", ANA, "S0EMPTY"))
    lost = (
        Absent(who=DAN, standing=Standing.GUEST),
        Absent(who="U0GONE", standing=Standing.UNKNOWN),
        Absent(who=ANA, standing=Standing.MEMBER),
        Absent(who="S0EMPTY", standing=Standing.UNKNOWN),
    )
    assert decide(policy, ROSTER, ASKED) == Denied(
        fault=Fault.TOO_FEW_APPROVERS,
        rule=BOARD,
        missing=(Requirement(group="board", count=2),),
        able=frozenset({BEN}),
        absent=lost,
        tried=(Tried(rule=BOARD, mismatch=None),),
    )


def test_whoever_is_in_a_user_group_is_looked_at_one_by_one() -> None:
    """Cleo is in one, and asks; Fay, who is in it too, can vote and is not told."""
    policy = ruled(BOARD, board=MIXED)
    assert absent(policy, ROSTER, BOARD, CLEO) == (
        Absent(who=DAN, standing=Standing.GUEST),
        Absent(who="U0GONE", standing=Standing.UNKNOWN),
        Absent(who=CLEO, standing=Standing.MEMBER),
        Absent(who="S0EMPTY", standing=Standing.UNKNOWN),
    )


def test_the_largest_amount_there_is_is_taken_and_the_next_is_told_as_too_large() -> None:
    """A limit is part of what it allows."""
    assert rounded_up(LIMIT, LIMIT / LIMIT, "EUR").amount == LIMIT
    with pytest.raises(BadAmount) as told:
        rounded_up(LIMIT, LIMIT / LIMIT + LIMIT.scaleb(-40), "EUR")
    assert told.value.kind is AmountFault.TOO_LARGE


def test_a_proposal_falls_when_the_state_changes_and_stands_until_then() -> None:
    """What somebody said of an order in doubt says nothing of one that has moved on."""
    said = Proposal(bought=False, ref=None, by=BEN, at=NOW, because="not there")
    doubtful = in_state(State.IN_DOUBT, proposal=said)
    assert apply(doubtful, Event.LOOKED_UP).proposal == said
    assert apply(doubtful, Event.ACCEPTED).proposal is None


def test_what_cannot_happen_says_what_and_to_what() -> None:
    """It is read in a log, long after."""
    with pytest.raises(NotAllowed, match=r"^voted cannot happen to an order that is completed$"):
        apply(in_state(State.COMPLETED), Event.VOTED)
