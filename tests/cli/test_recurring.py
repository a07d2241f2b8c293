"""``countersign schedules`` and ``schedule``, as an operator types them."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.occurring import Fate, Run
from bot.domain.orders import State
from bot.domain.schedules import Schedule, ScheduleState
from storage import audit, occurrences, orders, schedules
from storage.database import Tx
from tests.cli.test_interventions import file, inside, typed
from tests.domain.sample import BEN
from tests.domain.sample import order as an_order
from tests.domain.schedule_sample import FIRST, NOW, running, schedule
from tests.recurring.office import DAILY, opened
from tests.recurring.test_envelopes import id_of

__all__ = ["file"]


def keep(file: Path, one: Schedule) -> Schedule:
    inside(file, lambda tx: schedules.create(tx, one, wishes=(), facts={}))
    return one


def state_of(file: Path, one: Schedule) -> ScheduleState:
    found: Any = inside(file, lambda tx: schedules.load(tx, one.id))
    return ScheduleState(found.state)


def test_schedules_lists_what_recurs_and_what_comes_next(file: Path) -> None:
    """Somebody asks why something was bought this morning, and Slack is away."""
    one = keep(file, running())
    keep(file, schedule(id="REC-00001", origin="slash:2", state=ScheduleState.DENIED))

    told = typed(file, "schedules").output

    assert f"{one.id}  active" in told
    assert "Buy BTC for 250.00 EUR via kriptomat, every day at 9:00 Europe/Ljubljana" in told
    assert "Tue 1 Dec 2026 9:00, 2026-12-01 08:00:00Z" in told
    assert "REC-00001" not in told
    assert "REC-00001" in typed(file, "schedules", "--state", "denied").output
    (exact,) = json.loads(typed(file, "schedules", "--json").output)
    assert (exact["id"], exact["spend"], exact["total_at_most"]) == (one.id, "250.00", "2550.00")
    assert typed(file, "schedules", "--state", "paused").output == "No such schedules.\n"


def test_schedule_shows_its_votes_its_dates_and_its_events(file: Path) -> None:
    """Everything that is written down about one of them, on one page and as JSON."""
    one = keep(file, running())

    def add(tx: Tx) -> None:
        schedules.add_vote(tx, one, voter=BEN, choice="approve", at=NOW, digest=one.digest)
        occurrences.add(tx, skipped(one))

    inside(file, add)
    told = typed(file, "schedule", one.id.lower()).output
    whole = json.loads(typed(file, "schedule", one.id, "--json").output)

    for part in (one.digest, BEN, "2026-12-01T09:00", "skipped", "2,550.00 EUR", "created"):
        assert part in told
    assert whole["dates"][0]["fate"] == "skipped"
    assert {"votes", "events", "schedule", "digest", "in_hand"} <= whole.keys()


def skipped(one: Schedule) -> Run:
    return Run(
        schedule_id=one.id,
        local=FIRST,
        at=NOW + timedelta(hours=20),
        fate=Fate.SKIPPED,
        actor=BEN,
        decided_at=NOW,
    )


def test_a_stop_takes_what_was_not_sent_along_under_the_operators_name(file: Path) -> None:
    """It asks first; whoever stops it wants no money to leave from now on."""
    one = keep(file, running())
    waiting = an_order()

    def ordered(tx: Tx) -> None:
        orders.create(tx, waiting, wishes=(), facts={})
        run = Run(
            schedule_id=one.id,
            local=FIRST,
            at=NOW,
            fate=Fate.ORDERED,
            actor="bot",
            decided_at=NOW,
            order_id=waiting.id,
        )
        occurrences.add(tx, run)

    inside(file, ordered)
    stop = ("schedule", one.id, "--stop", "the budget is gone")
    assert typed(file, *stop, answer="n\n").exit_code == 1
    assert state_of(file, one) is ScheduleState.ACTIVE

    told = typed(file, *stop, answer="y\n")

    assert told.exit_code == 0, told.output
    assert f"{waiting.id} of it was not sent yet and is cancelled." in told.output
    assert state_of(file, one) is ScheduleState.STOPPED
    found: Any = inside(file, lambda tx: orders.load(tx, waiting.id))
    assert found.state is State.CANCELLED
    rows = inside(file, lambda tx: tx.rows("SELECT * FROM audit ORDER BY number"))
    assert (rows[-1]["actor"], rows[-1]["what"]) == ("operator fay", "schedule stopped")
    assert "the budget is gone" in rows[-1]["facts"]
    assert inside(file, audit.verify) is None
    again = typed(file, *stop, "--yes")
    assert (again.exit_code, "is stopped already" in again.output) == (1, True)


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("schedule", "REC-00000"), 1, "there is no schedule REC-00000"),
        (("schedule", "BUY-7K3FQ"), 2, "not a schedule's number"),
        (("schedule", "REC-7K3FQ", "--stop", " "), 2, "--stop takes a reason"),
        (("schedules", "--state", "lost"), 2, "is not a state"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(
    file: Path, words: tuple[str, ...], code: int, part: str
) -> None:
    """An operator in a hurry reads one line."""
    one = keep(file, running())

    told = typed(file, *words)

    assert told.exit_code == code
    assert part in told.output
    assert "Traceback" not in told.output
    assert state_of(file, one) is ScheduleState.ACTIVE


async def test_a_running_bot_tells_the_channel_what_an_operator_has_stopped(tmp_path: Path) -> None:
    """The file is the truth: the card follows within seconds, with the reason."""
    async with opened(tmp_path) as office:
        card = await office.running(DAILY)
        stop = ("schedule", id_of(card), "--stop", "the budget is gone", "--yes")

        told = await asyncio.to_thread(typed, tmp_path / "countersign.db", *stop)
        await office.until_state(card, "stopped")

        assert told.exit_code == 0, told.output
        said = await office.until_said(card, "fay (on the machine) stopped")
        assert "the budget is gone. Nothing more will be bought." in said
        await office.clock_at("2026-12-02 12:00:00")
        assert len(office.kriptomat.purchases) == 0
