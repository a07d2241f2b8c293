"""Lost connections, lost replies and lost patience, against the real SDK's own recovery."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler

from bot.playground.slack import PretendSlack
from tests.playground.realbot import CHANNEL, EVERYTHING, Json, RealBot, people


def answering(bot: RealBot) -> list[str]:
    """Let the bot answer ``/buy``; the list fills with the envelopes' trigger ids."""
    heard: list[str] = []

    @bot.app.command("/buy")
    async def buy(ack: Any, command: Json) -> None:
        heard.append(command["trigger_id"])
        await ack("heard")

    return heard


async def test_each_payload_goes_to_exactly_one_of_several_connections(
    slack: PretendSlack, bot: RealBot
) -> None:
    """Two processes share the work without affinity: state belongs in the database."""
    counts = [0, 0, 0]
    heard = answering(bot)
    for index in range(3):
        handler = await bot.connect()

        async def count(_client: Any, _request: Any, index: int = index) -> None:
            counts[index] += 1

        handler.client.socket_mode_request_listeners.append(count)
    for _ in range(24):
        assert (await slack.slash("U0ANA", "/buy", channel=CHANNEL)).acked
    assert sum(counts) == 24
    assert all(counts)
    assert len(set(heard)) == 24


async def test_an_eleventh_connection_is_sent_away(slack: PretendSlack, bot: RealBot) -> None:
    """Ten is Slack's limit; the frame says so and the ten stay."""
    sockets = []
    for _ in range(10):
        url = (await bot.client.apps_connections_open(app_token=slack.app_token))["url"]
        socket = await bot.session.ws_connect(url)
        assert (await socket.receive_json())["type"] == "hello"
        sockets.append(socket)
    url = (await bot.client.apps_connections_open(app_token=slack.app_token))["url"]
    async with bot.session.ws_connect(url) as extra:
        frame = await extra.receive_json()
        assert (frame["type"], frame["reason"]) == ("disconnect", "too_many_websockets")
    assert len(slack.socket.usable) == 10
    for socket in sockets:
        await socket.close()


async def test_a_ticket_admits_one_connection_once(slack: PretendSlack, bot: RealBot) -> None:
    """The URL from apps.connections.open is not an address to come back to."""
    url = (await bot.client.apps_connections_open(app_token=slack.app_token))["url"]
    async with bot.session.ws_connect(url) as socket:
        hello = await socket.receive_json()
        assert hello["connection_info"]["app_id"] == "A0COUNTERSIGN"
        assert hello["num_connections"] == 1
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await bot.session.ws_connect(url)


async def test_an_ack_counts_on_whichever_connection_it_comes(
    slack: PretendSlack, bot: RealBot
) -> None:
    """After a refresh the answer may travel on the new socket."""
    sockets = []
    for _ in range(2):
        url = (await bot.client.apps_connections_open(app_token=slack.app_token))["url"]
        sockets.append(await bot.session.ws_connect(url))
        await sockets[-1].receive_json()
    typing = asyncio.create_task(slack.slash("U0ANA", "/buy", channel=CHANNEL))
    receiving = [asyncio.create_task(socket.receive_json()) for socket in sockets]
    done, pending = await asyncio.wait(receiving, return_when=asyncio.FIRST_COMPLETED)
    other = sockets[1 if receiving[0] in done else 0]
    pending.pop().cancel()
    envelope = done.pop().result()
    assert envelope["accepts_response_payload"] is True
    await asyncio.sleep(0)
    await other.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "here"}})
    assert (await typing).text == "here"
    for socket in sockets:
        await socket.close()


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
async def test_the_bot_comes_back_after_being_asked_to_leave(
    slack: PretendSlack, bot: RealBot, reason: Any
) -> None:
    """Slack refreshes connections every few hours; the SDK reconnects on any such frame."""
    answering(bot)
    await bot.connect()
    slack.socket.disconnect(reason)
    await slack.wait_for(lambda s: s.socket.opened == 2 and len(s.socket.links) == 1)
    assert (await slack.slash("U0ANA", "/buy", channel=CHANNEL)).text == "heard"


