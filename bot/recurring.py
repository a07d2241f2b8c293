"""``countersign schedules`` and ``schedule ID``: what recurs, for operators on the machine."""

import asyncio
import json
from typing import Annotated, Any

import typer
from rich.markup import escape

from bot.by_hand import Yes, now_and_actor, reason, written
from bot.domain.canonical import plain
from bot.domain.ids import schedule_id
from bot.domain.occurring import Run
from bot.domain.schedule_votes import Said
from bot.domain.schedules import OPEN, Schedule, ScheduleState
from bot.operator import give_up, told
from bot.records import Json, console_of_width, looked_up, moment, section, table_of
from bot.workflow import changing, operating
from commands.words import schedules as words

app = typer.Typer()

REFUSED = 1
"""Exit code: there is no such schedule, or it cannot be done to it as it is."""


@app.command()
def schedules(
    state: Annotated[
        str | None, typer.Option("--state", help="One state, such as paused; else all open ones.")
    ] = None,
    as_json: Json = False,  # noqa: FBT002 - a switch of the command line
) -> None:
    """List what recurs, oldest first; beside a running bot."""
    states = OPEN if state is None else {_state(state)}
    with told():
        found = asyncio.run(looked_up(lambda tx: operating.schedules_in(tx, states)))
    if as_json:
        listed = [_short(one) | {"dates_so_far": plain(tally)} for one, tally in found]
        typer.echo(json.dumps(listed, indent=2, ensure_ascii=False))
        return
    console = console_of_width()
    if not found:
        console.print("No such schedules.")
        return
    table = table_of("ID", "state", "what", "next", "so far", "asked for by", "note")
    for one, tally in found:
        table.add_row(
            one.id,
            one.state.words,
            escape(words.headline(one, one.terms.provider)),
            _next(one),
            words.so_far(tally).removeprefix("So far: ").removesuffix("."),
            one.requester,
            escape(one.note or ""),
        )
    console.print(table)


@app.command()
def schedule(
    number: Annotated[str, typer.Argument(metavar="ID", help="Such as REC-7K3FQ.")],
    stop: Annotated[
        str | None,
        typer.Option("--stop", metavar="REASON", help="Stop it; the channel can read why."),
    ] = None,
    yes: Yes = False,  # noqa: FBT002 - a switch of the command line
    as_json: Json = False,  # noqa: FBT002 - a switch of the command line
) -> None:
    """Show everything that is written down about one schedule, or stop it."""
    wanted = _number(number)
    why = None if stop is None else reason(stop, "--stop")
    with told():
        found = asyncio.run(looked_up(lambda tx: operating.schedule_records(tx, wanted)))
    if found is None:
        known = "`countersign schedules` lists the open ones"
        give_up([f"there is no schedule {wanted}; {known}"], REFUSED)
    if why is not None:
        _stop(found["schedule"], why, yes=yes)
    elif as_json:
        typer.echo(json.dumps(plain(found), indent=2, ensure_ascii=False))
    else:
        _show(found)


def _stop(one: Schedule, why: str, *, yes: bool) -> None:
    typer.echo(f"{one.id} is {one.state.words}: {words.headline(one, one.terms.provider)}")
    if one.state.is_open and not yes:
        typer.confirm("Stop it, with its orders that were not sent yet?", abort=True)
    now, actor = now_and_actor()
    done = written(lambda tx: changing.stop_one(tx, one.id, because=why, actor=actor, now=now))
    if done.schedule is None or done.answer is not Said.STOPPED:
        state = one.state if done.schedule is None else done.schedule.state
        give_up([f"{one.id} is {state.words} already"], REFUSED)
    rest = words.in_hand(done.withdrawn, done.underway) + words.nothing_more(done.underway)
    typer.echo(
        f"{one.id} is {done.schedule.state.words} now. {rest} A running bot tells the channel."
    )


def _show(found: dict[str, Any]) -> None:
    one: Schedule = found["schedule"]
    console = console_of_width()
    headline = escape(words.headline(one, one.terms.provider))
    console.print(f"[bold]{one.id}[/bold] is {one.state.words}: {headline}")
    facts = table_of("", "")
    for name, value in _facts(one, found).items():
        if value:
            facts.add_row(name, escape(str(value)))
    console.print(facts)
    found["dates"] = [_date(run) for run in reversed(found["dates"])]
    sections: dict[str, tuple[str, ...]] = {
        "votes": ("at", "voter", "choice", "revision", "digest"),
        "dates": ("date", "became", "order", "decided_at", "actor", "note"),
        "events": ("version", "at", "actor", "event", "to_state", "facts"),
    }
    for title, columns in sections.items():
        if found[title]:
            console.print()
            console.print(section(title, columns, found[title]))


def _facts(one: Schedule, found: dict[str, Any]) -> dict[str, object]:
    return {
        "dates": words.reach(one),
        "next": _next(one),
        "each costs at most": None if one.reminds else one.terms.cost.human,
        "all cost at most": None if one.total is None else one.total.human,
        "asked for by": f"{one.requester} {moment(one.created_at)}",
        "reason": one.terms.reason,
        "rule": None if one.rule is None else one.rule.name,
        "missed dates": one.plan.missed.value,
        "digest": found["digest"],
        "approved": None if one.decided_at is None or one.reminds else moment(one.decided_at),
        "orders not bought yet": ", ".join(found["in_hand"]),
        "ended by": one.closed_by,
        "note": one.note,
    }


def _date(run: Run) -> dict[str, Any]:
    return {
        "date": run.key,
        "became": run.fate.value,
        "order": run.order_id,
        "decided_at": run.decided_at.isoformat(),
        "actor": run.actor,
        "note": run.note,
    }


def _short(one: Schedule) -> dict[str, Any]:
    told = {
        "id": one.id,
        "state": one.state.value,
        "reminds": one.reminds,
        "provider": one.terms.provider,
        "asset": one.terms.asset,
        "spend": one.terms.spend.text,
        "when": one.plan.when.words,
        "next_at": None if one.next is None else one.next.at,
        "last": one.dates.last,
        "total_at_most": None if one.total is None else one.total.text,
        "currency": one.terms.currency,
        "requester": one.requester,
        "created_at": one.created_at,
        "note": one.note,
    }
    return dict(plain(told))


def _next(one: Schedule) -> str:
    """In the schedule's own zone, and the instant."""
    if one.next is None:
        return ""
    return f"{words.date(one.next, one.plan.when.zone or '')}, {moment(one.next.at)}"


def _number(text: str) -> str:
    try:
        return schedule_id(text)
    except ValueError:
        give_up([f'"{text}" is not a schedule\'s number, such as REC-7K3FQ'])


def _state(text: str) -> ScheduleState:
    asked = text.strip().lower()
    named = [state for state in ScheduleState if asked in {state.value, state.words}]
    if not named:
        give_up([f'"{text}" is not a state; states are {", ".join(ScheduleState)}'])
    return named[0]
