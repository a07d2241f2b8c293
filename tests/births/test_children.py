"""What the tests of crashes and of the program rely on: a forked child is a process like any."""

import os
import signal
from pathlib import Path

import pytest

from tests.births.child import Spoken, spoken_with

HERE = "tests.births.deeds"


async def born(deed: str, folder: Path, *words: str) -> Spoken:
    """A child that does one of the deeds."""
    return await spoken_with(
        f"{HERE}:{deed}", ["deeds", *words], environment={"ONLY": "this"}, folder=folder
    )


async def test_a_child_has_what_it_was_given_and_nothing_of_its_mother(tmp_path: Path) -> None:
    """A token that was left in the environment, or a word, would make a test prove nothing."""
    child = await born("tell", tmp_path, "a word")

    out, err = await child.communicate()

    told = out.decode().splitlines()
    assert told == [str(child.child.pid), str(tmp_path), "{'ONLY': 'this'}", "['deeds', 'a word']"]
    assert err == b"and a fault\n"
    assert child.returncode == 0


async def test_two_children_share_nothing(tmp_path: Path) -> None:
    """What one of them has imported or remembered, the next one does not know."""
    for _ in range(2):
        child = await born("remember", tmp_path)
        out, _ = await child.communicate()
        assert out == b"nothing\n"


@pytest.mark.parametrize(
    ("deed", "code", "said"),
    [("leave", 2, b""), ("fall", 1, b"ValueError: on purpose"), ("tell", 0, b"and a fault")],
)
async def test_a_child_ends_like_an_interpreter(
    tmp_path: Path, deed: str, code: int, said: bytes
) -> None:
    """An exit code is what scripts go by, and a traceback has to be seen."""
    child = await born(deed, tmp_path)

    _, err = await child.communicate()

    assert child.returncode == code
    assert said in err
    assert (tmp_path / "farewell").exists(), "what was registered for the end has run"


async def test_a_child_dies_by_kill_9_and_does_nothing_any_more(tmp_path: Path) -> None:
    """Its death must be that of a process: told as the signal, with nothing flushed or closed."""
    child = await born("wait", tmp_path)
    assert await child.stdout.readline() == b"here\n"
    os.kill(child.child.pid, 0)

    child.kill()

    assert await child.wait() == -signal.SIGKILL
    assert not (tmp_path / "farewell").exists()
    with pytest.raises(ProcessLookupError):
        os.kill(child.child.pid, 0)
