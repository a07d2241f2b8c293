"""Something that should not be: people are called, nothing is sent, and nothing spins."""

import asyncio
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.playground.messages import Message
from providers.base import Found
from tests.journeys.corner import WORDS, doubted, proposed, until_button, with_corner
from tests.journeys.evidence import order_row
from tests.stage import ANA, BEN, CLEO, FAY, Stage, order_of, state_of
from tests.vendors.corner import Corner
from tests.vendors.kinds import Kind

MONEY = Decimal("250.00")


async def settled(stage: Stage, card: Message, ref: str | None, *, by: str = FAY) -> None:
    """Ben says what became of it, and somebody confirms."""
    await proposed(stage, BEN, card, ref)
    await until_button(stage, card, "Confirm")
    await stage.click(by, card, "Confirm")


async def called(stage: Stage, card: Message, words: str) -> str:
    """What was said in the thread with these words, once it is there."""

    def found(_: object) -> list[str]:
        return [one for one in stage.thread(card) if words in one]

    await stage.slack.wait_for(found, timeout=10)
    return found(None)[0]


async def test_a_key_that_did_not_protect_is_not_sent_once_more(tmp_path: Path) -> None:
    """Two purchases under our reference: the vendor's promise is broken, so it is used no more."""
    async with with_corner(tmp_path, Kind.NATIVE_KEY) as (stage, corner):
        corner.faults.standing("list", "500 before")
        card = await doubted(stage, corner)
        corner.shelf.buy("btc", MONEY, key=corner.purchases[0].key)
        corner.faults.clear()
        corner.faults.standing("buy", "500 before")

        said = await called(stage, card, "something is wrong")
        sent = len(corner.posts)
        for _ in range(4):
            await stage.move_clock(minutes=2)
            await asyncio.sleep(0.05)

        assert len(corner.posts) == sent
        assert all(f"<@{one}>" in said for one in (BEN, CLEO, FAY))
        assert "more than one carries our reference" in card.plain()
        await stage.slack.wait_for(
            lambda slack: any("It may have been bought twice" in one.text for one in slack.dms(FAY))
        )


async def test_a_purchase_that_another_order_took_by_a_wrong_number_is_found_out(
    tmp_path: Path,
) -> None:
    """Its own order must not end as "not there" because somebody mistyped a number elsewhere."""
    async with with_corner(tmp_path, Kind.REFERENCE) as (stage, corner):
        corner.faults.standing("list", "500 before")
        first = await doubted(stage, corner)
        corner.faults.next("buy", "reply lost")
        second = await stage.asked(BEN, WORDS)
        await stage.click(CLEO, second, "Approve")
        await stage.until(second, "in_doubt")
        await settled(stage, first, str(corner.purchases[1].id))
        await stage.until(first, "accepted")
        corner.faults.clear()
        await stage.move_clock(minutes=11)

        await called(stage, second, "something is wrong")

        assert state_of(second) == "in_doubt"
        assert "another order here owns it" in second.plain()
        assert len(corner.posts) == 2


async def test_people_are_called_when_only_they_are_left(tmp_path: Path) -> None:
    """Not once for each look-up, and all who may settle it, the requester included."""
    async with with_corner(tmp_path, Kind.ATTRIBUTES) as (stage, corner):
        corner.faults.next("buy", "reset")
        card = await stage.asked(CLEO, WORDS)
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "in_doubt")
        said = await called(stage, card, "two of you have to say the same")
        for _ in range(3):
            await stage.move_clock(minutes=11)
            await asyncio.sleep(0.05)
        await proposed(stage, BEN, card, None)
        proposal = await called(stage, card, "Please look at Corner yourself")
        await until_button(stage, card, "Confirm")
        await stage.click(FAY, card, "Object")
        back = await called(stage, card, "was taken back")

        assert all(f"<@{one}>" in said for one in (BEN, CLEO, FAY))
        assert f"<@{CLEO}>" in proposal.split(":")[0]
        assert f"<@{BEN}>" not in proposal.split(":")[0]
        assert f"<@{CLEO}>" in back
        calls = [one for one in stage.thread(card) if "two of you have to say" in one]
        assert len(calls) == 1


async def test_an_accepted_order_of_which_the_vendor_tells_nothing_can_be_settled(
    stage: Stage,
) -> None:
    """Its list cannot be read for good: the money must not stay promised for ever."""
    stage.kriptomat.faults.standing("list", "garbage after")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "accepted")
    assert card.buttons() == []
    tries = 0
    async with asyncio.timeout(60):
        while tries < 50:
            await stage.move_clock(minutes=11)
            # A clock that is moved in the middle of a login makes its one-time code a wrong one.
            tries = await tries_after(stage, card, tries)

    said = await called(stage, card, "has told nothing of it since")
    await until_button(stage, card, "Settle")
    await settled(stage, card, None)
    await stage.until(card, "rejected")

    assert all(f"<@{one}>" in said for one in (BEN, CLEO, FAY))
    (reserved,) = await stage.rows("SELECT status FROM reservations")
    assert reserved["status"] == "released"


