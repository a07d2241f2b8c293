"""Does this click count? Each answer, and which one is given when several would be true."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.envelopes import Envelope
from bot.domain.orders import Order, State, Vote
from bot.domain.people import Person, Roster, Standing
from bot.domain.policy import Policy, Requirement
from bot.domain.voting import Answer, Verdict, judge, judge_cancel, still_missing
from tests.domain.sample import (
    ANA,
    BEN,
    CLEO,
    DAN,
    EVE,
    FAY,
    LARGE,
    NOW,
    POLICY,
    ROSTER,
    in_state,
    order,
)


def verdict(one: Order, voter: str = BEN, **changes: Any) -> Verdict:
    given: dict[str, Any] = {
        "digest": one.digest,
        "policy": POLICY,
        "roster": ROSTER,
        "now": NOW + timedelta(minutes=1),
    }
    return judge(one, voter=voter, **{**given, **changes})


def voted(one: Order, *voters: str, digest: str | None = None) -> Order:
    votes = tuple(Vote(voter=who, digest=digest or one.digest, at=NOW) for who in voters)
    return replace(one, votes=votes)


@pytest.mark.parametrize("voter", [BEN, CLEO, FAY])
def test_every_eligible_approver_in_time_counts(voter: str) -> None:
    """Named by id or by a user group, both are approvers."""
    assert verdict(order(), voter).answer is Answer.COUNTED


@pytest.mark.parametrize(
    ("voter", "standing"),
    [(DAN, Standing.GUEST), (EVE, Standing.STRANGER), ("U0NOBODY", Standing.UNKNOWN)],
)
def test_who_is_no_member_does_not_count(voter: str, standing: Standing) -> None:
    """A card can be seen, and clicked, by guests and by people of shared channels."""
    said = verdict(order(eligible=frozenset({voter})), voter)
    assert (said.answer, said.standing) == (Answer.NOT_A_MEMBER, standing)


@pytest.mark.parametrize("state", sorted(set(State) - {State.PENDING_APPROVAL}))
def test_a_vote_on_a_decided_order_changes_nothing(state: State) -> None:
    """The second of two quick clicks hears what has become true."""
    assert verdict(in_state(state), CLEO).answer is Answer.CLOSED


@pytest.mark.parametrize(
    ("now", "answer"),
    [
        (order().expires_at - timedelta(microseconds=1), Answer.COUNTED),
        (order().expires_at, Answer.TOO_LATE),
    ],
)
def test_the_last_instant_counts_and_the_next_is_too_late(now: Any, answer: Answer) -> None:
    """The clock may be late in closing the card; the vote is late all the same."""
    assert verdict(order(), now=now).answer is answer


def test_nobody_votes_on_an_order_of_their_own() -> None:
    """Ben is an approver, and asked for it himself."""
    assert verdict(order(requester=BEN), BEN).answer is Answer.OWN_ORDER


def test_a_member_who_is_no_approver_does_not_count() -> None:
    """Buyers ask; they do not decide unless the policy says so."""
    asked = order(requester=CLEO, eligible=frozenset({ANA, BEN}))
    assert verdict(asked, ANA).answer is Answer.NOT_AN_APPROVER


def test_who_became_an_approver_later_cannot_vote_on_it() -> None:
    """Otherwise a friend could be made an approver for the order at hand."""
    assert verdict(order(eligible=frozenset({BEN})), CLEO).answer is Answer.JOINED_LATER


def test_who_is_no_approver_any_more_cannot_vote() -> None:
    """Eligible then, not today: the policy of today counts as well."""
    left = replace(POLICY, groups={**POLICY.groups, "approvers": (BEN,)})
    assert verdict(order(), CLEO, policy=left).answer is Answer.NOT_AN_APPROVER


@pytest.mark.parametrize("digest", ["", "0" * 64, order(revision=1).digest])
def test_a_vote_for_another_text_is_no_vote(digest: str) -> None:
    """The button carries what its card showed; an older card is another question."""
    assert verdict(order(), digest=digest).answer is Answer.OLD_CARD


def test_one_person_counts_once() -> None:
    """A double click is one vote, and the person hears since when."""
    said = verdict(voted(order(), BEN))
    assert (said.answer, said.voted_at) == (Answer.ALREADY_VOTED, NOW)


def test_the_first_true_reason_is_the_one_that_is_told() -> None:
    """Each fault outweighs those after it: a guest on an expired card of an old text is a guest."""
    one = voted(order(requester=BEN, eligible=frozenset()), BEN)
    late = one.expires_at
    nobody = replace(POLICY, groups={**POLICY.groups, "approvers": ()})
    gone = Roster(team="T0HOME", people={BEN: Person(id=BEN, name="Ben", team="T0OTHER")})
    closed = replace(one, state=State.DENIED)
    asked_by_ana = replace(one, requester=ANA)
    listed = replace(asked_by_ana, eligible=frozenset({BEN}))

    told = [
        verdict(closed, now=late, digest="", roster=gone, policy=nobody),
        verdict(closed, now=late, digest="", policy=nobody),
        verdict(one, now=late, digest="", policy=nobody),
        verdict(one, digest="", policy=nobody),
        verdict(asked_by_ana, digest="", policy=nobody),
        verdict(asked_by_ana, digest=""),
        verdict(listed, digest=""),
        verdict(listed, digest=listed.digest),
    ]

    assert [said.answer for said in told[:-1]] == [
        Answer.NOT_A_MEMBER,
        Answer.CLOSED,
        Answer.TOO_LATE,
        Answer.OWN_ORDER,
        Answer.NOT_AN_APPROVER,
        Answer.JOINED_LATER,
        Answer.OLD_CARD,
    ]
    assert told[-1].answer is Answer.ALREADY_VOTED


@pytest.mark.parametrize("answer", Answer)
def test_only_these_answers_mean_that_something_was_written(answer: Answer) -> None:
    """Whatever else is said, the order stands as it stood."""
    written = {Answer.COUNTED, Answer.DECIDED, Answer.DENIED, Answer.CANCELLED}
    written |= {Answer.LOOKING, Answer.PROPOSED, Answer.SETTLED, Answer.OBJECTED}
    written |= {Answer.PAYER, Answer.SAID_PAID, Answer.TAKING_BACK, Answer.SNOOZED}
    assert Verdict(answer=answer).counts is (answer in written)


PAIR = order(rule=LARGE)


@pytest.mark.parametrize(
    ("one", "missing"),
    [
        (PAIR, 2),
        (voted(PAIR, BEN), 1),
        (voted(PAIR, BEN, CLEO), 0),
        (voted(PAIR, BEN, CLEO, digest="of an older card"), 2),
        (voted(PAIR, BEN, ANA), 1),
        (voted(PAIR, BEN, DAN), 1),
        (voted(replace(PAIR, eligible=frozenset({BEN})), BEN, CLEO), 1),
        (voted(replace(PAIR, requester=BEN), BEN, CLEO), 1),
    ],
)
def test_only_votes_that_are_good_at_this_moment_are_counted(one: Order, missing: int) -> None:
    """Asked once more at the moment of sending: who voted must still be eligible, for this text."""
    open_ones = still_missing(one, policy=POLICY, roster=ROSTER)
    assert sum(need.count for need in open_ones) == missing


def test_of_an_envelope_only_votes_for_exactly_what_it_is_are_counted() -> None:
    """Somebody changed what is stored, or another version shows more: nobody agreed to that."""
    votes = tuple(Vote(voter=who, digest="a" * 64, at=NOW) for who in (BEN, CLEO))
    whole = Envelope(schedule="REC-7K3FQ", digest="a" * 64, total=PAIR.terms.cost, votes=votes)
    for envelope, missing in ((whole, ()), (replace(whole, digest="b" * 64), PAIR.rule.approvals)):
        one = replace(PAIR, envelope=envelope)
        assert still_missing(one, policy=POLICY, roster=ROSTER) == missing


def test_a_voter_who_left_since_is_missing_again() -> None:
    """Approvals are held against the people of now, not of then."""
    decided = voted(PAIR, BEN, CLEO)
    without = replace(POLICY, groups={**POLICY.groups, "approvers": ("S0TREASURY",)})
    assert still_missing(decided, policy=without, roster=ROSTER) == (
        Requirement(group="approvers", count=1),
    )


UNDER_WAY = {State.SUBMITTING, State.IN_DOUBT, State.ACCEPTED, State.AWAITING_PAYMENT}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("person", [ANA, CLEO])
def test_requester_and_approver_take_it_back_until_it_is_sent(state: State, person: str) -> None:
    """After the first byte has left, "cancelled" would be a wish told as a fact."""
    expected = Answer.CLOSED
    if state in {State.PENDING_APPROVAL, State.APPROVED}:
        expected = Answer.CANCELLED
    elif state in UNDER_WAY:
        expected = Answer.ON_ITS_WAY

    said = judge_cancel(in_state(state), person=person, policy=POLICY, roster=ROSTER)

    assert said.answer is expected


@pytest.mark.parametrize(
    ("person", "answer"),
    [(DAN, Answer.NOT_A_MEMBER), (EVE, Answer.NOT_A_MEMBER), (BEN, Answer.NOT_YOURS)],
)
def test_nobody_else_takes_it_back(person: str, answer: Answer) -> None:
    """Stopping somebody's purchase is a right of its own."""
    nobody: Policy = replace(POLICY, groups={**POLICY.groups, "approvers": ("S0TREASURY",)})
    said = judge_cancel(
        order(requester=person if person != BEN else ANA),
        person=person,
        policy=nobody,
        roster=ROSTER,
    )
    assert said.answer is answer


def test_a_requester_who_is_no_member_any_more_cannot_cancel() -> None:
    """An account that was taken over or deactivated has no say."""
    gone = Roster(team="T0HOME", people={})
    said = judge_cancel(order(), person=ANA, policy=POLICY, roster=gone)
    assert (said.answer, said.standing) == (Answer.NOT_A_MEMBER, Standing.UNKNOWN)
