"""Slash commands against real bolt: what arrives, what the person sees, and what goes missing."""

import asyncio
from typing import Any

import pytest

from bot.playground.slack import PretendSlack
from tests.playground.realbot import CHANNEL, EVERYTHING, Json, MovableClock, RealBot, card, people


async def test_an_acknowledgement_with_text_is_a_private_answer(
    slack: PretendSlack, bot: RealBot
) -> None:
    """The bot answers with its ack; the person, and only that person, must see it."""

    @bot.app.command("/buy")
    async def buy(ack: Any) -> None:
        await ack(text="On its way", blocks=card(text="On *its* way"))

    await bot.connect()
    outcome = await slack.slash("U0ANA", "/buy", "250 EUR btc", channel=CHANNEL)
    assert (outcome.acked, outcome.error, outcome.text) == (True, None, "On its way")
    assert outcome.ack_seconds is not None
    assert outcome.ack_seconds < 3
    assert (await outcome.answer()).plain() == "On its way"
    assert [m.text for m in slack.private("U0ANA")] == ["On its way"]
    assert slack.private("U0BEN") == []
    assert slack.messages(CHANNEL) == []


async def test_the_payload_is_what_slack_sends(slack: PretendSlack, bot: RealBot) -> None:
    """Parsers meet escaped names and links and entities, so the pretend Slack must write them."""
    seen: list[Json] = []

    @bot.app.command("/buy")
    async def buy(ack: Any, command: Json) -> None:
        seen.append(dict(command))
        await ack()

    await bot.connect()
    typed = "250 EUR btc via coins.ph for @Ana & @treasury in #treasury <3 see https://a.io/x?b=1"
    await slack.slash("U0BEN", "/buy", typed, channel=CHANNEL)
    assert seen[0]["text"] == (
        "250 EUR btc via <http://coins.ph|coins.ph> for <@U0ANA|ana> &amp; "
        "<!subteam^S0TREASURY|@treasury> in <#C0TREASURY|treasury> &lt;3 see <https://a.io/x?b=1>"
    )
    assert seen[0]["is_enterprise_install"] == "false"
    assert seen[0]["channel_name"] == "treasury"
    assert "thread_ts" not in seen[0]
    assert {"token", "team_domain", "api_app_id", "response_url", "trigger_id"} <= set(seen[0])


async def test_amounts_are_not_taken_for_links(slack: PretendSlack, bot: RealBot) -> None:
    """``0.005`` and ``1,250.50`` look like host names to a careless pattern."""
    seen: list[str] = []

    @bot.app.command("/buy")
    async def buy(ack: Any, command: Json) -> None:
        seen.append(command["text"])
        await ack()

    await bot.connect()
    await slack.slash("U0BEN", "/buy", "0.005 btc max 1,250.50 every friday 9.30", channel=CHANNEL)
    assert seen == ["0.005 btc max 1,250.50 every friday 9.30"]


async def test_a_listener_that_is_too_slow_is_a_timeout_that_the_person_sees(
    slack: PretendSlack, bot: RealBot
) -> None:
    """Slack shows operation_timeout although the bot goes on working; so must we."""
    slack.socket.ack_seconds = 0.3

    @bot.app.command("/buy")
    async def buy(ack: Any) -> None:
        await asyncio.sleep(0.5)
        await ack("too late")

    await bot.connect()
    outcome = await slack.slash("U0ANA", "/buy", channel=CHANNEL)
    assert (outcome.acked, outcome.error) == (False, "operation_timeout")
    assert "operation_timeout" in slack.private("U0ANA")[0].text
    await slack.wait_for(lambda s: [p for p in s.traffic if p.name == "late ack"])
    assert [m.text for m in slack.private("U0ANA")] == [
        '/buy failed with the error "operation_timeout"'
    ]


async def test_an_exception_right_after_the_ack_loses_the_ack(
    slack: PretendSlack, bot: RealBot
) -> None:
    """This is bolt's behaviour, and the reason for a guard; the pretend Slack must show it."""
    slack.socket.ack_seconds = 0.3

    @bot.app.command("/buy")
    async def buy(ack: Any) -> None:
        await ack("fine")
        raise ValueError("boom")

    await bot.connect()
    outcome = await slack.slash("U0ANA", "/buy", channel=CHANNEL)
    assert outcome.error == "operation_timeout"


async def test_without_a_connection_the_dispatch_fails_at_once(slack: PretendSlack) -> None:
    """Slash commands are never kept for later: with nobody there they are gone."""
    outcome = await slack.slash("U0ANA", "/buy", channel=CHANNEL)
    assert outcome.error == "dispatch_failed"
    assert "dispatch_failed" in slack.private("U0ANA")[0].text


async def test_a_public_answer_is_seen_by_everybody(slack: PretendSlack, bot: RealBot) -> None:
    """``in_channel`` is the only way in which an acknowledgement becomes public."""

    @bot.app.command("/buy")
    async def buy(ack: Any) -> None:
        await ack(text="Everybody, look", response_type="in_channel")

    await bot.connect()
    outcome = await slack.slash("U0ANA", "/buy", channel=CHANNEL)
    assert outcome.text == "Everybody, look"
    assert [m.text for m in slack.messages(CHANNEL)] == ["Everybody, look"]
    assert slack.private("U0ANA") == []


