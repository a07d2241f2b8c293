"""In which turn the workers of pytest-xdist get the tests: what takes long first.

A test that takes half a minute and comes last lets all other workers wait for it. Tests that share
something that is slow to start, a browser with a playground, go to one worker one after the other.
What is over in milliseconds goes out by whole files, as handing out costs more than running.
Within all this pytest-randomly shuffles as ever.
"""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = (
    ("tests/page/test_scene", "tests/page/test_shapes", "tests/page/test_surfaces"),
    ("tests/page/",),
)
"""What shares one browser, as beginnings of names: two parts of about the same length."""

LONG = (
    "tests/page/",
    "tests/cli/test_demo_and_sandbox.py",
    "tests/docs/",
    "tests/crash/",
    "tests/histories/",
    "tests/cli/",
)
"""Where the tests are that take many seconds; they come first, in this order."""

SOME = ("tests/journeys/", "tests/recurring/")
"""Where a test takes a second or two; they come last, to end at about the same time."""


def part_of(test: str) -> str:
    """The turn to which a test belongs."""
    for part in TOGETHER:
        if test.startswith(part):
            return part[0]
    return test if test.startswith((*LONG, *SOME)) else test.partition("::")[0]


def order_of(test: str) -> int:
    """Smaller comes earlier."""
    if test.startswith(SOME):
        return len(LONG) + 1
    return next((number for number, one in enumerate(LONG) if test.startswith(one)), len(LONG))


class Turns(LoadScopeScheduling):  # type: ignore[misc] # it tells no types
    """The scheduler. Every worker collects in the same order, and it goes out in that order."""

    def _split_scope(self, nodeid: str) -> str:
        return part_of(nodeid)
