"""``countersign reconcile``: our records held against the providers' lists, now; and explained."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot import log
from bot.by_hand import Yes, now_and_actor, reason, written
from bot.clients import make_providers
from bot.clock import SystemClock
from bot.config import Config, Faulty, environment, load
from bot.domain.comparisons import Explanation
from bot.domain.zones import instant
from bot.operator import UNSOUND, give_up, told
from bot.records import opened
from bot.workflow import reconciling
from bot.workflow.comparing import Comparison
from bot.workflow.reconciling import NotCompared
from commands.words import reconciling as words
from storage.nonces import StoredNonces

app = typer.Typer()

Compared = dict[str, Comparison | NotCompared]
"""By the provider's name."""


@app.command()
def reconcile(
    provider: Annotated[
        str | None, typer.Option("--provider", help="One of them; else all that are configured.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DAY", help="Such as 2026-11-01; else 35 days.")
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option("--explain", metavar="NUMBER", help="You know what this difference is."),
    ] = None,
    because: Annotated[
        str | None, typer.Option("--because", help="With --explain: what it is, for the records.")
    ] = None,
    yes: Yes = False,  # noqa: FBT002 - a switch of the command line
    config: Annotated[
        Path | None, typer.Option("--config", help="COUNTERSIGN_CONFIG or countersign.toml.")
    ] = None,
) -> None:
    """Compare with the providers' lists, beside a running bot, and move no order.

    Exit 1: something is unexplained, could not be compared, or --explain names no difference.
    """
    log.configure([], level="CRITICAL")
    if (explain is None) is not (because is None):
        give_up(["--explain NUMBER and --because REASON go together"])
    why = None if because is None else reason(because)
    try:
        known = load(environment(), config)
    except Faulty as error:
        give_up(error.faults)
    if provider is not None and provider not in known.vendors:
        give_up([f'"{provider}" is not configured; known: {", ".join(known.vendors)}'])
    now = SystemClock().now()
    day = None if since is None else _day(since, known.timezone, now)
    with told():
        found = asyncio.run(_compared(known, provider, day, now, silent=explain is not None))
    if explain is not None and why is not None:
        _explain(found, explain.strip(), why, yes=yes)
        return
    clean = all(isinstance(one, Comparison) and not one.unexplained for one in found.values())
    raise typer.Exit(0 if clean else UNSOUND)


def _explain(found: Compared, number: str, why: str, *, yes: bool) -> None:
    """Write down what the difference of this number is, as it stands now."""
    away = {name: one for name, one in found.items() if isinstance(one, NotCompared)}
    named = [
        (name, finding)
        for name, one in found.items()
        if isinstance(one, Comparison)
        for finding in one.findings
        if number.lower() == finding.name.lower()
    ]
    if not named:
        rest = "".join(f"; {name} could not be compared: {one}" for name, one in away.items())
        give_up([f'no difference is numbered "{number}"{rest}'], UNSOUND)
    named = [one for one in named if one[1].name == number] or named
    if len(named) > 1:
        names = ", ".join(f"{finding.name} at {name}" for name, finding in named)
        give_up([f'"{number}" may be {names}: type it so, or name one with --provider'])
    ((name, finding),) = named
    typer.echo(f"{name}: {words.plain_line(finding)}")
    if not yes:
        typer.confirm("Write down that this is explained, as long as it stays so?", abort=True)
    now, actor = now_and_actor()
    said = Explanation(because=why, by=actor, at=now)
    written(lambda tx: reconciling.explain(tx, name, finding, said))
    typer.echo("Explained. It is told as such until it becomes another difference.")


def _day(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """The first moment of that day, where the team is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        give_up([f'"{text}" is no day: write it as 2026-11-01'])
    began = instant(datetime.combine(day, datetime.min.time()), zone.key)
    if began > now:
        give_up([f"{text} has not come yet"])
    return began.astimezone(UTC)


async def _compared(
    config: Config, only: str | None, day: datetime | None, now: datetime, *, silent: bool
) -> Compared:
    """Compare with each, and tell what each came to unless ``silent``."""
    db = await opened()
    clients = make_providers(config, SystemClock(), StoredNonces(db))
    found: Compared = {}
    try:
        began = await db.read(lambda tx: reconciling.born(tx, now))
        since = day or max(began, now - reconciling.WINDOW)
        for name in [only] if only else list(clients):
            title = clients[name].sheet.title
            try:
                done = await reconciling.reconcile(db, name, clients[name], since=since, now=now)
            except NotCompared as error:
                found[name] = error
                _tell([f"{title}: not compared: {error}"], silent=silent)
                continue
            found[name] = done
            head = f"{title}, since {since:%Y-%m-%d %H:%M} UTC: {words.figures(done)}"
            _tell([head, *words.plain_lines(done)], silent=silent)
    finally:
        for client in clients.values():
            await client.aclose()
        await db.close()
    return found


def _tell(lines: Sequence[str], *, silent: bool) -> None:
    for line in () if silent else lines:
        typer.echo(line)
