"""What ``/buy explain`` and ``/buy policy`` say, and that Slack takes the longest of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.budgets import Budget
from bot.domain.money import Money
from bot.domain.orders import Envelope, State, Vote
from bot.domain.people import Person, Roster, Standing
from bot.domain.policy import Absent, Mismatch, Policy, Requirement, Rule, Tried
from bot.domain.quotes import PriceBand
from bot.workflow.explaining import Explanation, Voters
from commands.limits import validate_message
from commands.pages import MORE, paged
from commands.room import Reply
from commands.words import cut, explaining, policy, span, unmarked
from tests.commands.made import ANA, BEN, CLEO, NASTY, NOW, POLICY, RULE, SETTING, full, order

OTHER = Rule(name="other", up_to=Money.of(5, "USD"), approvals=RULE.approvals, assets=("eth",))


def explained(**changes: Any) -> Explanation:
    """Ana's order, which waits for Ben and Cleo."""
    given: dict[str, Any] = {
        "requester": ANA,
        "cost": "255.00 EUR",
        "order": order(),
        "is_real": True,
        "tried": (Tried(rule=RULE, mismatch=None),),
        "voters": Voters(can=frozenset({CLEO}), missing=RULE.approvals),
    }
    return Explanation(**{**given, **changes})


def text(one: Explanation, reader: str = ANA) -> str:
    return "\n".join(explaining.told(one, POLICY, SETTING.titles, reader=reader))


def taken(reply: Reply) -> bool:
    return validate_message(reply.text, reply.blocks or None) == []


def test_somebody_else_reads_of_the_requester_in_the_third_person() -> None:
    """ "You are not among them" told to an approver would be about the approver."""
    mine = replace(RULE, requesters=("buyers",))
    absent = (Absent(who=ANA, standing=Standing.MEMBER), Absent(who=BEN, standing=Standing.GUEST))
    one = explained(
        tried=(Tried(rule=mine, mismatch=Mismatch.REQUESTER),),
        voters=Voters(can=frozenset(), missing=RULE.approvals, absent=absent),
    )
    assert "and you are not among them" in text(one)
    assert "• you, on your own request\n• <@U0BEN>, a guest" in text(one)
    assert f"and <@{ANA}> is not among them" in text(one, CLEO)
    assert f"• <@{ANA}>, who asked for it" in text(one, CLEO)


def test_whoever_came_later_or_left_is_named_with_the_reason() -> None:
    """They see a card whose buttons answer them with a no."""
    late, left = frozenset({"U0LATE"}), frozenset({"U0LEFT"})
    voters = Voters(can=frozenset(), missing=RULE.approvals, late=late, left=left)
    said = text(explained(voters=voters))
    assert "• <@U0LATE>, who became an approver after it was asked for" in said
    assert "• <@U0LEFT>, no longer in its groups" in said
    assert "Can vote: nobody." in said


def test_what_has_changed_since_it_was_shown_is_told() -> None:
    """Whoever wonders why a vote would not count reads it here."""
    said = text(explained(changed=("rule small: up to 1.00 EUR → 2.00 EUR",)))
    assert "• rule small: up to 1.00 EUR → 2.00 EUR\nAt the next vote" in said


def test_rules_behind_the_one_that_decides_are_told_as_not_looked_at() -> None:
    """First match: a later rule that would fit as well says nothing."""
    said = text(explained(untried=(OTHER,)))
    assert "1. ✅ “small” *fits and decides*" in said
    assert "2. “other” is not looked at" in said


@pytest.mark.parametrize(
    ("band", "told"),
    [
        (PriceBand(), "no price protection"),
        (PriceBand(drift=RULE.up_to.amount / 20000, wanted=True), "more than 5% above that price"),
        (PriceBand(ceiling=RULE.up_to.amount), "not sent above 1,000.00 EUR"),
    ],
)
def test_what_protects_the_price_is_told(band: PriceBand, told: str) -> None:
    """With a price, with a maximum, with neither."""
    assert told in text(explained(order=order(band=band)))


def test_the_time_that_is_left_depends_on_where_the_order_stands() -> None:
    """Until the decision, until it is sent, and never after that."""
    assert "people have until <!date" in text(explained())
    approved = order(State.APPROVED, valid_until=NOW + timedelta(hours=1))
    assert "the approval is good until <!date" in text(explained(order=approved))
    assert "no approval can run out" in text(explained(order=order(State.COMPLETED)))
    assert "people have 8 hours to decide" in text(explained(is_real=False))


