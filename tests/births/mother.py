"""The process that others are forked from: ``python -m tests.births.mother DOOR``.

It imports the whole program once, opens nothing, starts no thread and no event loop, and forks one
child for each letter that comes through its door. A child is a process of its own, with the
streams, folder, environment and words that it was given, runs to an ordinary end of the
interpreter, and dies by a signal like any other. Between them stands a midwife, who waits for the
child's end and tells it. An end of file at the door ends the mother.
"""

import gc
import importlib
import json
import os
import pkgutil
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("bot", "commands", "providers", "storage")
CHILD_OF_CRASHES = "tests.crash.child"
APART = ("bot.__main__", "bot.chart")
"""What runs when it is imported, and what the program itself imports in another process only."""


def names() -> Iterator[str]:
    """Everything that a child could import of ours."""
    for root in PACKAGES:
        package = importlib.import_module(root)
        for module in pkgutil.walk_packages(package.__path__, f"{root}."):
            if module.name not in APART:
                yield module.name
    yield CHILD_OF_CRASHES


def born(door: socket.socket) -> str:
    """Serve until a child is born; in the child, what it has to call. The mother never returns."""
    while True:
        letter, streams, _, _ = socket.recv_fds(door, 1 << 20, 4)
        if not letter:
            os._exit(0)
        if os.fork() == 0:
            door.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            *standard, told = streams
            child = os.fork()
            if child == 0:
                os.close(told)
                return prepared(json.loads(letter), standard)
            for one in standard:
                os.close(one)
            attend(child, told)
        for one in streams:
            os.close(one)


def attend(child: int, told: int) -> None:
    """The midwife: tell the child's number and how it ended, and go."""
    os.write(told, b"%d\n" % child)
    _, status = os.waitpid(child, 0)
    os.write(told, b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def prepared(letter: dict[str, object], standard: list[int]) -> str:
    """Become what the letter says; what to call."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, stream in zip((1, 2, 0), standard, strict=False):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(str(letter["folder"]))
    os.environ.clear()
    os.environ.update(letter["environment"])  # type: ignore[call-overload]
    sys.argv[:] = letter["words"]  # type: ignore[call-overload]
    # As if the child had been started by its own name.
    sys.modules["__main__"].__package__ = None
    return str(letter["call"])


def main() -> None:
    """Import everything, then be ready."""
    for name in names():
        importlib.import_module(name)
    assert len(list(Path("/proc/self/task").iterdir())) == 1, (
        "a thread would be missing in the children"
    )
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    call = born(socket.socket(fileno=int(sys.argv[1])))
    module, _, function = call.partition(":")
    sys.exit(getattr(importlib.import_module(module), function)())


if __name__ == "__main__":
    main()
