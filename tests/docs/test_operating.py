"""The page on operating is typed from top to bottom, on a machine in a folder."""

import socket
import tomllib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import yaml

from bot.health import Limits
from tests.config.sample import example, load
from tests.docs.machine import PORT, Machine
from tests.docs.pages import ROOT, Block, blocks, files_linked, page
from tests.stage import BEN, Stage, order_of

TEXT = page("docs/operating.md")
BLOCKS = blocks(TEXT)
BACKUPS = "/var/backups/countersign"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Slack and a provider; the bot is started by what is typed."""
    one = Stage(tmp_path, rate=1.0)
    await one.open()
    yield one
    await one.close()


@pytest.fixture
async def machine(tmp_path: Path, stage: Stage) -> AsyncIterator[Machine]:
    """A fresh one; whatever still runs on it is stopped."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    folder = tmp_path / "m"
    folder.mkdir()
    one = Machine(folder, address=address)
    yield one
    if (folder / "pid").exists():
        await one.type("systemctl stop countersign")


class Reader:
    """Somebody who reads the page and does what stands between its blocks."""

    def __init__(self, machine: Machine, stage: Stage) -> None:
        self.machine = machine
        self.stage = stage
        self.said: dict[str, str] = {}
        """What each block printed, by its first line."""
        self.before: dict[str, Callable[[], Awaitable[None]]] = {
            "CREDENTIALS_DIRECTORY": self.prepare,
            "countersign orders\n": self.ask,
            "countersign restore": self.name_the_backup,
            "backup /var/backups/countersign/before-upgrade.db": self.forget_that_name,
        }

    async def do(self, block: Block) -> None:
        """Type it."""
        for mark, prepare in self.before.items():
            if mark in block.text:
                await prepare()
        printed = await self.machine.type(block.text, typed=self.stage.slack.bot_token + "\n")
        self.said[block.text.splitlines()[0]] = printed

    async def prepare(self) -> None:
        """ "Each secret is a file", and the team's own configuration."""
        secrets = self.stage.kriptomat.credentials | {"SLACK_APP_TOKEN": self.stage.slack.app_token}
        for name, value in secrets.items():
            path = self.machine.path("/etc/countersign/secrets") / name.lower()
            path.write_text(value, encoding="utf-8")
        (watch,) = [block.text for block in BLOCKS if block.language == "toml"]
        text = self.stage.toml_text() + self.machine.mapped(watch)
        config = self.machine.path("/etc/countersign/countersign.toml")
        config.write_text(text, encoding="utf-8")
        with self.machine.path("/etc/countersign/environment").open("a") as environment:
            environment.write(f"SLACK_API_URL={self.stage.slack.api_url}\n")

    async def ask(self) -> None:
        """An order, so that there is something to see and to keep."""
        await self.stage.asked()

    async def name_the_backup(self) -> None:
        """The hour of the backup is not known to the page."""
        folder = self.machine.path(BACKUPS)
        (made,) = folder.glob("*.db")
        made.rename(folder / "before-upgrade.db")

    async def forget_that_name(self) -> None:
        """The next upgrade has a backup of its own."""
        (self.machine.path(BACKUPS) / "before-upgrade.db").unlink()


@pytest.mark.timeout(400)  # a dozen starts of the program, on a machine that may be busy
async def test_the_page_works_from_top_to_bottom(machine: Machine, stage: Stage) -> None:
    """Whoever follows it at night must not find out that a command has changed."""
    reader = Reader(machine, stage)
    for block in BLOCKS:
        if block.language == "sh" and not block.heading.startswith("Or as a container"):
            await reader.do(block)

    doctor = reader.said[next(line for line in reader.said if "CREDENTIALS_DIRECTORY" in line)]
    assert "FAIL" not in doctor
    assert "kriptomat" in doctor
    orders = reader.said["countersign orders"]
    assert "BUY-" in orders
    assert "the audit log is whole" in orders
    backed_up = reader.said[f"sudo install -d -m 0700 -o countersign -g countersign {BACKUPS}"]
    assert "is whole and verified" in backed_up
    restored = reader.said["sudo systemctl stop countersign"]
    assert "Everything is frozen" in restored
    assert "the audit log is whole" in restored
    health = reader.said[f"curl --silent --fail-with-body http://{PORT}/healthz"]
    assert "\nok\n" in f"\n{health}"
    assert "countersign_freezes 1.0" in health, "the restore has frozen everything"


