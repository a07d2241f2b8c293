"""What the children of the tests of this folder do."""

import atexit
import os
import signal
import sys
from pathlib import Path

REMEMBERED = ["nothing"]


def _farewell() -> None:
    atexit.register(Path("farewell").touch)


def tell() -> None:
    """Who and where it is, what surrounds it, and what it was told."""
    _farewell()
    for fact in (os.getpid(), Path.cwd(), dict(os.environ), sys.argv):
        sys.stdout.write(f"{fact}\n")
    sys.stderr.write("and a fault\n")


def remember() -> None:
    """Say the last thing it knows, and learn one."""
    sys.stdout.write(f"{REMEMBERED[-1]}\n")
    REMEMBERED.append("something")


def leave() -> None:
    """An exit code."""
    _farewell()
    sys.exit(2)


def fall() -> None:
    """A fault of the program."""
    _farewell()
    raise ValueError("on purpose")


def wait() -> None:
    """Until it is killed."""
    _farewell()
    sys.stdout.write("here\n")
    sys.stdout.flush()
    signal.pause()
