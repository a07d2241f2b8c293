"""``countersign reconcile``: our records held against the providers' lists, now."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot import log
from bot.clients import make_providers
from bot.clock import SystemClock
from bot.config import Config, Faulty, environment, load
from bot.domain.zones import instant
from bot.operator import UNSOUND, give_up, told
from bot.records import opened
from bot.workflow import reconciling
from bot.workflow.reconciling import NotCompared
from commands.words import reconciling as words
from storage.nonces import StoredNonces

app = typer.Typer()


@app.command()
def reconcile(
    provider: Annotated[
        str | None, typer.Option("--provider", help="One of them; else all that are configured.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DAY", help="Such as 2026-11-01; else 35 days.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", help="COUNTERSIGN_CONFIG or countersign.toml.")
    ] = None,
) -> None:
    """Compare with the providers' lists, beside a running bot, and change nothing.

    Exit 1: something is unexplained, or could not be compared.
    """
    log.configure([], level="CRITICAL")
    try:
        known = load(environment(), config)
    except Faulty as error:
        give_up(error.faults)
    if provider is not None and provider not in known.vendors:
        give_up([f'"{provider}" is not configured; known: {", ".join(known.vendors)}'])
    now = SystemClock().now()
    day = None if since is None else _day(since, known.timezone, now)
    with told():
        clean = asyncio.run(_compared(known, provider, day, now))
    raise typer.Exit(0 if clean else UNSOUND)


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


async def _compared(config: Config, only: str | None, day: datetime | None, now: datetime) -> bool:
    db = await opened()
    clients = make_providers(config, SystemClock(), StoredNonces(db))
    clean = True
    try:
        began = await db.read(lambda tx: reconciling.born(tx, now))
        since = day or max(began, now - reconciling.WINDOW)
        for name in [only] if only else list(clients):
            title = clients[name].sheet.title
            try:
                done = await reconciling.reconcile(db, name, clients[name], since=since, now=now)
            except NotCompared as error:
                typer.echo(f"{title}: not compared: {error}")
                clean = False
                continue
            clean = clean and not done.findings
            typer.echo(f"{title}, since {since:%Y-%m-%d %H:%M} UTC: {words.figures(done)}")
            typer.echo(f"  unexplained: {len(done.findings)}")
            for finding in done.findings:
                typer.echo(f"  {words.plain_line(finding)}")
    finally:
        for client in clients.values():
            await client.aclose()
        await db.close()
    return clean
