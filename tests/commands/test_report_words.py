"""The report of the worst month there can be: Slack takes it, and nobody's name formats it."""

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

from bot.domain.months import Month
from bot.domain.people import Person, Roster
from bot.domain.reports import Line, Promised, Report, Share
from bot.domain.states import State
from commands import reports
from commands.limits import validate_message
from commands.room import Room
from commands.words import reports as words
from tests.commands.made import NASTY, NOW, SETTING, TEAM

HUGE = Decimal("99999999999999.99")
CROWD = [f"U0{number:09d}" for number in range(60)]


def told(**changes: Any) -> Report:
    """November, in which nothing was spent."""
    given: dict[str, Any] = {
        "month": Month(2026, 11),
        "at": NOW,
        "lines": (),
        "requesters": (),
        "approvers": (),
        "reserved": Promised(),
        "in_doubt": Promised(),
        "unspent": {},
        "days": {},
        "before": {},
        "runs": False,
    }
    return Report(**{**given, **changes})


def test_the_worst_month_fits_and_no_name_becomes_a_mention() -> None:
    """Sixty people with hostile names, sixty assets, ten currencies, each as large as it comes."""
    people = {user: Person(id=user, name=NASTY * 3, team=TEAM) for user in CROWD}
    setting = replace(SETTING, roster=Roster(team=TEAM, people=people))
    currencies = {f"C{number:02d}"[:3]: HUGE for number in range(10)}
    shares = tuple(Share(user=user, count=99999, sums=dict(currencies)) for user in CROWD)
    lines = tuple(
        Line(provider=NASTY, asset="a" * 90, currency="EUR", count=9, spent=HUGE, quantity=HUGE)
        for _ in CROWD
    )
    promised = Promised(count=9999, sums=dict(currencies))
    month = told(
        lines=lines,
        requesters=shares,
        approvers=shares,
        reserved=promised,
        in_doubt=promised,
        unspent=dict.fromkeys(State, 9999),
        days={one: {"btc": (HUGE,) * 31} for one in currencies},
        before=currencies,
        runs=True,
    )
    room = SimpleNamespace(setting=lambda: setting, desk=SimpleNamespace(zone=ZoneInfo("UTC")))
    reply = reports._message(cast("Room", room), month, drawn=True)
    assert validate_message(reply.text, reply.blocks) == []
    shown = str(reply.blocks) + reply.text
    assert "<!channel>" not in shown
    assert reply.text.endswith("\n…")


def test_a_finished_month_is_told_against_the_one_before() -> None:
    """More, less, the same, and from nothing; a month that runs is not held against a whole one."""

    def compared(now: str, before: str, *, runs: bool = False) -> str:
        line = Line(provider="oak", asset="btc", currency="EUR", count=1, spent=Decimal(now))
        month = told(lines=(line,), before={"EUR": Decimal(before)}, runs=runs)
        return words.spent(month, {"oak": "Oak"}).split("\n")[1]

    whole = "EUR in the whole of October 2026"
    assert compared("150", "100") == f"• 100 {whole}: 50 EUR more now (50%)"
    assert compared("25", "100") == f"• 100 {whole}: 75 EUR less now (75%)"
    assert compared("100", "100") == f"• 100 {whole}: the same"
    assert compared("100", "0") == f"• 0 {whole}: 100 EUR more now"
    assert compared("25", "100", runs=True) == f"• 100 {whole}"


def test_what_waits_for_approval_is_not_told_as_ended() -> None:
    """“Ended without a purchase: 2 pending approval” would be wrong: they may still be bought."""
    month = told(unspent={State.PENDING_APPROVAL: 2, State.DENIED: 1})
    waiting, *_, ended = words.rest(month).split("\n")
    assert waiting == "*Waiting for approval:* 2 orders"
    assert ended == "*Ended without a purchase:* 1 denied"
