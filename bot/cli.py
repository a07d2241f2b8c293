"""The program ``countersign``: run, demo, doctor, sandbox, and what operators do (bot.operator).

Every fault is one line a person can act on; a traceback is a bug of ours. Exit codes: 0 done,
1 doctor found something or something does not verify, 2 the configuration, a path or a token cannot
be used.

What a command alone needs is imported when it runs: an operator's question does not wait for Slack,
and the bot does not carry the playground about.
"""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import structlog
import typer

from bot import checking, exports, interventions, log, operator, reconcile, records, recurring
from bot.budget_faults import never_in_full
from bot.config import Config, Faulty, environment, load
from bot.operator import give_up
from bot.secrets import secret_values
from storage.files import FileInUse
from storage.migrations import NewerFile

app = typer.Typer(
    name="countersign",
    help="Team-approved purchases in Slack: approved by the right people, bought exactly once.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

for part in (records, interventions, recurring, exports, reconcile, checking, operator):
    app.add_typer(part.app)

ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", help="The configuration; COUNTERSIGN_CONFIG or countersign.toml."),
]


def main() -> None:
    """The entry point."""
    app()


@app.command()
def run(config: ConfigFile = None) -> None:
    """Run the bot until SIGTERM or Ctrl-C; then finish what is under way and stop."""
    from bot import running  # noqa: PLC0415 - see above

    settings = _load(config)
    log.configure(secret_values(settings))
    for remark in never_in_full(settings.policy):
        structlog.get_logger().warning(remark)
    try:
        asyncio.run(running.until_told(settings))
    except Faulty as error:
        give_up(error.faults)
    except (FileInUse, NewerFile, OSError) as error:
        give_up([f"{settings.database}: {error}"])


@app.command()
def demo(
    port: Annotated[
        int, typer.Option(help="Port of the page, on 127.0.0.1; 0 takes a free one.")
    ] = 8700,
    data: Annotated[
        Path | None, typer.Option(help="Folder to keep the database in; else a fresh one.")
    ] = None,
    tour: Annotated[  # noqa: FBT002 - a switch of the command line
        bool,
        typer.Option("--tour", help="Play a purchase at each provider, print every message, stop."),
    ] = False,
) -> None:
    """Try it with no account: a pretend Slack, the providers' sandboxes, the real bot between."""
    from bot.playground import demo as pretend  # noqa: PLC0415 - see above

    log.configure([], level="ERROR")
    sys.exit(asyncio.run(pretend.play(port=port, data=data, tour=tour)))


@app.command()
def doctor(config: ConfigFile = None) -> None:
    """Check everything the bot needs, one line each; exit 1 if something fails."""
    from bot import doctor as checks  # noqa: PLC0415 - see above

    log.configure([], level="CRITICAL")
    try:
        env = environment()
    except Faulty as error:
        give_up(error.faults)
    failed = False

    async def look() -> None:
        nonlocal failed
        async for finding in checks.examine(env, config):
            failed = failed or not finding.good
            typer.echo(finding.line)

    asyncio.run(look())
    raise typer.Exit(1 if failed else 0)


@app.command()
def sandbox(
    provider: Annotated[str, typer.Argument(help="kriptomat, coins_ph or oak")],
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = 8710,
) -> None:
    """Run one provider's sandbox alone, until Ctrl-C."""
    from bot.playground import vendors  # noqa: PLC0415 - see above

    if provider not in vendors.SANDBOXES:
        known = ", ".join(vendors.SANDBOXES)
        give_up([f'there is no sandbox for "{provider}"; there is one for {known}'])
    log.configure([], level="WARNING")
    try:
        asyncio.run(vendors.serve(provider, port, typer.echo))
    except OSError as error:
        give_up([f"the port cannot be used: {error.strerror or error}"])


def _load(path: Path | None) -> Config:
    try:
        return load(environment(), path)
    except Faulty as error:
        give_up(error.faults)