async def test_an_answer_that_slack_cannot_show_is_reported(
    slack: PretendSlack, bot: RealBot
) -> None:
    """A faulty answer would reach nobody; the outcome must say so and why."""

    @bot.app.command("/buy")
    async def buy(ack: Any) -> None:
        await ack(text="x", blocks=card(text="y" * 3001))

    await bot.connect()
    outcome = await slack.slash("U0ANA", "/buy", channel=CHANNEL)
    assert outcome.error == "invalid_response"
    assert "3001" in outcome.faults[1]


async def test_somebody_outside_a_channel_cannot_act_in_it(slack: PretendSlack) -> None:
    """A test that drives the impossible is wrong, and is told so rather than passing."""
    slack.workspace.add_person("U0ZOE", "Zoe")
    with pytest.raises(LookupError, match="Zoe is not in #treasury"):
        await slack.slash("U0ZOE", "/buy", channel=CHANNEL)


async def test_a_redelivery_repeats_the_same_envelope(slack: PretendSlack, bot: RealBot) -> None:
    """Deduplication is by trigger id, so the second delivery must carry the first one's."""
    seen: list[str] = []

    @bot.app.command("/buy")
    async def buy(ack: Any, command: Json) -> None:
        seen.append(command["trigger_id"])
        await ack(f"answer {len(seen)}")

    await bot.connect()
    first = await slack.slash("U0ANA", "/buy", channel=CHANNEL)
    second = await slack.redeliver(first)
    assert len(seen) == 2
    assert len(set(seen)) == 1
    assert (first.text, second.text) == ("answer 1", "answer 2")


async def test_a_response_url_is_good_five_times(slack: PretendSlack, bot: RealBot) -> None:
    """The sixth use is refused at Slack, so nothing important may hang on it."""

    @bot.app.command("/buy")
    async def buy(ack: Any) -> None:
        await ack()

    await bot.connect()
    outcome = await slack.slash("U0ANA", "/buy", channel=CHANNEL)
    url = outcome.envelope["payload"]["response_url"]
    statuses = []
    for number in range(6):
        async with bot.session.post(url, json={"text": f"answer {number}"}) as reply:
            statuses.append(reply.status)
            error = (await reply.json()).get("error")
    assert error == "used_url"
    assert statuses == [200] * 5 + [404]
    assert [m.text for m in await outcome.all_answers(5)] == [f"answer {n}" for n in range(5)]


async def test_a_response_url_is_good_for_thirty_minutes(clock: MovableClock) -> None:
    """An approval takes hours; this is why a card is a real message and not an answer."""
    async with PretendSlack(installed=EVERYTHING, clock=clock) as slack, RealBot(slack) as bot:
        people(slack)

        @bot.app.command("/buy")
        async def buy(ack: Any) -> None:
            await ack()

        await bot.connect()
        outcome = await slack.slash("U0ANA", "/buy", channel=CHANNEL)
        url = outcome.envelope["payload"]["response_url"]
        clock.advance(minutes=29)
        async with bot.session.post(url, json={"text": "in time"}) as reply:
            assert reply.status == 200
        clock.advance(minutes=2)
        async with bot.session.post(url, json={"text": "too late"}) as reply:
            assert reply.status == 404
            assert (await reply.json())["error"] == "expired_url"


async def test_respond_of_bolt_reaches_the_person(slack: PretendSlack, bot: RealBot) -> None:
    """Bolt's own ``respond`` posts with a fresh client; it must work unchanged."""

    @bot.app.command("/buy")
    async def buy(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="by the side door", response_type="ephemeral")

    await bot.connect()
    outcome = await slack.slash("U0ANA", "/buy", channel=CHANNEL)
    assert (await outcome.answer()).text == "by the side door"
    assert outcome.text is None


async def test_an_answer_reaches_a_person_where_the_bot_is_no_member(
    slack: PretendSlack, bot: RealBot
) -> None:
    """Commands work everywhere; a message of the bot there would be ``not_in_channel``."""

    @bot.app.command("/buy")
    async def buy(ack: Any, respond: Any) -> None:
        await ack("by the ack")
        await respond(text="by the side door", response_type="ephemeral")

    await bot.connect()
    slack.workspace.add_channel("C0OTHER", "other", ["U0ANA"])
    outcome = await slack.slash("U0ANA", "/buy", channel="C0OTHER")
    answers = [message.text for message in await outcome.all_answers(2)]
    assert answers == ["by the ack", "by the side door"]


async def test_replacing_the_original_of_a_command_only_adds_an_answer(
    slack: PretendSlack, bot: RealBot
) -> None:
    """A command has no message of its own; what was said before stays on the screen."""

    @bot.app.command("/buy")
    async def buy(ack: Any, respond: Any) -> None:
        await ack("first")
        await respond(text="second", replace_original=True, response_type="ephemeral")

    await bot.connect()
    outcome = await slack.slash("U0ANA", "/buy", channel=CHANNEL)
    await outcome.all_answers(2)
    assert sorted(message.text for message in slack.private("U0ANA")) == ["first", "second"]
