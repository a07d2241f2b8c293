"""``countersign orders``, ``order``, ``settle``, ``cancel`` and ``unfreeze``, as an operator types
them."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.domain.evidence import Ground, Shown
from bot.domain.freezes import Scope
from bot.domain.orders import Order, State
from storage import audit, evidence, freezes, orders
from storage.connection import connect
from storage.database import Tx
from storage.migrations import migrate
from tests.domain.sample import BEN, NOW, in_state, order
from tests.journeys.corner import doubted, with_corner
from tests.stage import order_of
from tests.vendors.kinds import Kind


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An empty database of ours."""
    path = tmp_path / "team.db"
    raw = connect(path)
    migrate(raw)
    raw.close()
    return path


@pytest.fixture
def keep(file: Path) -> Callable[..., Order]:
    """Write an order in this state into the file."""

    def write(state: State, **changes: Any) -> Order:
        one = in_state(state, **changes)
        inside(file, lambda tx: orders.create(tx, one, wishes=(), facts={}))
        return one

    return write


def inside(path: Path, act: Callable[[Tx], object]) -> Any:
    raw = connect(path)
    try:
        return act(Tx(raw))
    finally:
        raw.close()


def typed(path: Path, *words: str, answer: str = "") -> Result:
    environment = {"COUNTERSIGN_DATABASE": str(path), "LOGNAME": "fay"}
    return CliRunner().invoke(app, words, env=environment, input=answer)


def state_of(path: Path, one: Order) -> State:
    found = inside(path, lambda tx: orders.load(tx, one.id))
    assert isinstance(found, Order)
    return found.state


Keep = Callable[..., Order]


def test_orders_lists_what_is_open_and_what_is_frozen(file: Path, keep: Keep) -> None:
    """The first thing to look at when something is wrong."""
    one = keep(State.IN_DOUBT, note="the reply was lost")
    keep(State.COMPLETED, id="BUY-00001", origin="slash:2", key="1" * 32)
    inside(
        file,
        lambda tx: freezes.put(
            tx, scope=Scope.EVERYTHING, name="", reason="the key leaked", by=BEN, at=NOW
        ),
    )

    told = typed(file, "orders")

    assert told.exit_code == 0
    assert one.id in told.output
    assert "the reply was lost" in told.output
    assert "the key leaked" in told.output
    assert "BUY-00001" not in told.output
    assert "BUY-00001" in typed(file, "orders", "--state", "completed").output


def test_orders_as_json_has_exact_amounts_as_text(file: Path, keep: Keep) -> None:
    """Scripts must not meet a float."""
    one = keep(State.IN_DOUBT)

    (told,) = json.loads(typed(file, "orders", "--json").output)

    assert (told["id"], told["state"], told["spend"]) == (one.id, "in_doubt", "250.00")


def test_order_shows_digest_votes_attempts_evidence_and_events(file: Path, keep: Keep) -> None:
    """Everything that is written down about one order, on one page and as JSON."""
    one = keep(State.IN_DOUBT)

    def add(tx: Tx) -> None:
        orders.add_vote(tx, one, voter=BEN, choice="approve", at=NOW, digest=one.digest)
        evidence.note(
            tx,
            one.id,
            at=NOW,
            place="Kriptomat, its list of transactions",
            shown=Shown.NOTHING,
            ground=Ground.NOT_LISTED,
            facts={"found": []},
        )

    inside(file, add)
    told = typed(file, "order", one.id.lower()).output
    whole = json.loads(typed(file, "order", one.id, "--json").output)

    for part in (one.digest, BEN, "its list of transactions", "requested"):
        assert part in told
    assert whole["digest"] == one.digest
    assert whole["evidence"][0]["shown"] == "nothing"
    assert {"votes", "attempts", "events", "freezes", "order"} <= whole.keys()


