"""Secrets from files, as systemd and containers hand them out; only a child process shows it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.config.sample import MARK, SECRETS

SHOW = """
import json
from bot.config import Faulty, environment
try:
    env = environment()
except Faulty as error:
    print(json.dumps({"faults": error.faults}))
else:
    found = {name: getattr(value, "get_secret_value", None) for name, value in env}
    secrets = {name: read() for name, read in found.items() if read}
    print(json.dumps({"secrets": secrets, "shown": repr(env)}))
"""


def shown(folder: Path | None, **variables: str) -> dict[str, object]:
    """What a fresh process finds with this folder and these variables."""
    given = {"PATH": os.environ["PATH"], **variables}
    if folder is not None:
        given["CREDENTIALS_DIRECTORY"] = str(folder)
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", SHOW],
        env=given,
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert MARK not in done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file for each secret, named in lower case, with the line end that editors add."""
    for name, value in SECRETS.items():
        (tmp_path / name).write_text(f"{value}\n")
    return tmp_path


def test_secrets_come_from_files_without_their_line_ends(folder: Path) -> None:
    """``LoadCredential=`` of systemd and the secrets of containers look like this."""
    found = shown(folder)

    assert found["secrets"] == SECRETS
    assert MARK not in str(found["shown"])


def test_a_variable_outweighs_a_file(folder: Path) -> None:
    """Whoever starts the bot by hand means what they typed."""
    found = shown(folder, SLACK_BOT_TOKEN="xoxb-typed")
    assert found["secrets"] == {**SECRETS, "slack_bot_token": "xoxb-typed"}


def test_without_files_the_environment_alone_counts() -> None:
    """And a folder that is not there is no fault by itself."""
    found = shown(Path("/nowhere"), SLACK_APP_TOKEN="xapp-typed")
    assert found["secrets"] == {"slack_app_token": "xapp-typed"}


def test_a_file_that_is_no_text_is_one_sentence_without_its_bytes(folder: Path) -> None:
    """A traceback of a failed decoding shows a byte of the secret, and where."""
    (folder / "kriptomat_password").write_bytes(b"\xff" + MARK.encode())
    assert shown(folder) == {"faults": [f"{folder}: the files of secrets cannot be read"]}
