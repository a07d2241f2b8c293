"""Pause, resume, skip and stop: who may, what becomes of the dates, and nothing comes twice."""

import asyncio

import pytest

from bot.domain.people import Standing
from tests.recurring.office import DAILY, Office
from tests.recurring.test_envelopes import id_of
from tests.stage import ANA, BEN, CHANNEL, CLEO, DAN, order_of


async def said(office: Office, user: str, text: str) -> str:
    """The private answer to a command."""
    outcome = await office.say(user, text)
    assert outcome.text is not None
    return outcome.text


async def bought(office: Office) -> int:
    return len(office.kriptomat.purchases)


async def test_paused_dates_fall_away_and_the_end_stays(office: Office) -> None:
    """Ten days were approved; two of them are paused over, and none is added."""
    card = await office.running(DAILY)
    name = id_of(card)
    assert "is paused" in await said(office, ANA, f"pause {name}")
    await office.until_state(card, "paused")
    await office.clock_at("2026-12-03 12:00:00")

    assert "Next: Fri 4 Dec 2026 9:00" in await said(office, BEN, f"resume {name}")
    assert await bought(office) == 0
    await office.clock_at("2026-12-04 08:00:01")
    await office.until_cards(1)
    (row,) = await office.rows("SELECT last, count FROM schedules")
    assert (row["last"], row["count"]) == ("2026-12-11T09:00", 10)


async def test_what_is_paused_until_its_last_date_has_ended(office: Office) -> None:
    """There is nothing left to resume."""
    card = await office.running(DAILY)
    await said(office, ANA, f"pause {id_of(card)}")
    await office.clock_at("2026-12-11 08:00:01")
    await office.until_state(card, "ended")
    assert "is ended" in await said(office, ANA, f"resume {id_of(card)}")


async def test_a_skipped_date_buys_nothing_and_the_next_one_does(office: Office) -> None:
    """By word, twice: two dates."""
    card = await office.running(DAILY)
    name = id_of(card)
    assert "Wed 2 Dec 2026 9:00" in await said(office, ANA, f"skip {name}")
    assert "Next: Fri 4 Dec 2026 9:00" in await said(office, BEN, f"skip {name}")
    await office.clock_at("2026-12-03 12:00:00")
    await office.clock_at("2026-12-04 08:00:01")

    await office.until_cards(1)

    assert await bought(office) == 1
    await office.until_shown(card, "1 ordered and 2 skipped")
    assert "<@U0BEN> skipped Thu 3 Dec" in await office.until_said(card, "skipped Thu 3 Dec")


async def test_whoever_got_no_answer_and_types_it_again_skips_one_date(office: Office) -> None:
    """The answer was lost when the bot died; a second date is skipped only when that is meant."""
    card = await office.running(DAILY)
    name = id_of(card)
    assert "Wed 2 Dec 2026 9:00" in await said(office, ANA, f"skip {name}")
    told = await said(office, ANA, f"skip {name}")
    assert f"You have just skipped Wed 2 Dec 2026 9:00 of {name}" in told
    assert "Next: Thu 3 Dec 2026 9:00" in told
    assert len(await office.rows("SELECT * FROM occurrences")) == 1

    await office.clock_at("2026-12-01 08:11:00")
    assert "Thu 3 Dec 2026 9:00" in await said(office, ANA, f"skip {name}")
    await office.until_shown(card, "2 skipped")


async def test_the_button_skips_the_date_that_it_showed_and_no_other(office: Office) -> None:
    """Two people press at once, or somebody twice: one date is skipped."""
    card = await office.running(DAILY)
    shown = card.snapshot()
    answers = await asyncio.gather(
        office.click(ANA, card, "Skip the next", stale=shown),
        office.click(BEN, card, "Skip the next", stale=shown),
    )
    assert sum("is skipped" in answer for answer in answers) == 1
    assert sum("dealt with already" in answer for answer in answers) == 1
    (row,) = await office.rows("SELECT next_local FROM schedules")
    assert row["next_local"] == "2026-12-03T09:00"


