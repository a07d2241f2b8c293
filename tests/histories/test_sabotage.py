"""The test of the test: what protects the money is broken on purpose, and a history shows it."""

from pathlib import Path
from typing import Any

import pytest

from tests.histories.kinds import Kind, Twice
from tests.histories.law import Violation
from tests.histories.machine import Histories
from tests.histories.policies import Policies
from tests.histories.search import search
from tests.histories.world import Sabotage, Tally

ENOUGH = 400
"""Histories; what is broken shows within few of them; more would hide a search that is blind."""

SHORT = 15
"""Steps of a history."""


def hunt(blank: Path, machine: type[Histories] = Histories, **how: Any) -> None:
    """Search for what is broken; ``how`` as ``search`` takes it."""
    search(machine, blank=blank, tally=Tally(), histories=ENOUGH, **how)


def test_an_intent_that_is_not_on_the_disk_when_the_vendor_is_called_is_found(blank: Path) -> None:
    """Intent first: a crash after the call must not leave a file that knows nothing of it."""
    with pytest.raises(Violation, match="never written down"):
        hunt(
            blank,
            sabotage=Sabotage(late_intent=True),
            limits=(False,),
        )


def test_a_process_that_takes_itself_for_the_one_before_is_found(blank: Path) -> None:
    """The boot id tells an older file that was put back; without it the approval is used again."""
    with pytest.raises(Violation, match="bought more than once"):
        hunt(
            blank,
            steps=SHORT,  # a long history seldom puts back a file that is old enough to matter
            sabotage=Sabotage(same_boot=True),
            limits=(False,),
            kinds=(Kind.ATTRIBUTES, Kind.NONE),
        )


def test_a_doubt_that_is_forgotten_is_found(blank: Path) -> None:
    """After a doubt no refusal settles the order: a duplicate is refused because it was bought."""
    with pytest.raises(Violation, match="ended as rejected"):
        hunt(
            blank,
            sabotage=Sabotage(forget_doubt=True),
            limits=(False,),
            kinds=(Kind.KEY_NONE, Kind.KEY_ATTRIBUTES),
            twices=(Twice.REFUSED,),
        )


def test_money_that_no_budget_finds_is_found(blank: Path) -> None:
    """The sum of a window is taken from the reservations; the law takes it from the orders."""
    with pytest.raises(Violation, match="although budget"):
        hunt(
            blank,
            sabotage=Sabotage(lose_money=True),
            limits=(True,),
        )


class Blinded(Policies):
    """The process never hears that somebody has left or joined."""

    blinded = True


class Lenient(Policies):
    """The process takes one vote for enough, whatever the rule says."""

    lenient = True


def test_votes_that_are_too_few_are_found(blank: Path) -> None:
    """The law counts the votes in the file itself, against the policy of the firm."""
    with pytest.raises(Violation, match=r"with the votes of .* only"):
        hunt(blank, Lenient, steps=20)


@pytest.mark.proof
@pytest.mark.timeout(600)
def test_votes_of_people_who_have_left_are_found(blank: Path) -> None:
    """The law knows the roster of the moment, and not from the bot."""
    with pytest.raises(Violation, match=r"is sent (with the votes of .* only|although no rule)"):
        hunt(blank, Blinded)
