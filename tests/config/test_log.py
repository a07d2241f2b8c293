"""The log of operators: one JSON line each, and no secret in it, whoever wrote the line."""

import io
import json
import logging

import pytest
import structlog

from bot import log
from bot.log import HIDDEN, Redactor

SECRET = "hunter2-hunter2"


@pytest.fixture
def stream() -> io.StringIO:
    """Where the lines go; the suite's own setting comes back with the next test."""
    stream = io.StringIO()
    log.configure([SECRET, "", "abc"], stream=stream)
    return stream


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def fail(why: str) -> None:
    raise RuntimeError(why)


def test_a_secret_is_hidden_wherever_it_stands(stream: io.StringIO) -> None:
    """In the event, in a value, in a list, in an object of somebody else's, in the middle."""
    structlog.get_logger().warning(
        f"said {SECRET}",
        plain=SECRET,
        nested={"a": [f"x{SECRET}y", (SECRET,)]},
        thing=ValueError(SECRET),
        number=7,
    )

    (line,) = lines(stream)
    assert SECRET not in stream.getvalue()
    assert line["event"] == f"said {HIDDEN}"
    assert line["nested"] == {"a": [f"x{HIDDEN}y", [HIDDEN]]}
    assert (line["plain"], line["number"], line["level"]) == (HIDDEN, 7, "warning")


@pytest.mark.parametrize("name", ["somebody.elses", "slack_bolt", "asyncio"])
def test_lines_of_libraries_are_hidden_too_and_keep_their_traceback(
    stream: io.StringIO, name: str
) -> None:
    """They log with the standard library, and quote what they were given."""
    try:
        fail(f"refused {SECRET}")
    except RuntimeError:
        logging.getLogger(name).exception("token %s failed", SECRET)

    (line,) = lines(stream)
    assert SECRET not in stream.getvalue()
    assert line["event"] == f"token {HIDDEN} failed"
    assert "RuntimeError" in str(line["exception"])


def test_what_libraries_say_below_an_error_is_not_written(stream: io.StringIO) -> None:
    """Whole requests stand in it."""
    for name in log.QUIET:
        logging.getLogger(name).info("POST with everything")
    assert lines(stream) == []


def test_a_traceback_shows_no_local_variables(stream: io.StringIO) -> None:
    """Every frame has a password in one of them."""
    password = "not-known-to-the-log"
    try:
        fail(str(len(password)))
    except RuntimeError:
        structlog.get_logger().exception("failed")

    assert "RuntimeError" in stream.getvalue()
    assert password not in stream.getvalue()


def test_a_secret_that_contains_another_is_hidden_whole() -> None:
    """Hiding the shorter one first would leave the rest of the longer one standing."""
    redactor = Redactor(["abcd", "abcdefgh", "x"])
    assert redactor.hide("abcdefgh abcd x") == f"{HIDDEN} {HIDDEN} x"
