"""``countersign run``: faults before it starts, a clean end when told to stop."""

import asyncio
import signal
import socket
from pathlib import Path

from tests.cli.program import run, start, start_fresh
from tests.stage import BEN, TOML, Stage, order_of, staged


def environment_of(stage: Stage) -> dict[str, str]:
    """What a shell would export for this stage."""
    return {
        "SLACK_BOT_TOKEN": stage.slack.bot_token,
        "SLACK_APP_TOKEN": stage.slack.app_token,
        "SLACK_API_URL": stage.slack.api_url,
        "COUNTERSIGN_DATABASE": str(stage.folder / "countersign.db"),
        "COUNTERSIGN_CONFIG": str(stage.folder / "countersign.toml"),
        **stage.kriptomat.credentials,
    }


async def test_every_fault_of_the_configuration_is_one_line_and_ends_with_2(
    tmp_path: Path,
) -> None:
    """Somebody who sets it up wants to mend everything at once, not one fault at a time."""
    (tmp_path / "countersign.toml").write_text(TOML.replace('"8h"', '"soon"'), encoding="utf-8")

    ended = await run("run", folder=tmp_path, environment={"SLACK_BOT_TOKEN": "xoxp-user"})

    assert ended.code == 2
    lines = ended.err.splitlines()
    assert all(line.startswith("countersign: ") for line in lines)
    assert any("approval.expires_after" in line for line in lines)
    assert any("xoxb-" in line for line in lines)
    assert any("SLACK_APP_TOKEN is not set" in line for line in lines)
    assert "Traceback" not in ended.err


async def test_a_wrong_token_ends_with_2_and_says_which(stage: Stage) -> None:
    """The SDK would try a wrong app token for ever and never say so."""
    await stage.stop_bot()
    (stage.folder / "countersign.toml").write_text(stage.toml_text(), encoding="utf-8")
    for name, wrong in (("SLACK_BOT_TOKEN", "xoxb-wrong"), ("SLACK_APP_TOKEN", "xapp-wrong")):
        environment = environment_of(stage) | {name: wrong}

        ended = await run("run", folder=stage.folder, environment=environment)

        assert ended.code == 2
        assert f"countersign: {name}: Slack refuses it (invalid_auth)" in ended.err
        assert wrong not in ended.err


async def test_a_missing_scope_ends_with_2_and_says_what_it_is_for(stage: Stage) -> None:
    """A bot without im:write would run until the day somebody has to be told something."""
    await stage.stop_bot()
    (stage.folder / "countersign.toml").write_text(stage.toml_text(), encoding="utf-8")
    stage.slack.grant(stage.slack.scopes - {"im:write"})

    ended = await run("run", folder=stage.folder, environment=environment_of(stage))

    assert ended.code == 2
    assert "lacks im:write, to tell somebody privately" in ended.err


async def test_the_installed_program_buys_by_configuration_alone_and_stops_cleanly(
    tmp_path: Path,
) -> None:
    """What the tests build in process must be what people run; SIGTERM ends it with 0."""
    stage = Stage(tmp_path, rate=1.0)
    await stage.open()
    (tmp_path / "countersign.toml").write_text(stage.toml_text(), encoding="utf-8")
    process = await start_fresh("run", environment=environment_of(stage), folder=tmp_path)
    try:
        await stage.slack.wait_connected(timeout=15)
        card = await stage.asked()
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "completed", timeout=15)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            _, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await stage.close()

    assert process.returncode == 0
    assert len(stage.kriptomat.purchases) == 1
    assert order_of(card) in err.decode(), "operators find the order in the log"


async def test_sigterm_is_obeyed_while_slack_cannot_be_reached(tmp_path: Path) -> None:
    """No network at boot is waited for, and waiting must not mean that it cannot be stopped."""
    async with staged(tmp_path) as stage:
        await stage.stop_bot()
        (tmp_path / "countersign.toml").write_text(stage.toml_text(), encoding="utf-8")
        environment = environment_of(stage) | {"SLACK_API_URL": "http://127.0.0.1:9/api/"}
        process = await start("run", environment=environment, folder=tmp_path)
        async with asyncio.timeout(15):
            while b"waiting for Slack" not in await process.stderr.readline():
                pass
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            _, err = await process.communicate()

    assert process.returncode == 0
    assert b"Traceback" not in err


async def test_an_address_for_operators_that_is_taken_ends_with_2(tmp_path: Path) -> None:
    """A bot that nobody can watch, although somebody wanted to, must not start unseen."""
    stage = Stage(tmp_path)
    await stage.open()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        text = f'{stage.toml_text()}\n[operations]\nlisten = "{listen}"\n'
        (tmp_path / "countersign.toml").write_text(text, encoding="utf-8")

        ended = await run("run", folder=tmp_path, environment=environment_of(stage))
    await stage.close()

    assert ended.code == 2
    assert f"countersign: operations.listen: {listen} cannot be had" in ended.err
    assert "Traceback" not in ended.err