def test_an_order_of_a_recurring_purchase_tells_who_approved_the_whole_of_it() -> None:
    """Its rule fits the total, which would look wrong without a word."""
    votes = (Vote(voter=BEN, digest="d", at=NOW),)
    total = Money.of(3000, "EUR")
    envelope = Envelope(schedule="REC-7K3FQ", digest="d", total=total, votes=votes)
    said = text(explained(order=order(envelope=envelope), cost=total.human))
    assert "approved with all of REC-7K3FQ by <@U0BEN>" in said
    assert "whose total may be 3,000.00 EUR with fees" in said


def test_a_policy_is_told_as_sentences() -> None:
    """As it stands in the file, and nobody has to know the file's language."""
    one = replace(
        RULE,
        requesters=("buyers", "heads"),
        providers=("kriptomat", "toy"),
        assets=("btc", "eth"),
        require_reason=True,
        quote_required=True,
    )
    assert policy.rule(one, SETTING.titles) == (
        "Members of buyers or heads may ask for up to 1,000.00 EUR of BTC or ETH at Kriptomat or"
        " toy, fees included. 2 people from approvers must approve. It wants a reason and a price"
        " that is read before people are asked."
    )
    assert policy.rule(RULE, {}).startswith("Anybody in the workspace may ask for up to 1,000.00")
    budget = Budget(name="m", limit=Money.of(5, "EUR"), per="30d", assets=("btc",))
    assert "*m*: 5.00 EUR in any 30 days, orders of BTC" in policy.bare_limits([budget], {})
    assert "There are no budgets" in policy.bare_limits([], {})


def test_a_group_names_whom_it_does_not_count() -> None:
    """A guest in a group looks like an approver until the day somebody needs the vote."""
    people = {ANA: Person(id=ANA, name="Ana", team="T"), BEN: Person(id=BEN, name="B", team="X")}
    mixed = Policy(groups={"all": (ANA, BEN, "S0EMPTY")}, rules=(RULE,))
    said = policy.groups(mixed, Roster(team="T", people=people))
    assert f"• *all*: <@{ANA}>. Not counted: <@{BEN}>, of another workspace;" in said
    assert "the user group S0EMPTY, empty or unknown at Slack" in said


def test_the_longest_policy_and_explanation_still_fit_into_slack() -> None:
    """A treasury with a hundred rules is told as much as Slack takes, cut between lines."""
    rule = replace(RULE, name=NASTY * 3, requesters=(NASTY,), assets=("btc",) * 50)
    rule = replace(rule, approvals=tuple(Requirement(group=NASTY, count=9) for _ in range(20)))
    many = Policy(
        groups={f"{NASTY}{number}": (BEN, CLEO, "S0EMPTY") for number in range(300)},
        rules=(rule,) * 100,
    )
    reply = paged(
        [policy.rules(many, {}), policy.groups(many, SETTING.roster), policy.times(many)] * 2
    )
    assert taken(reply)
    assert reply.blocks[-1]["text"]["text"] == MORE
    tried = (Tried(rule=rule, mismatch=Mismatch.AMOUNT),) * 100
    one = explained(order=full(State.PENDING_APPROVAL, NASTY * 100), tried=tried, untried=(rule,))
    assert taken(paged(explaining.told(one, many, {"kriptomat": NASTY}, reader=CLEO)))


def test_a_long_part_is_cut_between_lines_and_loses_nothing() -> None:
    """Half a line could be half a mention."""
    lines = [f"line {number} <@U0{number}>" for number in range(1000)]
    chunks = list(cut("\n".join(lines)))
    assert "\n".join(chunks).split("\n") == lines
    assert all(len(chunk) <= 2900 for chunk in chunks)
    assert next(cut("word " * 1000)).endswith("word…")


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (timedelta(hours=1, minutes=30), "1 hour 30 minutes"),
        (timedelta(days=2, seconds=1), "2 days 1 second"),
        (timedelta(0), "no time"),
    ],
)
def test_a_length_of_time_is_told_exactly(length: timedelta, told: str) -> None:
    """``valid_for = "90m"`` must not be told as one hour."""
    assert span(length) == told


def test_a_sentence_for_a_terminal_has_no_marks_of_slack() -> None:
    """The same sentences are printed by the program."""
    said = "*small*: <@U0ANA> &amp; co until <!date^1^{date}|2026-11-24 09:00 UTC>, `via` a_b*c"
    assert unmarked(said) == "small: U0ANA & co until 2026-11-24 09:00 UTC, via a_b*c"
