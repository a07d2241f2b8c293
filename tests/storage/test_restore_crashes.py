"""A restore that dies at any step leaves the old database or the new, frozen one: never neither."""

import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from storage import freezes
from storage.backup import examine
from storage.connection import connect
from storage.database import Tx
from storage.files import Unusable, lock_file, restoring
from storage.restore import restore
from tests.domain.sample import NOW
from tests.storage.conftest import keys, put

DYING = """
import os, pathlib, sys
from storage.restore import restore
from tests.domain.sample import NOW

TOUCHING = {"os.link", "os.rename", "os.remove", "os.chmod", "tempfile.mkstemp", "open"}

def dies_at(number):
    left = [number]
    def hook(event, facts):
        if event in TOUCHING and not (event == "open" and facts[2] & os.O_ACCMODE == os.O_RDONLY):
            left[0] -= 1
            if left[0] == 0:
                os._exit(9)
    return hook

source, folder = map(pathlib.Path, sys.argv[1:])
for number in range(1, 41):
    child = os.fork()
    if child == 0:
        sys.addaudithook(dies_at(number))
        restore(source, folder / str(number) / "countersign.db", now=NOW, actor="fay")
        os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
        print(number)
        break
"""


def deaths(source: Path, folder: Path) -> int:
    """Restore in one folder after the other, dying one step later each time; how many died."""
    child = subprocess.run(
        [sys.executable, "-c", DYING, str(source), str(folder)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=True,
    )
    return int(child.stdout) - 1


def folders(path: Path, make: Path) -> Path:
    """Forty folders with the same files."""
    for number in range(1, 41):
        shutil.copytree(make, path.parent / "many" / str(number))
    return path.parent / "many"


def is_frozen(path: Path) -> bool:
    raw = connect(path)
    stands = bool(freezes.active(Tx(raw)))
    raw.close()
    return stands


def test_a_sound_database_is_there_whenever_the_restore_dies(path: Path, saved: Path) -> None:
    """The bot starts by itself after a power cut; what it finds must be one or the other."""
    make = path.parent / "made"
    make.mkdir()
    put(make / path.name, "newest")
    many = folders(path, make)

    died = deaths(saved, many)

    assert died > 8, "a restore has many steps"
    states = []
    for number in range(1, died + 1):
        here = many / str(number) / path.name
        examine(here)
        new = is_frozen(here)
        assert keys(here) == ([] if new else ["newest"])
        states.append(new)
        if not new:
            told = restore(saved, here, now=NOW + timedelta(minutes=1), actor="fay")
            assert told.kept is not None
            assert keys(told.kept) == ["newest"]
    assert states == sorted(states), "new from the rename on"
    assert {False, True} == set(states)


def test_a_damaged_database_is_never_read_with_half_of_its_files(path: Path, saved: Path) -> None:
    """A file without its newest commits would make the bot buy again: it is refused meanwhile."""
    make = path.parent / "made"
    make.mkdir()
    (make / path.name).write_bytes(b"\xff" * 8192)
    Path(f"{make / path.name}-wal").write_bytes(b"\xee" * 4096)
    many = folders(path, make)

    died = deaths(saved, many)

    refused = 0
    for number in range(1, died + 1):
        here = many / str(number) / path.name
        whole = Path(f"{here}-wal").exists()
        if restoring(here).exists():
            refused += 1
            with pytest.raises(Unusable, match="interrupted"):
                lock_file(here)
            restore(saved, here, now=NOW + timedelta(minutes=1), actor="fay")
            whole = False
        assert whole or is_frozen(here)
    assert refused > 2