async def test_an_old_connection_is_warned_and_then_refreshed(
    slack: PretendSlack, bot: RealBot
) -> None:
    """After some hours (shortened here); the URL can ask for six minutes instead."""
    assert (slack.socket.life_seconds, slack.socket.warning_seconds) == (18060.0, 10.0)
    url = (await bot.client.apps_connections_open(app_token=slack.app_token))["url"]
    async with bot.session.ws_connect(f"{url}&debug_reconnects=true") as socket:
        hello = await socket.receive_json()
        assert hello["debug_info"]["approximate_connection_time"] == 360
    slack.socket.life_seconds, slack.socket.warning_seconds = 0.05, 0.02
    url = (await bot.client.apps_connections_open(app_token=slack.app_token))["url"]
    async with bot.session.ws_connect(url) as socket:
        frames = [await socket.receive_json() for _ in range(3)]
        assert [frame.get("reason") for frame in frames] == [None, "warning", "refresh_requested"]


async def test_the_bot_comes_back_after_the_connection_broke(
    slack: PretendSlack, bot: RealBot
) -> None:
    """No goodbye at all: the network went away and came back."""
    answering(bot)
    await bot.connect(ping_interval=0.2)
    slack.socket.drop()
    await slack.wait_for(lambda s: s.socket.opened == 2 and s.socket.usable)
    assert (await slack.slash("U0ANA", "/buy", channel=CHANNEL)).acked


async def test_a_half_open_connection_swallows_payloads_until_it_is_noticed(
    slack: PretendSlack, bot: RealBot
) -> None:
    """The person sees a timeout, the bot sees nothing; then its missing pongs give it away."""
    heard = answering(bot)
    await bot.connect(ping_interval=0.8)
    slack.socket.silence()
    slack.socket.ack_seconds = 0.3
    assert (await slack.slash("U0ANA", "/buy", channel=CHANNEL)).error == "operation_timeout"
    assert heard == []
    await slack.wait_for(lambda s: any(not link.silent for link in s.socket.usable))
    slack.socket.drop()
    await slack.wait_for(lambda s: s.socket.opened == 3 and s.socket.usable)
    slack.socket.ack_seconds = 3.0
    assert (await slack.slash("U0ANA", "/buy", channel=CHANNEL)).acked


async def test_an_outage_takes_everything_away_until_it_is_lifted(
    slack: PretendSlack, bot: RealBot
) -> None:
    """Calls are reset, sockets are cut and refused; afterwards the SDK finds its way back."""
    answering(bot)
    await bot.connect(ping_interval=0.2)
    slack.faults.outage()
    await slack.wait_for(lambda s: not s.socket.links)
    with pytest.raises(aiohttp.ClientError):
        await bot.client.chat_postMessage(channel=CHANNEL, text="x")
    assert (await slack.slash("U0ANA", "/buy", channel=CHANNEL)).error == "dispatch_failed"
    slack.faults.outage(on=False)
    await slack.wait_connected()
    assert (await slack.slash("U0ANA", "/buy", channel=CHANNEL)).acked


async def test_a_web_outage_leaves_the_sockets_open(slack: PretendSlack, bot: RealBot) -> None:
    """The two halves of Slack fail apart: a command is heard while the card cannot be posted."""
    answering(bot)
    await bot.connect()
    slack.faults.web_outage()
    with pytest.raises(aiohttp.ClientError):
        await bot.client.chat_postMessage(channel=CHANNEL, text="x")
    assert (await slack.slash("U0ANA", "/buy", channel=CHANNEL)).acked
    slack.faults.clear()
    await bot.client.chat_postMessage(channel=CHANNEL, text="x")


async def test_a_reset_before_the_call_leaves_nothing_behind(
    slack: PretendSlack, bot: RealBot
) -> None:
    """Only the named method is hit, only so many times."""
    slack.faults.reset("chat.postMessage", times=2)
    await bot.client.auth_test()
    for _ in range(2):
        with pytest.raises(aiohttp.ClientError):
            await bot.client.chat_postMessage(channel=CHANNEL, text="x")
    assert slack.messages(CHANNEL) == []
    await bot.client.chat_postMessage(channel=CHANNEL, text="x")