async def tries_after(stage: Stage, card: Message, tries: int) -> int:
    """How often it has been polled in vain, once that is more than before."""
    now = tries
    while now == tries:
        now = int((await order_row(stage, card))["tries"])
    return now


async def test_what_the_vendor_says_ends_what_people_were_about_to_settle(tmp_path: Path) -> None:
    """A proposal that nobody can confirm any more must not stand on the card."""
    async with with_corner(tmp_path, Kind.ATTRIBUTES) as (stage, corner):
        corner.shelf.settle = "never"
        corner.faults.standing("list", "500 before")
        card = await doubted(stage, corner)
        await settled(stage, card, "4711")
        await stage.until(card, "accepted")
        await proposed(stage, BEN, card, str(corner.purchases[0].id))
        await until_button(stage, card, "Confirm")
        await stage.click(FAY, card, "Confirm")
        await proposed(stage, BEN, card, None)
        corner.faults.clear()
        await stage.move_clock(minutes=11)
        await stage.slack.wait_for(lambda _: "it is not finished yet" in card.text, timeout=10)

        assert "has to confirm" not in card.text
        assert card.buttons() == []


async def test_an_approver_who_has_left_is_not_one_of_the_two(tmp_path: Path) -> None:
    """Neither for a settlement nor for a freeze."""
    async with with_corner(tmp_path, Kind.NONE) as (stage, corner):
        card = await doubted(stage, corner)
        await proposed(stage, CLEO, card, None)
        await until_button(stage, card, "Confirm")
        await stage.say(BEN, "freeze trouble")
        await stage.say(CLEO, "unfreeze")
        stage.slack.workspace.add_group("S0TREASURY", "treasury", [FAY])
        await left(stage, CLEO)

        confirmed = await stage.click(FAY, card, "Confirm")
        lifted = await stage.say(FAY, "unfreeze")

        assert "is no longer an approver" in confirmed
        assert "second approver" in str(lifted.text)
        assert state_of(card) == "in_doubt"
        assert await stage.rows("SELECT 1 FROM freezes WHERE lifted_at IS NULL")


async def left(stage: Stage, user: str) -> None:
    """Let the clock read who is who, until the bot knows that somebody has left."""
    await stage.move_clock(minutes=6)

    def gone() -> bool:
        assert stage.bot is not None, "running"
        return user not in stage.bot.desk.directory.roster.usergroups["S0TREASURY"]

    await stage.eventually(gone)


class Faulty:
    """A client with a bug in its look-up."""

    def __init__(self, client: Corner) -> None:
        self._client = client
        self.calls = 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return getattr(self._client, name)  # type: ignore[no-any-return]

    async def find(self, *_: object, **__: object) -> list[Found]:
        """Fail as no client should."""
        self.calls += 1
        raise RuntimeError("a bug")


async def test_a_bug_in_a_client_is_met_once_a_minute_and_not_in_a_loop(tmp_path: Path) -> None:
    """A thousand tracebacks a second would fill the disk and hammer the vendor."""
    async with with_corner(tmp_path, Kind.ATTRIBUTES) as (stage, corner):
        card = await stage.asked(ANA, WORDS)
        assert stage.bot is not None
        desk = stage.bot.desk
        faulty = Faulty(desk.providers["corner"])  # type: ignore[arg-type]
        desk.providers["corner"] = faulty  # type: ignore[index]
        corner.faults.next("buy", "reset")
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "in_doubt")
        await stage.eventually(lambda: faulty.calls)
        for _ in range(10):
            await stage.move_clock(seconds=2)
            await asyncio.sleep(0.01)
        assert faulty.calls == 1

        await stage.move_clock(minutes=2)
        await stage.eventually(lambda: faulty.calls == 2)
        assert order_of(card) in desk.resting


async def test_an_order_of_a_provider_that_was_taken_out_is_left_to_people(tmp_path: Path) -> None:
    """Nobody can be asked any more, and it must neither hang nor be forgotten."""
    async with with_corner(tmp_path, Kind.ATTRIBUTES) as (stage, corner):
        card = await doubted(stage, corner)
        await stage.stop_bot()
        await stage.start_bot()
        await stage.move_clock(minutes=11)
        await called(stage, card, "press Settle on its card")
        await stage.slack.wait_for(lambda _: "is not set up here any more" in card.plain())
        calls = len(stage.thread(card))
        for _ in range(3):
            await stage.move_clock(minutes=11)
            await asyncio.sleep(0.02)
        assert len(stage.thread(card)) == calls

        await settled(stage, card, None)
        await stage.until(card, "rejected")
