"""Play one case of the table, and say what came of it."""

from dataclasses import dataclass
from pathlib import Path

from tests.crash.cases import KEPT, NOWHERE, OUTSIDE, Case
from tests.crash.claims import asked_again, audit_broken, end_of, settled, unlike
from tests.crash.drama import Death, drama
from tests.crash.people import People

FAST = 200.0
"""How fast time passes where the order has to outlive the time to pay: a quarter of an hour."""


UNENDED = "unended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of a case."""

    case: Case
    died: int
    end: str
    settled: bool
    asked_again: bool
    broken: list[str]

    @classmethod
    def unended(cls, case: Case) -> "Played":
        """It never came to an end, which is a defect."""
        facts = {"settled": False, "asked_again": False}
        return cls(case=case, died=0, end=UNENDED, broken=["it ends"], **facts)


async def play(folder: Path, case: Case) -> Played:
    """From Ana's request to the end of the order, with a death on the way."""
    inside = case.dies not in OUTSIDE and case.dies != NOWHERE
    async with drama(
        folder,
        [Death(case.dies, case.passage)] if inside else [],
        vendor=case.vendor,
        fault=None if case.fault == KEPT else case.fault,
        call=case.call,
        rate=FAST if case.lapses else 20.0,
    ) as one:
        card = await People(one, killed=case.dies, call=case.call).play()
        await one.stop()
        return Played(
            case=case,
            died=one.died,
            end=end_of(one, card),
            settled=settled(one),
            asked_again=asked_again(one),
            broken=unlike(one, case, card) + await audit_broken(one),
        )
