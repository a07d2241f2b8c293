"""One rule of Slack: what it does, how we know, whether the playground does so too, and the proof.

A rule that is supported names the tests that break when it is not kept. One that is kept only in
part, or not at all, says what is missing, so that nobody takes silence for a promise.
"""

from dataclasses import dataclass
from typing import Literal

Known = Literal["documented", "verified", "seen by others", "open"]
"""Slack's own documents; tried here against the real libraries; told in issues of others; or
nothing certain, so that what is played is our reading (``bot.playground.readings``)."""

Kept = Literal["supported", "partly", "not"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of the book. ``tests``: ``file::name`` under ``tests/playground``."""

    name: str
    slack: str
    known: Known
    kept: Kept
    missing: str = ""
    tests: tuple[str, ...] = ()

    @property
    def proofs(self) -> tuple[str, ...]:
        """The tests with their whole names, as pytest takes them."""
        parts = (test.partition("::") for test in self.tests)
        return tuple(f"tests/playground/test_{file}.py::test_{name}" for file, _, name in parts)

    @property
    def here(self) -> str:
        """What the playground does about it, in words."""
        return f"{self.kept}: {self.missing}" if self.missing else self.kept


def kept(name: str, slack: str, known: Known, *tests: str) -> Rule:
    """A rule that the playground keeps, and the tests that prove it."""
    return Rule(name=name, slack=slack, known=known, kept="supported", tests=tests)


def partly(name: str, slack: str, known: Known, missing: str, *tests: str) -> Rule:
    """A rule that it keeps but for what is ``missing``."""
    return Rule(name=name, slack=slack, known=known, kept="partly", missing=missing, tests=tests)


def lacking(name: str, slack: str, known: Known, why: str) -> Rule:
    """A rule that it does not keep, and why that is bearable."""
    return Rule(name=name, slack=slack, known=known, kept="not", missing=why)
