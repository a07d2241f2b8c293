"""``countersign doctor``: one line for everything that the bot needs."""

from pathlib import Path

from bot.doctor import Finding, examine
from tests.cli.program import run
from tests.cli.test_run import environment_of
from tests.journeys.coins import with_coins
from tests.stage import BEN, Stage, staged


async def findings(stage: Stage) -> dict[str, Finding]:
    """What the doctor finds on this stage, by what was looked at."""
    path = stage.folder / "countersign.toml"
    path.write_text(stage.toml_text(), encoding="utf-8")
    return {one.what: one async for one in examine(stage.environment(), path)}


async def test_a_good_set_up_is_ok_in_every_line(stage: Stage) -> None:
    """Otherwise nobody would believe a FAIL."""
    found = await findings(stage)

    assert all(finding.good for finding in found.values()), found
    expected = {"configuration", "policy", "budgets", "sqlite", "database", "slack", "scopes"}
    assert expected | {"socket mode", "channel", "group", "kriptomat"} == found.keys()


async def test_each_thing_that_is_wrong_has_a_line_that_fails(stage: Stage) -> None:
    """A channel that was archived, an approver who left, a vendor who refuses the login."""
    stage.slack.workspace.channels["C0TREASURY"].is_archived = True
    stage.slack.workspace.people[BEN].deleted = True
    stage.slack.grant(stage.slack.scopes - {"im:write"})
    stage.kriptomat.faults.standing("login", "login refused")

    found = await findings(stage)

    assert not found["channel"].good
    assert "archived" in found["channel"].says
    assert not found["scopes"].good
    assert "im:write" in found["scopes"].says
    assert not found["group"].good
    assert "U0BEN is deactivated" in found["group"].says
    assert not found["kriptomat"].good


async def test_a_vendor_that_may_be_retired_says_so_whether_it_works_or_not(
    tmp_path: Path,
) -> None:
    """An operator must not find that out with the first order; what is wrong comes first."""
    async with with_coins(tmp_path) as (stage, coins):
        good = (await findings(stage))["coins_ph"]
        coins.disabled = {"bdo_deposit"}
        bad = (await findings(stage))["coins_ph"]

    assert good.good
    assert "account 1a2c3b4n is BTC, bdo_deposit takes 15 to 500,000 PHP" in good.says
    assert not bad.good
    assert bad.says.startswith("the payin outlet bdo_deposit is disabled")
    assert all("it may be retired" in one.says for one in (good, bad))


async def test_it_exits_with_1_and_shows_no_secret_when_something_fails(tmp_path: Path) -> None:
    """Scripts rely on the exit code, and its output is pasted into tickets."""
    ended = await run("doctor", folder=tmp_path, environment={"SLACK_BOT_TOKEN": "xoxb-secret"})

    assert ended.code == 1
    assert ended.out.startswith("FAIL  configuration")
    assert "xoxb-secret" not in ended.out + ended.err


async def test_it_exits_with_0_for_a_good_set_up(tmp_path: Path) -> None:
    """The real process, with the bot running on the same database meanwhile."""
    # One-time codes are of the real time here, as the program's own clock is.
    async with staged(tmp_path, rate=1.0) as stage:
        (tmp_path / "countersign.toml").write_text(stage.toml_text(), encoding="utf-8")

        ended = await run("doctor", folder=tmp_path, environment=environment_of(stage))

    assert ended.code == 0, ended.out
    assert "FAIL" not in ended.out