async def test_a_skipped_date_stays_skipped_through_pause_and_resume(office: Office) -> None:
    """What was decided about a date is decided; the one after it is bought."""
    card = await office.running(DAILY)
    name = id_of(card)
    await said(office, ANA, f"skip {name}")
    await said(office, ANA, f"pause {name}")

    assert "Next: Thu 3 Dec 2026 9:00" in await said(office, ANA, f"resume {name}")
    await office.clock_at("2026-12-02 08:00:01")
    await office.clock_at("2026-12-03 08:00:01")
    await office.until_cards(1)
    await office.until_shown(card, "1 ordered and 1 skipped")


async def test_a_clock_that_was_set_back_over_a_pause_brings_no_date_again(office: Office) -> None:
    """The date was bought; that its hour comes once more is a fault of the clock."""
    card = await office.running(DAILY)
    await office.clock_at("2026-12-02 08:00:01")
    await office.until_cards(1)
    await said(office, ANA, f"pause {id_of(card)}")
    await office.clock_at("2026-12-01 12:00:00")
    assert "Next: Thu 3 Dec 2026 9:00" in await said(office, ANA, f"resume {id_of(card)}")


@pytest.mark.parametrize(("verb", "state"), [("stop", "stopped"), ("pause", "paused")])
async def test_what_has_not_been_sent_of_it_is_not_bought_afterwards(
    office: Office, verb: str, state: str
) -> None:
    """A date waits behind a freeze; whoever stops the whole of it means that one as well."""
    card = await office.running(DAILY)
    await office.say(BEN, "freeze just looking")
    await office.clock_at("2026-12-02 08:00:01")
    await office.patiently(lambda _: office.cards())
    (order,) = office.cards()
    await office.until(order, "approved")

    told = await said(office, ANA, f"{verb} {id_of(card)}")

    assert f"{order_of(order)} of it was not sent yet and is cancelled" in told
    await office.until(order, "cancelled")
    assert f"{id_of(card)} was {state}" in order.text
    await office.say(BEN, "unfreeze")
    await office.say(CLEO, "unfreeze")
    await office.move_clock(minutes=3)
    assert office.kriptomat.posts == []


async def test_stop_is_final(office: Office) -> None:
    """No word brings it back."""
    card = await office.running(DAILY)
    name = id_of(card)
    assert "for good" in await office.click(ANA, card, "Stop")
    await office.until_state(card, "stopped")
    for verb in ("pause", "resume", "skip", "stop"):
        assert "changed nothing" in await said(office, ANA, f"{verb} {name}")
    await office.clock_at("2026-12-02 08:00:01")
    assert await office.rows("SELECT * FROM orders") == []
    assert card.buttons() == []


@pytest.mark.parametrize("verb", ["pause", "skip", "stop"])
async def test_only_the_requester_and_approvers_change_it(office: Office, verb: str) -> None:
    """Whoever may only look cannot touch."""
    card = await office.running(DAILY)
    name = id_of(card)
    office.slack.workspace.add_person("U0GUS", "Gus")
    office.slack.workspace.channels[CHANNEL].members.append("U0GUS")
    await office.until_known("U0GUS", Standing.MEMBER)

    assert "Guests" in await said(office, DAN, f"{verb} {name}")
    assert "Only <@U0ANA> or an approver" in await said(office, "U0GUS", f"{verb} {name}")
    assert "changed nothing" not in await said(office, CLEO, f"{verb} {name}")


async def test_its_last_date_ends_it(office: Office) -> None:
    """The card says so, and the requester is told."""
    card = await office.running("every day at 9:00 50 EUR btc via kriptomat runs 2")
    for number, day in enumerate(("2026-12-02", "2026-12-03"), 1):
        await office.clock_at(f"{day} 08:00:01")
        await office.until_cards(number)
    await office.until_state(card, "ended")
    assert "last date has passed" in await office.until_said(card, "has come to its end")
    assert card.buttons() == []
    assert await bought(office) == 2


async def test_the_list_and_the_story_tell_what_comes_and_what_was(office: Office) -> None:
    """``/buy schedules`` and ``/buy REC-...``, to the asker alone."""
    card = await office.running(DAILY)
    await office.clock_at("2026-12-02 08:00:01")
    await office.until_cards(1)

    listed = await said(office, ANA, "schedules")
    story = await said(office, ANA, id_of(card).lower())

    assert f"*{id_of(card)}* active" in listed
    assert "next Thu 3 Dec 2026 9:00" in listed
    assert "Wed 2 Dec 2026 9:00: ordered as BUY-" in story
    assert "There is no schedule REC-00000" in await said(office, ANA, "schedules REC-00000")
