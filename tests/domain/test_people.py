"""Who counts as a member: everybody whose vote can move money, and nobody else."""

from dataclasses import replace
from itertools import product

import pytest

from bot.domain.people import Person, Roster, Standing
from tests.domain.sample import ANA, BEN, CLEO, DAN, EVE, FAY, ROSTER

PERSON = Person(id=ANA, name="Ana", team="T0HOME")


@pytest.mark.parametrize(
    ("person", "standing"),
    [
        (PERSON, Standing.MEMBER),
        (replace(PERSON, is_guest=True), Standing.GUEST),
        (replace(PERSON, is_bot=True), Standing.BOT),
        (replace(PERSON, is_deactivated=True), Standing.DEACTIVATED),
        (replace(PERSON, team="T0OTHER"), Standing.STRANGER),
        (replace(PERSON, team=""), Standing.STRANGER),
    ],
)
def test_each_person_has_one_standing(person: Person, standing: Standing) -> None:
    """Each of these has been a way to slip a vote past a policy somewhere."""
    assert Roster(team="T0HOME", people={ANA: person}).standing(ANA) is standing


def test_somebody_not_on_the_roster_is_unknown() -> None:
    """Not knowing somebody is not the same as knowing them to be a member."""
    assert ROSTER.standing("U0NOBODY") is Standing.UNKNOWN


@pytest.mark.parametrize(
    ("guest", "bot", "gone", "team"),
    [
        facts
        for facts in product((False, True), (False, True), (False, True), ("T0HOME", "T0OTHER"))
        if facts != (False, False, False, "T0HOME")
    ],
)
def test_only_a_spotless_account_is_a_member(
    *, guest: bool, bot: bool, gone: bool, team: str
) -> None:
    """Whatever combination Slack reports, one blemish is enough."""
    one = replace(PERSON, is_guest=guest, is_bot=bot, is_deactivated=gone, team=team)
    assert Roster(team="T0HOME", people={ANA: one}).standing(ANA) is not Standing.MEMBER


def test_members_are_the_people_named_and_those_of_the_user_groups() -> None:
    """A group of the policy may name both; guests and strangers in it do not count."""
    named = ROSTER.members((BEN, DAN, EVE, "U0NOBODY", "S0TREASURY", "S0GONE"))
    assert named == {BEN, CLEO, FAY}


def test_a_name_is_shown_and_an_unknown_person_by_id() -> None:
    """A card can be made for everybody."""
    assert (ROSTER.name(ANA), ROSTER.name("U0NOBODY")) == ("Ana", "U0NOBODY")
