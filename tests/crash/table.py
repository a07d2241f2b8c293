"""The reliability table as a document: each case leaves a sheet, the last one binds them."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.crash.cases import COINS_PH, KRIPTOMAT, OAK, VENDORS, WHOLE, Case
from tests.crash.claims import NOTHING, ONE
from tests.crash.play import UNENDED, Played
from tests.vendors.kinds import Kind

DOCS = Path(__file__).resolve().parents[2] / "docs"
TARGET = DOCS / "reliability-table.md"
PAGE = DOCS / "reliability.md"
SECTION = "\n## The table\n"
"""Where the page for the treasurer ends; what follows is written here."""

PROMISES = {
    KRIPTOMAT: "its own key; looked up by amount and time",
    OAK: "no key; looked up by our reference",
    COINS_PH: "no key; looked up by amount and time; costs nothing until it is paid",
    Kind.NATIVE_KEY: "its own key; looked up by our reference",
    Kind.REFERENCE: "no key; looked up by our reference",
    Kind.ATTRIBUTES: "no key; looked up by amount and time",
    Kind.NONE: "no key; no list",
    Kind.FREE_UNTIL_PAID: "no key; looked up by amount and time; costs nothing until it is paid",
}

HEAD = """# Reliability table

Written by `make proof`; do not edit it. In each case Ana asks for 250 EUR of BTC (from Oak for 25
USD of USDC, from Coins.ph for 5,000 PHP of BTC), Ben approves, the first request to buy meets the
fault, and the real process dies by `kill -9` at the named moment and is started again. Every line
is played for real, over loopback HTTP and WebSocket, with the database on disk. `kriptomat`, `oak`
and `coins_ph` are played with the real clients against their sandboxes, the others are kinds of a
vendor of the tests.

{summary}

"settled by people" counts the cases in which no automatic way was left: two people looked at the
vendor's own pages, one proposed, another confirmed. "approved again" counts those in which an
approval given before a restart was asked for anew, because the vendor has no list to look at.

What is free until it is paid was paid as soon as the card asked for it: of the vendor of the tests
at its own pages, of Coins.ph by the buttons. There somebody presses "I will pay", and another one
if no answer came; whoever was told privately how pays at the counter and says so; the vendor is
told and releases it. At most one person was told how, and money was handed over once for each
purchase and never for none. "completed" means that the vendor has delivered.

{vendors}

The faults: `kept` is none; `reply lost`, `500 after` and `hang after` strike when the purchase has
been made, `reset`, `500 before` and `hang before` strike instead of it. With `(pay)` the fault
meets the request that tells Coins.ph that it is paid, and with `(cancel)` the one that takes the
order back, which is what people want there instead of paying it.

{lines}
"""

SUMS = """
Written by `make proof`, which kills the real process with `kill -9` in each case and starts it
again; [all cases](reliability-table.md) one by one.

{summary}

{vendors}
"""

KINDS = (
    "vendor", "what it promises", "cases", "deaths", ONE, NOTHING, "settled by people",
    "approved again",
)  # fmt: skip
LINES = ("vendor", "fault", "dies at", "passage", "deaths", "end", "people")


class Sheets:
    """A folder that all workers of one run share: one small file for each case played."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        base = factory.getbasetemp()
        shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
        self._folder = shared / "sheets"
        self._folder.mkdir(exist_ok=True)

    def keep(self, played: Played) -> None:
        """Lay it down; if every case has been played, write the table."""
        number = WHOLE.index(played.case)
        sheet, draft = self._folder / f"{number}.json", self._folder / f"{number}.draft"
        draft.write_text(json.dumps(asdict(played)), encoding="utf-8")
        draft.replace(sheet)
        found = [self._folder / f"{number}.json" for number in range(len(WHOLE))]
        if os.environ.get("COUNTERSIGN_WRITE_DOCS") and all(one.exists() for one in found):
            rows = [_read(one) for one in found]
            TARGET.write_text(document(rows), encoding="utf-8")
            page = PAGE.read_text(encoding="utf-8").partition(SECTION)[0]
            PAGE.write_text(page + SECTION + section(rows), encoding="utf-8")


def _read(sheet: Path) -> Played:
    fields = json.loads(sheet.read_text(encoding="utf-8"))
    return Played(**{**fields, "case": Case(**fields["case"])})


def document(rows: Sequence[Played]) -> str:
    """The whole of it, the same for the same ends."""
    return HEAD.format(
        summary=_summary(rows),
        vendors=_table(KINDS, _vendors(rows)),
        lines=_table(LINES, (_line(row) for row in rows)),
    )


def section(rows: Sequence[Played]) -> str:
    """The sums of it, for the page on which each line is a test."""
    return SUMS.format(summary=_summary(rows), vendors=_table(KINDS, _vendors(rows)))


def _summary(rows: Sequence[Played]) -> str:
    double = sum("at most one purchase" in row.broken for row in rows)
    false = sum(row.end.startswith("completed") and row.end != ONE for row in rows)
    lost = sum("one order" in row.broken or row.end == UNENDED for row in rows)
    people = sum(row.settled for row in rows)
    other = sum(bool(row.broken) for row in rows)
    return (
        f"{len(rows)} cases, {sum(row.died for row in rows)} deaths: {double} double purchases,"
        f" {false} completed without a\npurchase, {lost} lost orders, {other} broken promises of"
        f" any kind. {people} needed people to settle them."
    )


def _vendors(rows: Sequence[Played]) -> Iterator[list[object]]:
    for vendor in VENDORS:
        mine = [row for row in rows if row.case.vendor == vendor]
        yield [
            vendor,
            PROMISES[vendor],
            len(mine),
            sum(row.died for row in mine),
            sum(row.end == ONE for row in mine),
            sum(row.end == NOTHING for row in mine),
            sum(row.settled for row in mine),
            sum(row.asked_again for row in mine),
        ]


def _line(row: Played) -> list[object]:
    case = row.case
    did = {"approved again": row.asked_again, "settled": row.settled}
    people = ", ".join(word for word, done in did.items() if done)
    end = row.end if not row.broken else f"{row.end}; NOT SO: {', '.join(row.broken)}"
    return [case.vendor, case.fate, case.dies, case.passage, row.died, end, people]


def _table(head: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    rows = (head, ["---"] * len(head), *lines)
    return "\n".join(f"| {' | '.join(str(cell) for cell in row)} |" for row in rows)
