"""Run ``python -m bot ...`` as a real process with an environment of its own."""

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended."""

    code: int
    out: str
    err: str


async def start(
    *words: str, environment: Mapping[str, str], folder: Path, typed: bool = False
) -> asyncio.subprocess.Process:
    """Start the program in this folder; the caller ends it. ``typed``: its input is a pipe."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *words,
        env={**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "100", **environment},
        cwd=folder,
        stdin=asyncio.subprocess.PIPE if typed else asyncio.subprocess.DEVNULL,
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
