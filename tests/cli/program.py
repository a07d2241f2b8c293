"""Run ``countersign ...`` as a real process with an environment of its own."""

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.births.child import ROOT, Spoken, spoken_with


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended."""

    code: int
    out: str
    err: str


def surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    """What a shell would hand over, and a width."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "100", **environment}


async def start(*words: str, environment: Mapping[str, str], folder: Path) -> Spoken:
    """Start the program in this folder; the caller ends it. It is forked, see ``tests.births``."""
    return await spoken_with(
        "bot.cli:main",
        ["countersign", *words],
        environment=surroundings(environment),
        folder=folder,
    )


async def start_fresh(
    *words: str, environment: Mapping[str, str], folder: Path
) -> asyncio.subprocess.Process:
    """The same in an interpreter of its own, as a shell would; that takes its time."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *words,
        env=surroundings(environment),
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def run(
    *words: str, folder: Path, environment: Mapping[str, str] | None = None, seconds: float = 60
) -> Ended:
    """Run it to its end."""
    process = await start(*words, environment=environment or {}, folder=folder)
    try:
        async with asyncio.timeout(seconds):
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None, "it has ended"
    return Ended(process.returncode, out.decode(), err.decode())
