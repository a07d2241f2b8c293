"""The picture of an order's life in ``docs/architecture.md`` is the table of the code."""

import os
from pathlib import Path

from bot.domain.states import TRANSITIONS, Event, State

PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"

BEGIN, END = "```mermaid\n", "```\n"


def drawn() -> str:
    """A mermaid diagram: each way from one state to another, with the events that lead there."""
    ways: dict[tuple[State, State], list[Event]] = {}
    for (before, event), after in TRANSITIONS.items():
        if after is not before:
            ways.setdefault((before, after), []).append(event)
    lines = ["stateDiagram-v2", f"    [*] --> {State.PENDING_APPROVAL.value}"]
    for (before, after), events in ways.items():
        named = ", ".join(event.value.replace("_", " ") for event in events)
        lines.append(f"    {before.value} --> {after.value}: {named}")
    return "\n".join(lines) + "\n"


def test_the_picture_of_an_orders_life_is_the_table_of_the_code() -> None:
    """A state that is drawn where none is leads whoever mends the code astray."""
    text = PAGE.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    shown, _, tail = rest.partition(END)
    if os.environ.get("COUNTERSIGN_WRITE_DOCS") == "1" and shown != drawn():
        PAGE.write_text(head + BEGIN + drawn() + END + tail, encoding="utf-8")
        shown = drawn()

    assert shown == drawn(), "COUNTERSIGN_WRITE_DOCS=1 draws it anew"
