"""What ships for systemd and for containers does what the page on operating says."""

import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Environment
from tests.docs.pages import ROOT, blocks, page
from tests.rules.test_tidy import PRODUCT

UNIT = page("deploy/countersign.service")
DOCKERFILE = page("Dockerfile").replace("\\\n", " ")
COMPOSE: dict[str, Any] = yaml.safe_load(page("deploy/compose.yaml"))
SERVICE: dict[str, Any] = COMPOSE["services"]["countersign"]
ANALYZE = shutil.which("systemd-analyze")

SECRETS = {
    name for name, field in Environment.model_fields.items() if "SecretStr" in str(field.annotation)
}
"""Every secret that the bot reads, by the name of its file."""


def settings(name: str, text: str = UNIT) -> list[str]:
    """Every value of one setting of the unit."""
    return re.findall(rf"^{name}=(.*)$", text, re.MULTILINE)


def steps(instruction: str) -> list[str]:
    """Every use of one instruction of the Dockerfile."""
    return re.findall(rf"^{instruction} (.*)$", DOCKERFILE, re.MULTILINE)


def installs(text: str) -> list[str]:
    """Every ``pip install`` in it, without how pip is called and what only a container needs."""
    found = re.findall(r"\bpip install ([^`\n]*)", text)
    return [" ".join(one.replace("--no-cache-dir", "").split()) for one in found]


def test_every_secret_that_the_bot_reads_has_its_line_in_the_unit() -> None:
    """One that is missing there would be looked for in vain."""
    given = [*settings("LoadCredential"), *settings("#LoadCredential")]
    named = dict(one.split(":") for one in given)

    assert named.keys() == SECRETS
    assert {Path(path).name for path in named.values()} == SECRETS
    assert {str(Path(path).parent) for path in named.values()} == {"/etc/countersign/secrets"}


def test_the_unit_is_told_how_the_bot_is_and_when_it_must_not_be_restarted() -> None:
    """The promises of the page; the program's own tests keep them."""
    wanted = {
        "Type": "notify",
        "TimeoutStartSec": "infinity",
        "WatchdogSec": "60",
        "RestartPreventExitStatus": "2",
        "UMask": "0077",
        "ProtectSystem": "strict",
        "StateDirectory": "countersign",
        "NoNewPrivileges": "true",
        "User": "countersign",
    }

    assert {name: settings(name) for name in wanted} == {n: [v] for n, v in wanted.items()}
    assert int(settings("TimeoutStopSec")[0]) > 10


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """A mistyped setting is ignored there, and the protection with it."""
    if ANALYZE is None:
        pytest.skip("systemd-analyze is not on this machine")
    path = tmp_path / "countersign.service"
    program = str(Path(sys.executable).with_name("countersign"))
    unit = UNIT.replace("/opt/countersign/.venv/bin/countersign", program)
    for text, verdict in ((unit, 0), (unit.replace("UMask=", "Umaks="), None)):
        path.write_text(text, encoding="utf-8")

        done = subprocess.run(
            [ANALYZE, "verify", path], capture_output=True, text=True, timeout=60, check=False
        )

        assert (done.returncode, done.stderr) == (0, "") if verdict == 0 else "Umaks" in done.stderr


def test_the_image_is_made_with_the_commands_of_the_pages() -> None:
    """README, Makefile, page and Dockerfile install the same locked files in the same way."""
    locked, own = "--require-hashes -r requirements.lock", "--no-deps --no-build-isolation ."

    assert installs(DOCKERFILE) == [locked, own]
    typed = "".join(block.text for block in blocks(page("docs/operating.md")))
    assert installs(typed)[:2] == [locked, own]
    assert {locked, own} <= set(installs(page("README.md")))
    made = installs(page("Makefile").replace("--quiet --disable-pip-version-check ", ""))
    assert {locked, own.replace(" .", " -e .")} <= set(made)


def test_what_is_copied_into_the_image_is_there_and_is_all_that_is_needed(tmp_path: Path) -> None:
    """The package is built from those files alone: every module and the grammar are in it."""
    allowed = [
        line[1:].rstrip("/") for line in page(".dockerignore").splitlines() if line[0] == "!"
    ]
    copied = [word for step in steps("COPY") if "--from" not in step for word in step.split()[:-1]]
    assert sorted(one.rstrip("/") for one in copied) == sorted(allowed)
    for name in allowed:
        source, target = ROOT / name, tmp_path / name
        ignored = shutil.ignore_patterns("__pycache__")
        if source.is_dir():
            shutil.copytree(source, target, ignore=ignored)
        else:
            shutil.copy(source, target)

    wheel = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*wheel, "--no-deps", "--no-build-isolation", "--no-index", "-w", tmp_path / "w", tmp_path],
        check=True,
        timeout=120,
    )
    (made,) = (tmp_path / "w").glob("*.whl")
    names = set(zipfile.ZipFile(made).namelist())
    assert {path.relative_to(ROOT).as_posix() for path in PRODUCT} <= names
    assert "commands/grammar.lark" in names


def test_the_image_runs_as_nobody_in_particular_and_writes_into_its_volume_alone() -> None:
    """Root in a container is closer to root outside than one would like."""
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    order = [line.split()[0] for line in last.splitlines()[1:] if line and line[0].isupper()]

    assert settings_of_image()["COUNTERSIGN_DATABASE"] == "/data/countersign.db"
    assert steps("VOLUME") == ["/data"]
    assert steps("USER") == ["countersign"]
    assert order.index("USER") < order.index("ENTRYPOINT")
    assert "--uid 10001" in last
    assert steps("ENTRYPOINT") == ['["countersign"]']
    assert all("slim" in one or "AS build" in one for one in steps("FROM"))


def settings_of_image() -> dict[str, str]:
    """The environment of the image."""
    words = [word for step in steps("ENV") for word in shlex.split(step)]
    return dict(word.split("=", 1) for word in words)


def test_the_container_is_run_read_only_with_its_secrets_as_files() -> None:
    """Compose hands each file to /run/secrets, where the bot looks."""
    assert SERVICE["read_only"] is True
    assert SERVICE["cap_drop"] == ["ALL"]
    assert SERVICE["security_opt"] == ["no-new-privileges:true"]
    assert set(SERVICE["secrets"]) <= SECRETS
    files = {name: Path(one["file"]).name for name, one in COMPOSE["secrets"].items()}
    assert files == {name: name for name in SERVICE["secrets"]}
    mounted = dict(one.split(":")[:2] for one in SERVICE["volumes"])
    assert mounted["data"] == "/data"
    assert mounted["./countersign.toml"] == settings_of_image()["COUNTERSIGN_CONFIG"]


def test_the_health_check_of_the_container_asks_the_port_of_the_page() -> None:
    """It is Python that asks: a slim image has no curl."""
    kind, program, _, code = SERVICE["healthcheck"]["test"]

    assert (kind, program) == ("CMD", "python")
    compile(code, "healthcheck", "exec")
    assert "http://127.0.0.1:9464/healthz" in code