@pytest.mark.timeout(300)
async def test_what_was_installed_by_the_page_buys_and_names_who_called_sudo(
    machine: Machine, stage: Stage
) -> None:
    """The unit, its credentials and its environment are all that it needs; and that "countersign"
    has lifted a freeze would name nobody."""
    reader = Reader(machine, stage)
    for block in BLOCKS:
        if block.heading == "Install it under systemd":
            await reader.do(block)

    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "completed", timeout=30)
    await stage.say(BEN, "freeze a drill")
    await machine.type("countersign unfreeze --yes")
    told = await machine.type(f"countersign order {order_of(card)}")

    assert len(stage.kriptomat.purchases) == 1
    assert "completed" in told
    log = await machine.type(
        "sudo systemctl stop countersign; cat /var/lib/countersign/countersign.db*"
    )
    assert "operator fay" in log


async def test_the_container_is_built_and_run_as_the_page_says(machine: Machine) -> None:
    """The commands reach docker as they stand, beside the files that they need."""
    told = [block for block in BLOCKS if block.heading == "Or as a container"]
    for block in told:
        await machine.type(f"cd /opt/countersign\n{block.text}")

    calls = [deed for deed in machine.deeds if deed.startswith("docker")]
    assert calls == [
        "docker compose build",
        "docker compose up --detach",
        "docker compose logs --follow",
    ]
    assert (machine.path("/opt/countersign") / "deploy/countersign.toml").exists()


def test_every_block_is_of_a_kind_that_is_run_or_loaded() -> None:
    """A block in another language would be one that nobody checks."""
    assert {block.language for block in BLOCKS} == {"sh", "toml", "yaml"}


def test_the_configuration_on_the_page_loads() -> None:
    """What is pasted into countersign.toml must be taken."""
    (block,) = [block for block in BLOCKS if block.language == "toml"]
    host, port = PORT.split(":")

    assert tomllib.loads(block.text)["operations"]["listen"] == PORT
    assert load(f"{example()}\n{block.text}").listen == (host, int(port))


def test_prometheus_is_pointed_at_the_port_and_at_rules_that_exist() -> None:
    """A scrape of another port, or rules that are not there, alarm nobody."""
    (block,) = [block for block in BLOCKS if block.language == "yaml"]
    told = yaml.safe_load(block.text)

    assert told["scrape_configs"][0]["static_configs"] == [{"targets": [PORT]}]
    (rules,) = told["rule_files"]
    assert (ROOT / rules.removeprefix("/opt/countersign/")).is_file()


def test_links_of_the_page_lead_to_files() -> None:
    """A page that is read in a hurry must not lead nowhere."""
    for target in files_linked(TEXT):
        assert (ROOT / "docs" / target).exists(), target


def test_the_limits_on_the_page_are_those_of_the_code() -> None:
    """Thirty, ten and thirty seconds."""
    words = " ".join(TEXT.split())
    limits = Limits()

    assert f"clock has not looked for {limits.clock:.0f} seconds" in words
    assert f"the database has taken no write for {limits.writer:.0f}," in words
    assert f"Slack has not been heard for {limits.slack:.0f}," in words


async def test_a_secret_that_is_missing_keeps_the_bot_from_starting(
    machine: Machine, stage: Stage
) -> None:
    """The unit says so; the stand-in for systemd would be too kind if it did not."""
    reader = Reader(machine, stage)
    install = [block for block in BLOCKS if block.heading == "Install it under systemd"]
    for block in install[:-1]:
        await reader.do(block)
    await reader.prepare()
    (machine.path("/etc/countersign/secrets") / "slack_app_token").unlink()

    with pytest.raises(AssertionError, match="slack_app_token"):
        await machine.type(install[-1].text.partition("\n")[2])