@pytest.mark.parametrize(
    ("words", "state"),
    [(("--bought", "812"), State.ACCEPTED), (("--not-bought",), State.REJECTED)],
)
def test_settle_writes_down_what_became_of_it_under_the_operators_name(
    file: Path, keep: Keep, words: tuple[str, ...], state: State
) -> None:
    """It asks first, is told in the channel by a running bot, and stays in the audit log."""
    one = keep(State.IN_DOUBT)
    settle = ("settle", one.id, *words, "--because", "I looked at their pages")
    assert typed(file, *settle, answer="n\n").exit_code == 1
    assert state_of(file, one) is State.IN_DOUBT

    told = typed(file, *settle, answer="y\n")

    assert told.exit_code == 0, told.output
    assert state_of(file, one) is state
    rows = inside(file, lambda tx: tx.rows("SELECT * FROM audit ORDER BY number"))
    assert rows[-1]["actor"] == "operator fay"
    assert "I looked at their pages" in rows[-1]["facts"]
    owed = inside(file, lambda tx: tx.rows("SELECT kind FROM outbox ORDER BY id"))
    assert [row["kind"] for row in owed] == ["card", "notice"]
    assert inside(file, audit.verify) is None


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("settle", "BUY-00000", "--not-bought", "--because", "x"), 1, "there is no order"),
        (("settle", "BUY-7K3FQ", "--because", "x"), 2, "either --bought REF or --not-bought"),
        (("settle", "BUY-7K3FQ", "--bought", "1", "--not-bought", "--because", "x"), 2, "either"),
        (("settle", "BUY-7K3FQ", "--bought", "no 1", "--because", "x"), 2, "the vendor's number"),
        (("settle", "BUY-7K3FQ", "--not-bought", "--because", " "), 2, "takes a reason"),
        (("settle", "BUY-7K3FQ", "--not-bought", "--because", "x"), 1, "nothing to settle"),
        (("settle", "nonsense", "--not-bought", "--because", "x"), 2, "not an order's number"),
        (("cancel", "BUY-7K3FQ", "--because", "x"), 1, "it has been sent"),
        (("cancel", "BUY-00001", "--because", "x"), 1, "completed already"),
        (("order", "BUY-ZZZZZ"), 1, "there is no order"),
        (("orders", "--state", "lost"), 2, "is not a state"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(
    file: Path, keep: Keep, words: tuple[str, ...], code: int, part: str
) -> None:
    """An operator in a hurry reads one line."""
    keep(State.ACCEPTED)
    keep(State.COMPLETED, id="BUY-00001", origin="slash:2", key="1" * 32, ref="9")
    before = inside(file, lambda tx: tx.rows("SELECT * FROM audit"))

    told = typed(file, *words, *(["--yes"] if words[0] in {"settle", "cancel"} else []))

    assert told.exit_code == code
    assert part in told.output
    assert "Traceback" not in told.output
    assert inside(file, lambda tx: tx.rows("SELECT * FROM audit")) == before


def test_a_number_that_another_order_owns_is_refused(file: Path, keep: Keep) -> None:
    """One purchase at a vendor belongs to one order."""
    keep(State.COMPLETED, id="BUY-00001", origin="slash:2", key="1" * 32, ref="9")
    one = keep(State.IN_DOUBT)

    told = typed(file, "settle", one.id, "--bought", "9", "--because", "x", "--yes")

    assert told.exit_code == 1
    assert "has that number already" in told.output
    assert state_of(file, one) is State.IN_DOUBT


def test_cancel_takes_back_what_was_not_sent(file: Path) -> None:
    """Slack may be away for days; an order must not be stuck for that."""
    one = order()
    inside(file, lambda tx: orders.create(tx, one, wishes=(), facts={}))

    told = typed(file, "cancel", one.id, "--because", "Slack is away", "--yes")

    assert told.exit_code == 0, told.output
    assert state_of(file, one) is State.CANCELLED


def test_unfreeze_lifts_everything_and_says_what(file: Path, keep: Keep) -> None:
    """After a restore there may be only one person at hand, who is at the machine."""
    assert "Nothing is frozen" in typed(file, "unfreeze").output
    inside(
        file,
        lambda tx: freezes.put(
            tx, scope=Scope.PROVIDER, name="kriptomat", reason="moving", by=BEN, at=NOW
        ),
    )

    told = typed(file, "unfreeze", answer="y\n")

    assert "Frozen: kriptomat, by U0BEN: moving" in told.output
    assert "Lifted: kriptomat." in told.output
    assert inside(file, freezes.active) == ()


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """A mistyped path must not look like an empty treasury."""
    told = typed(tmp_path / "typo.db", "orders")

    assert told.exit_code == 2
    assert "there is no such file" in told.output
    assert list(tmp_path.iterdir()) == []


async def test_a_running_bot_notices_what_an_operator_has_settled(tmp_path: Path) -> None:
    """The file is the truth: the card follows within seconds, without a restart."""
    async with with_corner(tmp_path, Kind.NONE) as (stage, corner):
        card = await doubted(stage, corner)
        ref = str(corner.purchases[0].id)
        path = tmp_path / "countersign.db"

        told = await settled(path, order_of(card), ref)
        await stage.until(card, "completed", timeout=15)

        assert told.exit_code == 0, told.output
        assert any("fay (on the machine) settled" in one for one in stage.thread(card))


async def settled(path: Path, number: str, ref: str) -> Result:
    """The command in a thread, as it has a loop of its own."""
    words = ("settle", number, "--bought", ref, "--because", "seen there", "--yes")
    return await asyncio.to_thread(typed, path, *words)
