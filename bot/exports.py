"""``countersign export``: a month's orders as CSV, for whoever keeps the books."""

import asyncio
import contextlib
import os
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO
from zoneinfo import ZoneInfo

import typer

from bot.clock import SystemClock
from bot.config import environment
from bot.domain.months import Month, meant, month_of, said
from bot.operator import give_up, operator, told
from bot.records import opened
from bot.workflow.exporting import Totals, export
from commands.words import OPERATOR

app = typer.Typer()


@app.command(name="export")
def export_month(
    month: Annotated[
        str, typer.Option("--month", help="Such as 2026-11, november or 'last month'.")
    ] = "this month",
    out: Annotated[
        Path | None, typer.Option("--out", help="The new file; else standard output.")
    ] = None,
) -> None:
    """Write one row for each order of a month, and the sums; beside a running bot."""
    with told():
        config = environment().countersign_config
        team = _team_zone(config)
        zone = team or ZoneInfo("UTC")
        totals = asyncio.run(_exported(_month(month, zone), zone, out))
    if team is None:
        # A month that begins an hour later is another month.
        typer.echo(f"countersign: there is no {config}, so the month is that of UTC", err=True)
    if out is not None:
        typer.echo(f"{out}: {totals.orders} orders, by the calendar of {zone.key}")


async def _exported(month: Month, zone: ZoneInfo, out: Path | None) -> Totals:
    db, totals, now = await opened(), Totals(), SystemClock().now()
    try:
        with _target(out) as file:
            actor = f"{OPERATOR}{operator()}"
            async for piece in export(db, month, zone, totals, actor=actor, now=now):
                file.write(piece)
            file.flush()
    finally:
        await db.close()
    return totals


def _month(text: str, zone: ZoneInfo) -> Month:
    today = month_of(SystemClock().now(), zone)
    try:
        month = meant(said(text), today)
    except ValueError:
        give_up([f'"{text}" is no month: write 2026-11, november or "last month"'])
    if month > today:
        give_up([f"{month.words} has not begun"])
    return month


def _team_zone(config: Path) -> ZoneInfo | None:
    """Where months begin: as the configuration says, without asking it for anything else. None:
    there is none."""
    try:
        team = tomllib.loads(config.read_text(encoding="utf-8")).get("team", {})
        return ZoneInfo(team.get("timezone", "UTC"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, AttributeError, TypeError, KeyError):
        give_up([f"{config}: the time zone of the team cannot be read"])


@contextlib.contextmanager
def _target(out: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a new file that only its owner may read; what is not whole is removed.

    Raises OSError where a file stands already.
    """
    if out is None:
        yield sys.stdout.buffer
        return
    with os.fdopen(os.open(out, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        try:
            yield file
            file.flush()
        except BaseException:
            out.unlink(missing_ok=True)
            raise
