"""``/buy report`` and ``/buy export``: a month told to one reader, and files that follow."""

import csv
import io
from typing import Any

import pytest

from bot.domain.months import month_of
from bot.playground.files import File
from tests.journeys.clockwork import until_rows
from tests.stage import ANA, BEN, EVE, Stage, order_of


def month(stage: Stage) -> Any:
    assert stage.bot is not None
    return month_of(stage.bot.desk.now(), stage.bot.desk.zone)


def files(stage: Stage, user: str) -> list[File]:
    """What has come to this person's direct messages, oldest first."""
    return [file for message in stage.slack.dms(user) for file in message.files]


async def answer(stage: Stage, user: str, words: str) -> str:
    """What is said to this command."""
    return (await (await stage.say(user, words)).answer()).text


async def bought(stage: Stage) -> str:
    """One purchase, asked for by Ana and approved by Ben."""
    card = await stage.asked(ANA, "250 EUR btc via kriptomat")
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "completed")
    return order_of(card)


async def test_an_export_comes_to_the_direct_messages_of_who_asked(stage: Stage) -> None:
    """Answered at once; asking twice before it has come brings one file; nobody else sees it."""
    order_id = await bought(stage)
    stage.slack.faults.slow(0.3, "files.getUploadURLExternal")
    for _ in range(2):
        told = await answer(stage, ANA, "export")
        assert f"The export of {month(stage).words} is being written" in told

    await stage.slack.wait_for(lambda _: files(stage, ANA))
    await stage.eventually(lambda: not stage.bot or not stage.bot.desk.tasks)

    (file,) = files(stage, ANA)
    assert file.content is not None
    assert file.name == f"countersign-{month(stage).text}.csv"
    rows = list(csv.DictReader(io.StringIO(file.content.decode(), newline="")))
    assert [row["order"] for row in rows if row["row"] == "order"] == [order_id]
    assert "1 order, spent 250.00 EUR" in stage.slack.dms(ANA)[-1].text
    assert files(stage, BEN) == []


async def test_a_file_that_slack_loses_is_sent_again_and_a_refused_one_is_told(
    stage: Stage,
) -> None:
    """A lost upload is made good after seconds; a no for good comes as a sentence."""
    stage.slack.faults.reset("upload")
    await stage.say(ANA, "export last month")
    await stage.slack.wait_for(lambda _: files(stage, ANA))

    stage.slack.workspace.takes_files = False
    await stage.say(BEN, "export")
    await stage.slack.wait_for(lambda _: stage.slack.dms(BEN))
    (word,) = stage.slack.dms(BEN)
    assert "could not be sent to you (Slack says file_" in word.text
    assert await stage.rows("SELECT 1 FROM outbox WHERE trouble IS NOT NULL") == []


async def test_a_file_that_cannot_be_made_is_tried_again_and_then_told(stage: Stage) -> None:
    """A row that cannot be read is no fault of Slack's: within the hour it may pass, then its
    reader hears of it, once, and the operator has it in the log."""
    await bought(stage)
    assert stage.bot is not None
    sql = "UPDATE reservations SET amount = '1.2.3'"
    await stage.bot.desk.db.write(lambda tx: tx.execute(sql))
    await stage.say(ANA, "export")
    await until_rows(stage, "SELECT 1 FROM outbox WHERE kind = 'file' AND tries > 0", 1)
    assert stage.slack.dms(ANA) == []

    await stage.move_clock(minutes=61)
    await stage.slack.wait_for(lambda _: stage.slack.dms(ANA))
    (word,) = stage.slack.dms(ANA)
    assert "could not be sent to you (something went wrong on my side" in word.text
    assert "No order is touched by that." in word.text
    owed = "SELECT 1 FROM outbox WHERE wanted > paid AND kind = 'file'"
    assert await stage.rows(owed) == []


async def test_a_file_asked_for_while_the_bot_stops_comes_soon_after_the_start(
    stage: Stage,
) -> None:
    """An update in that second must not cost ten minutes, as a death would."""
    assert stage.bot is not None
    stage.bot.desk.stopping = True
    await stage.say(ANA, "export")
    await stage.stop_bot()
    stage.clock.move(seconds=10)
    await stage.start_bot()
    await stage.slack.wait_for(lambda _: files(stage, ANA))
    assert len(files(stage, ANA)) == 1


async def test_a_report_is_told_at_once_and_its_picture_follows(stage: Stage) -> None:
    """Figures, who asked and approved, the month before; the picture has words for the blind."""
    await bought(stage)
    outcome = await stage.say(ANA, "report")
    assert outcome.ack_message is not None
    told = outcome.ack_message.text
    for part in (
        f"Report for {month(stage).words}",
        "*Spent:* 250.00 EUR until now; the month still runs",
        "Kriptomat, BTC: 1 purchase, 250.00 EUR",
        "*Asked for by*\n• Ana: 1 purchase (250.00 EUR)",
        "*Approved by*\n• Ben: 1 purchase (250.00 EUR)",
        "*In doubt:* 0 orders",
        "Bars of what was spent on each day",
    ):
        assert part in told
    assert "█" in str(outcome.ack_message.blocks)

    await stage.slack.wait_for(lambda _: files(stage, ANA), timeout=30)
    (picture,) = files(stage, ANA)
    assert picture.content is not None
    assert picture.content.startswith(b"\x89PNG")
    assert "250.00 EUR on 1 day" in picture.alt_text


@pytest.mark.parametrize(
    ("user", "words", "said"),
    [
        (EVE, "export", "not"),
        (ANA, "report 2099-12", "December 2099 has not begun"),
        (ANA, "report brumaire", "*brumaire* is not a month as I read them"),
        (ANA, "report 2001-01", "*Spent:* 0"),
    ],
)
async def test_what_cannot_be_told_is_said(stage: Stage, user: str, words: str, said: str) -> None:
    """To strangers nothing, of the future nothing, of an empty month that it is empty."""
    assert said in await answer(stage, user, words)
    assert files(stage, user) == []
