"""Files through the real SDK: asked for, sent, shared; and each way in which that is refused."""

from typing import Any

import aiohttp
import pytest

from bot.playground.slack import PretendSlack
from tests.playground.realbot import CHANNEL, Json, RealBot, card, refusal

CSV = b"order,amount\nBUY-7K3FQ,250.00\n"


async def ticket(bot: RealBot, length: int = len(CSV), **more: Any) -> Any:
    """A place for a file of this many bytes."""
    return await bot.client.files_getUploadURLExternal(filename="report.csv", length=length, **more)


async def send(bot: RealBot, url: str, content: bytes = CSV) -> int:
    """POST the bytes; the status."""
    async with bot.session.post(url, data=content) as reply:
        return reply.status


async def test_the_sdk_brings_a_file_into_a_private_conversation(
    slack: PretendSlack, bot: RealBot
) -> None:
    """``files_upload_v2`` does the three steps; the person sees the file and its comment."""
    direct = str((await bot.client.conversations_open(users="U0ANA"))["channel"]["id"])
    await bot.client.files_upload_v2(
        channel=direct,
        filename="report.csv",
        content=CSV,
        title="November",
        initial_comment="What was bought in November",
    )
    (message,) = slack.dms("U0ANA")
    assert message.text == "What was bought in November"
    assert message.files[0].content == CSV
    assert (message.files[0].title, message.files[0].kind) == ("November", "csv")
    assert message.plain().endswith("[file report.csv: November]")
    assert slack.dms("U0BEN") == []


async def test_a_picture_has_words_for_those_who_do_not_see_it(
    slack: PretendSlack, bot: RealBot
) -> None:
    """And it can stand in a card by its id, once its bytes are there."""
    asked = await ticket(bot, 3, alt_txt="Spent per asset")
    picture = {"type": "image", "slack_file": {"id": asked["file_id"]}, "alt_text": "Spent"}
    shown: Json = {"channel": CHANNEL, "text": "x", "blocks": [*card(), picture]}
    assert await refusal(bot.client.chat_postMessage(**shown)) == "invalid_blocks"
    assert await send(bot, asked["upload_url"], b"png") == 200
    await bot.client.chat_postMessage(**shown)
    files = [{"id": asked["file_id"]}]
    await bot.client.files_completeUploadExternal(files=files, channel_id=CHANNEL)
    assert slack.messages(CHANNEL)[1].plain() == "[file report.csv: Spent per asset]"
    assert await refusal(ticket(bot, alt_txt="x" * 1001)) == "alt_txt_too_large"


async def test_only_what_was_sent_whole_can_be_shared_and_only_once(
    slack: PretendSlack, bot: RealBot
) -> None:
    """Half a report is worse than none."""
    asked = await ticket(bot)
    complete = bot.client.files_completeUploadExternal
    files = [{"id": asked["file_id"], "title": "November"}]
    assert await refusal(complete(files=files, channel_id=CHANNEL)) == "file_not_found"
    assert await send(bot, asked["upload_url"], CSV[:-1]) == 400
    assert await refusal(complete(files=files, channel_id=CHANNEL)) == "file_not_found"
    assert await send(bot, asked["upload_url"]) == 200
    assert await send(bot, asked["upload_url"]) == 404
    await complete(files=files, channel_id=CHANNEL)
    assert await refusal(complete(files=files, channel_id=CHANNEL)) == "file_not_found"
    assert len(slack.messages(CHANNEL)) == 1


async def test_an_empty_file_and_a_missing_list_are_refused(
    slack: PretendSlack, bot: RealBot
) -> None:
    """A length of 0 is a ``missing_argument``: an export without rows still needs its header."""
    assert await refusal(ticket(bot, 0)) == "missing_argument"
    call = bot.client.api_call
    for files in ("[]", "nonsense", '["F1"]'):
        wrong = call("files.completeUploadExternal", data={"files": files})
        assert await refusal(wrong) == "invalid_arguments"
    slack.workspace.takes_files = False
    assert await refusal(ticket(bot)) == "file_uploads_disabled"


async def test_a_file_is_shared_only_where_the_bot_may_write(
    slack: PretendSlack, bot: RealBot
) -> None:
    """A conversation id is needed here, not that of a person."""
    slack.workspace.add_channel("C0OTHER", "other", ["U0ANA"])
    slack.workspace.add_channel("C0OLD", "old", is_archived=True)
    slack.workspace.add_person("U0GONE", "Gone")
    gone = slack.workspace.direct("U0GONE").id
    slack.workspace.person("U0GONE").deleted = True
    asked = await ticket(bot)
    await send(bot, asked["upload_url"])
    files = [{"id": asked["file_id"]}]
    errors = [
        await refusal(bot.client.files_completeUploadExternal(files=files, channel_id=channel))
        for channel in ("U0ANA", "C0NOWHERE", "C0OTHER", "C0OLD", gone)
    ]
    assert errors == ["invalid_channel"] * 2 + ["posting_to_channel_denied"] * 3
    await bot.client.files_completeUploadExternal(files=files, channel_id=CHANNEL)


async def test_the_bytes_can_be_lost_on_their_way(slack: PretendSlack, bot: RealBot) -> None:
    """The upload address is another host at Slack and fails by itself."""
    asked = await ticket(bot)
    slack.faults.reset("upload")
    with pytest.raises(aiohttp.ClientError):
        await send(bot, asked["upload_url"])
    assert await send(bot, asked["upload_url"]) == 200
