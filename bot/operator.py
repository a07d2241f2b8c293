"""What operators do on the machine itself: back up, restore, verify the audit log.

They need the database and nothing else: no token, no configuration file, and no running bot.
"""

import contextlib
import getpass
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.clock import SystemClock
from bot.config import Faulty, environment
from storage import backup as backups
from storage import restore as restoring
from storage.files import BrokenFile, FileInUse
from storage.migrations import NewerFile

app = typer.Typer()
audit = typer.Typer(help="The log of everything that was decided.", no_args_is_help=True)
app.add_typer(audit, name="audit")

UNSOUND = 1
"""Exit code: something does not verify."""
UNUSABLE = 2
"""Exit code: a path, the configuration or a token."""


def give_up(faults: list[str], code: int = UNUSABLE) -> NoReturn:
    for fault in faults:
        typer.echo(f"countersign: {fault}", err=True)
    raise typer.Exit(code)


def database() -> Path:
    """Where ``COUNTERSIGN_DATABASE`` says that the database is."""
    try:
        name = environment().countersign_database
    except Faulty as error:
        give_up(error.faults)
    if not name.strip() or "://" in name:
        # An address may hold a password, so it is not repeated.
        give_up(
            ["COUNTERSIGN_DATABASE does not name a file; give it a path, such as countersign.db"]
        )
    return Path(name)


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Every fault is one sentence and an exit code."""
    try:
        yield
    except backups.Unsound as error:
        give_up([str(error)], UNSOUND)
    except FileInUse as error:
        give_up([f"{error}; stop that first"])
    except NewerFile as error:
        give_up([str(error)])
    except BrokenFile as error:
        give_up([f"the database cannot be used now: {error}"])
    except BrokenPipeError:
        raise  # whoever read our output has enough of it; the command line knows what to do
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        give_up([f"{where}{error.strerror or error}"])


def operator() -> str:
    """Who sits at the machine: behind sudo, whoever called it."""
    try:
        return environment().sudo_user or getpass.getuser()
    except (KeyError, OSError):
        return f"number {os.getuid()}"


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The new file; it must not exist.")]) -> None:
    """Copy the database to a new file, examined, while the bot runs."""
    with told():
        head = backups.backup(database(), file)
    typer.echo(f"{file} is whole and verified.")
    typer.echo(
        f"audit head: row {head.number}, hash {head.hash}; note it elsewhere:"
        " `countersign audit verify --head HASH` proves later that nothing was cut off"
    )


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `countersign backup` has written.")],
    yes: Annotated[  # noqa: FBT002 - a switch of the command line
        bool, typer.Option("--yes", help="Do not ask whether it is meant.")
    ] = False,
) -> None:
    """Put a backup in the place of the database; everything is frozen then. Stop the bot first."""
    where = database()
    if not yes:
        typer.confirm(
            f"Put {file} in the place of {where}? What happened since that backup is forgotten by"
            " the bot, so everything will be frozen.",
            abort=True,
        )
    with told():
        done = restoring.restore(file, where, now=SystemClock().now(), actor=operator())
    typer.echo(f"{where} is now {file} as of {done.at or 'its making'} (row {done.head.number}).")
    if done.kept:
        typer.echo(f"What stood there is kept as {done.kept}.")
    typer.echo(
        "Everything is frozen. Orders to be looked up at their providers before anything is sent"
        f" for them: {done.looked_up}."
    )
    typer.echo(
        "Compare with what the providers show, start the bot, and lift the freeze: `/buy unfreeze`"
        " by two approvers, or `countersign unfreeze` here."
    )


@audit.command()
def verify(
    head: Annotated[
        str | None, typer.Option("--head", help="A hash that was noted elsewhere.")
    ] = None,
) -> None:
    """Find out whether any row of the audit log was edited, removed, moved or cut off."""
    if head is not None and not re.fullmatch("[0-9a-f]{64}", head := head.strip().lower()):
        give_up(["--head takes the 64 digits of a hash, as `countersign backup` prints them"])
    with told():
        end = backups.examine(database(), head=head)
    typer.echo(f"the audit log is whole: {end.number} rows, hash {end.hash}")