async def test_a_reset_after_the_call_posts_and_loses_the_reply(
    slack: PretendSlack, bot: RealBot
) -> None:
    """The ambiguous post: the card stands in the channel and the bot does not know its ts."""
    slack.faults.reset_after("chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await bot.client.chat_postMessage(channel=CHANNEL, text="x")
    assert len(slack.messages(CHANNEL)) == 1


async def test_the_default_retries_of_the_sdk_would_post_twice(
    slack: PretendSlack, bot: RealBot
) -> None:
    """This is why the bot passes ``retry_handlers=[]``; the trap must be visible here."""
    careless = bot.client_for(slack.bot_token)
    careless.retry_handlers = [AsyncConnectionErrorRetryHandler()]
    slack.faults.reset_after("chat.postMessage")
    await careless.chat_postMessage(channel=CHANNEL, text="x")
    assert len(slack.messages(CHANNEL)) == 2


async def test_slack_can_answer_badly_in_every_way(slack: PretendSlack, bot: RealBot) -> None:
    """500, 503, 429, an internal error and garbage are each what they claim to be."""
    faults = slack.faults
    faults.status(500)
    faults.status(503)
    faults.rate_limited(30)
    faults.error("internal_error")
    faults.garbage(after=False)
    faults.cut_short(after=False)
    statuses = []
    for _ in range(5):
        with pytest.raises(SlackApiError) as caught:
            await bot.client.chat_postMessage(channel=CHANNEL, text="x")
        statuses.append(caught.value.response.status_code)
        if statuses[-1] == 429:
            assert caught.value.response.headers["Retry-After"] == "30"
    assert statuses == [500, 503, 429, 200, 200]
    with pytest.raises(SlackApiError, match="read the response body"):
        await bot.client.chat_postMessage(channel=CHANNEL, text="x")
    assert slack.messages(CHANNEL) == []


async def test_a_call_can_be_slow_or_hang_after_it_took_effect(
    slack: PretendSlack, bot: RealBot
) -> None:
    """A client that gives up first must not conclude that nothing happened."""
    slack.faults.slow(0.3, "chat.postMessage")
    slack.faults.hang("chat.postMessage", after=True)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await bot.client.chat_postMessage(channel=CHANNEL, text="x")
    await slack.wait_for(lambda s: len(s.messages(CHANNEL)) == 2)


async def test_waiting_for_what_never_comes_says_what_was_waited_for(
    slack: PretendSlack,
) -> None:
    """A test that times out should name its hope and not only a line number."""

    def wanted(s: PretendSlack) -> list[Any]:
        """the first card"""
        return s.messages(CHANNEL)

    with pytest.raises(TimeoutError, match="the first card"):
        await slack.wait_for(wanted, timeout=0.05)
    with pytest.raises(TimeoutError, match="still: IndexError"):
        await slack.wait_for(lambda s: s.messages(CHANNEL)[0], timeout=0.05)


async def test_it_stops_at_once_although_everybody_is_busy() -> None:
    """A test that failed half-way leaves calls and sockets open; the next must not wait for it."""
    slack = PretendSlack(installed=EVERYTHING)
    people(slack)
    await slack.start()
    async with RealBot(slack) as bot:
        answering(bot)
        await bot.connect()
        slack.faults.hang("auth.test")
        hanging = asyncio.create_task(bot.client.auth_test())
        await slack.wait_for(lambda s: any(p.name == "auth.test" for p in s.traffic))
        for handler in bot.handlers:
            handler.client.auto_reconnect_enabled = False
        async with asyncio.timeout(1.5):
            await slack.stop()
        with pytest.raises(aiohttp.ClientError):
            await hanging
        await slack.stop()


async def test_a_hundred_people_at_once_are_all_heard(slack: PretendSlack, bot: RealBot) -> None:
    """Nothing here may serialise: the ack clock runs for everybody at the same time."""
    heard = answering(bot)
    await bot.connect()
    await bot.connect()
    typing = [slack.slash("U0ANA", "/buy", f"{n} EUR btc", channel=CHANNEL) for n in range(100)]
    outcomes = await asyncio.gather(*typing)
    assert [outcome.text for outcome in outcomes] == ["heard"] * 100
    assert len(set(heard)) == 100
