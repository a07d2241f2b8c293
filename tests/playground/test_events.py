"""Events against real bolt: mentions, looks at the home tab, and what is sent again."""

from typing import Any

from bot.playground.slack import PretendSlack
from tests.playground.realbot import CHANNEL, Json, RealBot, button, card


def hearing(bot: RealBot, event: str) -> list[Json]:
    """Whole bodies of the events of this kind, as they come."""
    heard: list[Json] = []

    @bot.app.event(event)
    async def listen(body: Json) -> None:
        heard.append(body)

    return heard


async def test_a_mention_in_a_thread_reaches_the_bot_with_its_thread(
    slack: PretendSlack, bot: RealBot
) -> None:
    """Slash commands do not work in threads, so a mention is how people ask there."""
    heard = hearing(bot, "app_mention")
    await bot.connect()
    root = await bot.client.chat_postMessage(channel=CHANNEL, text="A card", blocks=card())
    outcome = await slack.say(
        "U0ANA", "@countersign status of @Ben's", channel=CHANNEL, thread_ts=root["ts"]
    )
    event = heard[0]["event"]
    assert event["text"] == "<@U0BOT> status of <@U0BEN>'s"
    assert (event["user"], event["channel"]) == ("U0ANA", CHANNEL)
    assert (event["thread_ts"], event["ts"]) == (root["ts"], slack.messages(CHANNEL)[1].ts)
    assert outcome.said is slack.messages(CHANNEL)[1]
    assert heard[0]["authorizations"][0]["user_id"] == "U0BOT"


async def test_words_without_a_mention_are_none_of_the_bot_s_business(
    slack: PretendSlack, bot: RealBot
) -> None:
    """It has no scope to read along; nor is it mentioned where it is no member, or in private."""
    heard = hearing(bot, "app_mention")
    await bot.connect()
    slack.workspace.add_channel("C0OTHER", "other", ["U0ANA"])
    direct = slack.workspace.direct("U0ANA").id
    await slack.say("U0ANA", "hello everybody", channel=CHANNEL)
    await slack.say("U0ANA", "@countersign hello", channel="C0OTHER")
    await slack.say("U0ANA", "@countersign hello", channel=direct)
    assert heard == []
    assert [m.text for m in slack.messages(CHANNEL)] == ["hello everybody"]


async def test_a_look_at_the_home_tells_which_tab_and_what_is_there(
    slack: PretendSlack, bot: RealBot
) -> None:
    """Both tabs raise the same event: whoever publishes for each look publishes too often."""
    heard = hearing(bot, "app_home_opened")
    await bot.connect()
    await slack.open_home("U0ANA", "messages")
    await slack.open_home("U0ANA")
    view: Json = {"type": "home", "blocks": card(), "private_metadata": "seen"}
    await bot.client.views_publish(user_id="U0ANA", view=view)
    await slack.open_home("U0ANA")
    events = [body["event"] for body in heard]
    assert [event["tab"] for event in events] == ["messages", "home", "home"]
    assert [event.get("view", {}).get("private_metadata") for event in events] == [
        None,
        None,
        "seen",
    ]


async def test_an_event_is_sent_again_until_it_is_acknowledged(
    slack: PretendSlack, bot: RealBot
) -> None:
    """At once, after a minute and after five (shortened here); the event keeps its id."""
    assert slack.retry_seconds == (0.0, 60.0, 300.0)
    slack.retry_seconds = (0.0, 0.01, 0.01)
    bodies: list[Json] = []
    retries: list[Any] = []

    @bot.app.event("app_mention")
    async def listen(body: Json, request: Any) -> None:
        bodies.append(body)
        retries.append(request.headers.get("x-slack-retry-num", ["0"])[0])
        if len(bodies) < 3:
            raise ValueError("boom")

    slack.socket.ack_seconds = 0.1
    await bot.connect()
    outcome = await slack.say("U0ANA", "@countersign hello", channel=CHANNEL)
    assert outcome.error == "operation_timeout"
    await slack.wait_for(lambda _: outcome.acked)
    assert (len(bodies), outcome.retries) == (3, 2)
    assert len({body["event_id"] for body in bodies}) == 1
    assert retries == ["0", "1", "2"]
    sent = [p.payload for p in slack.traffic if p.name == "events_api"]
    assert [one["retry_reason"] for one in sent] == ["", "timeout", "timeout"]
    assert len({one["envelope_id"] for one in sent}) == 3


async def test_an_event_that_nobody_ever_acknowledges_is_lost_after_three_retries(
    slack: PretendSlack, bot: RealBot
) -> None:
    """A bot that is away for longer has to look by itself what it has missed."""
    slack.retry_seconds = (0.0, 0.01, 0.01)
    outcome = await slack.say("U0ANA", "@countersign hello", channel=CHANNEL)
    await slack.wait_for(lambda _: outcome.retries == 3)
    heard = hearing(bot, "app_mention")
    await bot.connect()
    assert (outcome.acked, heard) == (False, [])


async def test_the_other_readings_of_a_redelivery_can_be_played(
    slack: PretendSlack, bot: RealBot
) -> None:
    """Whether the envelope is a new one, and whether an unheard event comes at all, is open."""
    slack.retry_seconds = (0.0, 0.01, 0.01)
    slack.workspace.readings.event_without_connection = "lost"
    lost = await slack.say("U0ANA", "@countersign hello", channel=CHANNEL)
    heard = hearing(bot, "app_mention")
    slack.socket.ack_seconds = 0.1
    slack.workspace.readings.retry_envelope = "same"
    await bot.connect()
    slack.socket.silence()
    again = await slack.say("U0ANA", "@countersign hello again", channel=CHANNEL)
    slack.socket.silence(on=False)
    await slack.wait_for(lambda _: again.acked)
    assert (lost.retries, [body["event"]["text"] for body in heard]) == (
        0,
        ["<@U0BOT> hello again"],
    )
    sent = [p.payload for p in slack.traffic if p.name == "events_api"]
    assert (len(sent), len({one["envelope_id"] for one in sent})) == (2, 1)


async def test_commands_and_clicks_are_never_sent_again(slack: PretendSlack, bot: RealBot) -> None:
    """What was not acknowledged in time is gone; only the person can repeat it."""
    slack.retry_seconds = (0.0, 0.0, 0.0)
    slack.socket.ack_seconds = 0.05
    await bot.connect()
    slack.socket.silence()
    outcome = await slack.slash("U0ANA", "/buy", channel=CHANNEL)
    await bot.client.chat_postMessage(
        channel=CHANNEL, text="x", blocks=card(button("approve", "Approve"))
    )
    click = await slack.click("U0BEN", slack.messages(CHANNEL)[0], "Approve")
    assert (outcome.error, click.error) == ("operation_timeout", "operation_timeout")
    sent = [p.name for p in slack.traffic if p.name in {"slash_commands", "interactive"}]
    assert sent == ["slash_commands", "interactive"]
