"""Each date is held against everything again: outside its envelope people are asked instead."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.people import Standing
from bot.playground.messages import Message
from tests.journeys.test_changed_policy import restarted
from tests.recurring.office import DAILY, Office, opened
from tests.recurring.test_envelopes import id_of
from tests.stage import ANA, BEN, CLEO, TOML, order_of, state_of

CAPPED = "every day at 9:00 50 EUR btc via kriptomat max 65000 runs 10"


@pytest.fixture
async def quoted(tmp_path: Path) -> AsyncIterator[Office]:
    """An office whose Kriptomat tells its exchange rate."""
    async with opened(tmp_path, toml=TOML + 'quote = "exchange-rate"\n') as one:
        yield one


async def asked_instead(office: Office, count: int = 1) -> Message:
    """The card of a date that left its envelope."""
    await office.patiently(lambda _: len(office.cards()) >= count)
    card = office.cards()[-1]
    await office.until(card, "pending_approval")
    return card


async def reminded_and_bought(office: Office, card: Message) -> None:
    """Whoever has not voted is reminded, as of any other order; with their yes it is bought."""
    await office.move_clock(minutes=31)
    await office.until_said(card, "waits for your decision")
    await office.click(BEN, card, "Approve")
    await office.until(card, "completed")


async def test_the_votes_of_the_envelope_stand_behind_each_order(office: Office) -> None:
    """Who agreed, to what, is written down truthfully: nobody voted on the order itself."""
    schedule = await office.running(DAILY)
    await office.clock_at("2026-12-02 08:00:01")
    (card,) = await office.until_cards(1)

    assert await office.rows("SELECT * FROM votes") == []
    (vote,) = await office.rows("SELECT voter, digest FROM schedule_votes")
    (row,) = await office.rows(
        "SELECT actor, json_extract(facts, '$.envelope') AS envelope,"
        " json_extract(facts, '$.digest') AS digest FROM events WHERE event = 'approved'"
    )
    assert row == {"actor": "bot", "envelope": id_of(schedule), "digest": vote["digest"]}
    (order,) = await office.rows("SELECT origin, requester FROM orders")
    assert order == {"origin": f"schedule:{id_of(schedule)}:2026-12-02T09:00", "requester": ANA}
    assert f"approved with all of {id_of(schedule)} by @Ben" in card.plain()
    story = await office.say(ANA, f"status {order_of(card)}")
    assert f"found it approved with all of {id_of(schedule)}" in (story.text or "")


async def test_a_freeze_stops_a_date_like_any_order(office: Office) -> None:
    """It is approved, waits, and says so; lifted in time it is bought."""
    await office.running(DAILY)
    await office.say(BEN, "freeze just looking")
    await office.clock_at("2026-12-02 08:00:01")
    await office.patiently(lambda _: office.cards())
    (card,) = office.cards()
    await office.until(card, "approved")
    assert "just looking" in card.text
    assert office.kriptomat.posts == []

    await office.say(BEN, "unfreeze")
    await office.say(CLEO, "unfreeze")

    await office.until(card, "completed")


async def test_a_price_above_the_maximum_asks_people_about_this_one(quoted: Office) -> None:
    """They may lift it for this date; the recurring purchase stays as it was agreed."""
    await quoted.running(CAPPED)
    quoted.kriptomat.book.prices["btceur"] = Decimal("66000.00")
    await quoted.clock_at("2026-12-02 08:00:01")

    card = await asked_instead(quoted)

    assert "the price is 66,000.00 EUR, above the maximum of 65,000. " in card.text
    assert "not sent above 67,980.00 EUR" in card.plain()
    assert quoted.kriptomat.posts == []
    await quoted.click(BEN, card, "Approve")
    await quoted.until(card, "completed")
    quoted.kriptomat.book.prices["btceur"] = Decimal("64000.00")
    await quoted.clock_at("2026-12-03 08:00:01")
    cards = await quoted.until_cards(2)
    assert "approved with all of" in cards[1].plain()


async def test_a_price_that_rises_before_the_send_asks_people_as_well(quoted: Office) -> None:
    """Between the first reading and the gates: the band of this date is broken."""

    def rise(step: str) -> None:
        if step == "envelope used":
            quoted.kriptomat.book.prices["btceur"] = Decimal("70000.00")

    await quoted.running(DAILY)
    await quoted.stop_bot()
    await quoted.start_bot(checkpoint=rise)
    await quoted.clock_at("2026-12-02 08:00:01")
    await quoted.patiently(lambda _: "risen" in quoted.cards()[-1].text)

    card = quoted.cards()[-1]

    assert "risen from 64,800.00 to 70,000.00 EUR" in card.text
    assert state_of(card) == "pending_approval"
    assert quoted.kriptomat.posts == []


async def test_a_changed_rule_asks_people_about_each_date_and_reminds_them(
    office: Office,
) -> None:
    """What was agreed under the old rule is not agreed under the new one."""
    await office.running(DAILY)
    await restarted(office, 'up_to = "1000 EUR"', 'up_to = "900 EUR"')
    await office.clock_at("2026-12-02 08:00:01")

    card = await asked_instead(office)

    assert "up to 1,000.00 EUR → 900.00 EUR" in card.plain()
    await reminded_and_bought(office, card)


async def test_higher_fees_ask_people_about_each_date(office: Office) -> None:
    """The total that was approved would not be enough any more."""
    await office.running(DAILY)
    await restarted(office, 'fee_allowance = "2%"', 'fee_allowance = "5%"')
    await office.clock_at("2026-12-02 08:00:01")

    card = await asked_instead(office)

    assert "costs at most 51.00 EUR → 52.50 EUR" in card.plain()
    assert "asks you about this date" in card.text
    await reminded_and_bought(office, card)


async def test_an_approver_who_left_counts_no_more(office: Office) -> None:
    """The votes are looked at again at the moment of each date."""
    await office.running(DAILY)
    office.slack.workspace.people[BEN].deleted = True
    await office.until_known(BEN, Standing.DEACTIVATED)
    await office.clock_at("2026-12-02 08:00:01")

    card = await asked_instead(office)

    assert "still are approvers" in card.text
    assert "decides" in await office.click(CLEO, card, "Approve")
    await office.until(card, "completed")


async def test_somebody_who_became_an_approver_later_may_decide_what_left_its_envelope(
    office: Office,
) -> None:
    """The order is of today, so the people of today decide; of the envelope they could not."""
    await office.running(DAILY)
    office.slack.workspace.add_person("U0GUS", "Gus")
    office.slack.workspace.channels["C0TREASURY"].members.append("U0GUS")
    office.slack.workspace.groups["S0TREASURY"].people.append("U0GUS")
    office.slack.workspace.people[BEN].deleted = True
    await office.until_known("U0GUS", Standing.MEMBER, group="S0TREASURY")
    await office.until_known(BEN, Standing.DEACTIVATED)
    await office.clock_at("2026-12-02 08:00:01")

    card = await asked_instead(office)

    assert "decides" in await office.click("U0GUS", card, "Approve")


async def test_a_date_that_nobody_could_ask_for_is_told_and_the_others_come(
    office: Office,
) -> None:
    """The requester has left: no order, a row with the reason, and word in the thread."""
    schedule = await office.running(DAILY)
    office.slack.workspace.people[ANA].deleted = True
    await office.until_known(ANA, Standing.DEACTIVATED)
    await office.clock_at("2026-12-02 08:00:01")

    told = await office.until_said(schedule, "could not ask")

    assert "who asked for it is deactivated" in told
    (row,) = await office.rows("SELECT fate, note, order_id FROM occurrences")
    assert (row["fate"], row["order_id"]) == ("refused", None)
    office.slack.workspace.people[ANA].deleted = False
    await office.until_known(ANA, Standing.MEMBER)
    await office.clock_at("2026-12-03 08:00:01")
    await office.until_cards(1)


async def test_a_date_can_be_cancelled_like_any_order(office: Office) -> None:
    """While it waits; the dates after it are not touched."""
    await office.running(DAILY)
    await office.say(BEN, "freeze just looking")
    await office.clock_at("2026-12-02 08:00:01")
    await office.patiently(lambda _: office.cards())
    (card,) = office.cards()
    await office.until(card, "approved")
    assert "cancelled" in await office.click(ANA, card, "Cancel")
    await office.until(card, "cancelled")
    (row,) = await office.rows("SELECT state, next_local FROM schedules")
    assert row == {"state": "active", "next_local": "2026-12-03T09:00"}


async def test_a_date_whose_order_was_written_long_ago_asks_people(office: Office) -> None:
    """The bot died after it wrote the order of nine o'clock and is back at ten: nobody agreed to
    buy at ten."""

    written = asyncio.Event()

    def fail(step: str) -> None:
        if step == "before envelope":
            written.set()
            raise RuntimeError("as if it had died here")

    await office.running(DAILY)
    await office.stop_bot()
    await office.start_bot(checkpoint=fail)
    await office.clock_at("2026-12-02 08:00:01")
    await asyncio.wait_for(written.wait(), 20)
    await office.stop_bot()
    office.clock.move(minutes=61)
    await office.start_bot()

    card = await asked_instead(office)

    assert "not used in time" in card.text
    assert office.kriptomat.posts == []


async def test_a_date_approved_by_its_envelope_and_held_too_long_asks_people(
    office: Office,
) -> None:
    """An approval ages, that of an envelope as well: it is for the moment of the date."""
    await office.running(DAILY)
    await office.kriptomat.stop()
    await office.clock_at("2026-12-02 08:00:01")
    await office.patiently(lambda _: office.cards() and "I keep trying" in office.cards()[0].text)
    await office.move_clock(minutes=61)

    await office.patiently(lambda _: len(office.cards()) == 2)
    fresh = office.cards()[-1]

    assert state_of(fresh) == "pending_approval"
    assert "not used in time" in fresh.text
