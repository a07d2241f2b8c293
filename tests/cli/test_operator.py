"""``countersign backup``, ``restore`` and ``audit verify``, as an operator types them."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from storage import audit, freezes, orders
from storage.connection import connect
from storage.database import Database, Tx
from storage.migrations import migrate
from tests.cli.program import run
from tests.domain.sample import NOW, order

NO_TOKENS = {"COUNTERSIGN_DATABASE": "team.db", "LOGNAME": "fay"}


def fill(tx: Tx) -> audit.Head:
    """One order and the start of a bot."""
    orders.create(tx, order(), wishes=(), facts={})
    return audit.append(tx, at=NOW, actor="bot", what="started", order_id=None, facts={})


@pytest.fixture
def head(tmp_path: Path) -> audit.Head:
    """What the database ``team.db`` ends with."""
    raw = connect(tmp_path / "team.db")
    migrate(raw)
    end = fill(Tx(raw))
    raw.close()
    return end


def forge(path: Path, sql: str) -> None:
    raw = connect(path)
    for verb in ("update", "delete"):
        raw.execute(f"DROP TRIGGER audit_is_append_only_{verb}")
    raw.execute(sql)
    raw.close()


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def typed(*words: str, **environment: str) -> Result:
    """The same command in this process, since a start of the program takes a second."""
    return CliRunner().invoke(app, words, env=environment)


async def test_a_backup_beside_a_running_bot_tells_the_head_to_note(tmp_path: Path) -> None:
    """The hash is worth something only if somebody keeps it in another place."""
    db = await Database.open(tmp_path / "team.db")
    head = await db.write(fill)

    ended = await run("backup", "monday.db", folder=tmp_path, environment=NO_TOKENS)

    await db.close()
    assert (ended.code, ended.err) == (0, "")
    assert f"audit head: row {head.number}, hash {head.hash}; note it elsewhere" in ended.out
    verified = await run(
        "audit", "verify", "--head", head.hash, folder=tmp_path,
        environment={"COUNTERSIGN_DATABASE": "monday.db"},
    )  # fmt: skip
    assert verified.code == 0
    assert verified.out == f"the audit log is whole: {head.number} rows, hash {head.hash}\n"


async def test_a_restore_says_that_all_is_frozen_and_how_to_go_on(
    tmp_path: Path, head: audit.Head
) -> None:
    """The person who restores is in a hurry, and the next step is not to be guessed."""
    await run("backup", "monday.db", folder=tmp_path, environment=NO_TOKENS)

    ended = await run("restore", "monday.db", "--yes", folder=tmp_path, environment=NO_TOKENS)

    assert (ended.code, ended.err) == (0, "")
    assert f"team.db is now monday.db as of {NOW.isoformat()} (row {head.number})." in ended.out
    assert re.search(r"kept as team\.db\.before-restore-\d{8}T\d{6}Z\.", ended.out)
    assert "Everything is frozen." in ended.out
    assert "before anything is sent for them: 1." in ended.out
    assert "`/buy unfreeze` by two approvers, or `countersign unfreeze` here" in ended.out
    raw = connect(tmp_path / "team.db")
    (freeze,) = freezes.active(Tx(raw))
    raw.close()
    assert freeze.set_by == "operator fay"


async def test_a_restore_is_not_done_unasked(tmp_path: Path, head: audit.Head) -> None:
    """A word typed into the wrong window must not cost a day."""
    await run("backup", "monday.db", folder=tmp_path, environment=NO_TOKENS)

    ended = await run("restore", "monday.db", folder=tmp_path, environment=NO_TOKENS)

    assert ended.code == 1
    assert "Put monday.db in the place of team.db?" in ended.out
    assert names(tmp_path) == ["monday.db", "team.db"]


async def test_a_restore_under_a_running_bot_is_refused_with_2(
    tmp_path: Path, head: audit.Head
) -> None:
    """It says what to do first."""
    await run("backup", "monday.db", folder=tmp_path, environment=NO_TOKENS)
    db = await Database.open(tmp_path / "team.db")

    ended = await run("restore", "monday.db", "--yes", folder=tmp_path, environment=NO_TOKENS)

    await db.close()
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "countersign: team.db is in use by another countersign process; stop that first\n"
    )


@pytest.mark.parametrize(
    "words",
    [("audit", "verify"), ("backup", "tuesday.db"), ("restore", "team.db", "--yes")],
    ids=lambda words: words[0],
)
def test_a_forged_log_ends_every_command_with_1_and_names_the_row(
    tmp_path: Path, head: audit.Head, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job that checks every night looks at the code, and a person at the row."""
    forge(tmp_path / "team.db", "UPDATE audit SET actor = 'U0EVE' WHERE number = 1")
    monkeypatch.chdir(tmp_path)
    name = "other.db" if words[0] == "restore" else "team.db"

    ended = typed(*words, COUNTERSIGN_DATABASE=name)

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr == (
        "countersign: team.db: the audit log does not verify: row 1 was changed\n"
    )


def test_a_cut_end_is_proven_by_the_head_that_was_noted(tmp_path: Path, head: audit.Head) -> None:
    """A row that tells of no order leaves no other trace when the end is cut off."""
    forge(tmp_path / "team.db", f"DELETE FROM audit WHERE number = {head.number}")

    where = str(tmp_path / "team.db")
    blind = typed("audit", "verify", COUNTERSIGN_DATABASE=where)
    noted = typed("audit", "verify", "--head", head.hash, COUNTERSIGN_DATABASE=where)

    assert (blind.exit_code, noted.exit_code) == (0, 1)
    assert f"the log ends at row {head.number - 1} and no row has the hash" in noted.stderr


UNUSABLE = [
    (("audit", "verify"), "none.db", "none.db: there is no such file"),
    (("audit", "verify", "--head", "abc"), "team.db", "--head takes the 64 digits of a hash"),
    (("backup", "team.db"), "team.db", "team.db is there already; name a new file"),
    (("backup", "mnt/x.db"), "team.db", "No such file or directory"),
    (("backup", "x.db"), "letter.txt", "letter.txt: file is not a database"),
    (("restore", "none.db", "--yes"), "team.db", "none.db: there is no such file"),
    (("restore", "letter.txt", "--yes"), "team.db", "letter.txt: file is not a database"),
    (("restore", "team.db", "--yes"), "team.db", "team.db is the database itself"),
    (("backup", "x.db"), "postgresql://u:hush@h/d", "COUNTERSIGN_DATABASE does not name a file"),
]


@pytest.mark.parametrize(
    ("words", "name", "told"), UNUSABLE, ids=[f"{one[0][0]}-{one[2][:20]}" for one in UNUSABLE]
)
def test_what_cannot_be_used_ends_with_2_and_one_sentence(
    tmp_path: Path,
    head: audit.Head,
    words: tuple[str, ...],
    name: str,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No traceback, nothing of a password, and nothing is made or changed."""
    (tmp_path / "letter.txt").write_text("this is a letter, not a database" * 100, "utf-8")
    before = (tmp_path / "team.db").read_bytes()
    monkeypatch.chdir(tmp_path)

    ended = typed(*words, COUNTERSIGN_DATABASE=name)

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr.startswith("countersign: ")
    assert len(ended.stderr.splitlines()) == 1
    assert told in ended.stderr
    assert "hush" not in ended.stderr
    assert (tmp_path / "team.db").read_bytes() == before
    assert not (tmp_path / "x.db").exists()
