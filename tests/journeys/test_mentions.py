"""``@countersign status`` in a thread and elsewhere: answered once, privately, to those who may."""

import pytest

from bot.playground.messages import Message
from bot.playground.outcome import Outcome
from bot.playground.slack import PretendSlack
from commands.words import mentions as words
from commands.words.failures import READERS_ONLY
from tests.stage import ANA, BEN, CHANNEL, CLEO, DAN, EVE, TOML, Stage, order_of


async def mention(stage: Stage, user: str, text: str, thread: Message | None = None) -> Outcome:
    """Write it in the channel, or in the thread of a message."""
    ts = None if thread is None else thread.ts
    return await stage.slack.say(user, text, channel=CHANNEL, thread_ts=ts)


async def answered(stage: Stage, user: str, text: str, thread: Message | None = None) -> Message:
    """Write it, and wait for the private answer."""
    return await answer_to(stage, await mention(stage, user, text, thread))


async def answer_to(stage: Stage, asked: Outcome) -> Message:
    """The private answer to it."""
    said = asked.said
    assert said is not None, "it was written"

    def there(_: PretendSlack) -> Message | None:
        mine = stage.slack.private(asked.user)
        return next((one for one in mine if float(one.ts) > float(said.ts)), None)

    found = await stage.slack.wait_for(there, timeout=15)
    assert found is not None, "waited for"
    return found


async def test_in_the_thread_of_a_card_one_word_asks_for_its_order(stage: Stage) -> None:
    """Where people talk about an order they cannot type a command."""
    card = await stage.asked()

    told = await answered(stage, BEN, "@countersign status", card)
    why = await answered(stage, CLEO, "@countersign explain", card)

    assert told.thread_ts == card.ts
    assert order_of(card) in told.text
    assert "asked for it" in told.text, "the whole story, as the command tells it"
    assert told.ephemeral_to == BEN
    assert f"{order_of(card)} is pending approval" in why.plain()
    assert "“small” fits and decides" in why.plain()


@pytest.mark.parametrize(
    "text",
    [
        "@countersign status {id}",
        "@countersign {id}",
        "@countersign, status {id}?",
        "status {id} @countersign",
        "@countersign what has become of {id}, please?",
        "hey @countersign where is {id}",
    ],
)
async def test_an_order_is_named_in_whatever_words(stage: Stage, text: str) -> None:
    """People write to it as they write to a colleague."""
    card = await stage.asked()
    other = await stage.asked(ANA, "99 EUR eth via kriptomat")

    told = await answered(stage, BEN, text.format(id=order_of(card).lower()), other)

    assert order_of(card) in told.text
    assert order_of(other) not in told.text


async def test_without_a_card_status_tells_what_is_open(stage: Stage) -> None:
    """As ``/buy status`` does, in the place where it was asked."""
    card = await stage.asked()
    said = await mention(stage, BEN, "good morning")
    assert said.said is not None
    here = await answered(stage, BEN, "@countersign status")
    there = await answered(stage, BEN, "@countersign status", said.said)

    assert order_of(card) in here.text
    assert order_of(card) in there.text
    assert (here.thread_ts, there.thread_ts) == (None, said.said.ts)


@pytest.mark.parametrize("text", ["@countersign", "@countersign help", "@countersign help buy"])
async def test_who_only_calls_is_told_how_to_ask(stage: Stage, text: str) -> None:
    """A mention without words outside of a card's thread is somebody who tries it."""
    assert (await answered(stage, BEN, text)).text == words.HELP


async def test_a_bare_mention_in_the_thread_of_a_card_is_about_that_card(stage: Stage) -> None:
    """There is nothing else that could be meant."""
    card = await stage.asked()

    assert order_of(card) in (await answered(stage, BEN, "@countersign ?", card)).text


@pytest.mark.parametrize(
    "text",
    ["@countersign 250 EUR btc via kriptomat", "@countersign cancel {id}",
     "@countersign freeze now", "@countersign unfreeze"],
)  # fmt: skip
async def test_what_changes_something_is_not_done_by_a_message(stage: Stage, text: str) -> None:
    """A message can be delivered again after minutes; a command cannot."""
    card = await stage.asked()

    told = await answered(stage, ANA, text.format(id=order_of(card)), card)

    assert told.text == words.ONLY_QUESTIONS
    assert await stage.rows("SELECT count(*) AS n FROM orders") == [{"n": 1}]
    assert await stage.rows("SELECT state FROM orders") == [{"state": "pending_approval"}]
    assert await stage.rows("SELECT * FROM freezes") == []


async def test_unknown_words_are_answered_with_what_would_do(stage: Stage) -> None:
    """Two orders in one question are not guessed between, either."""
    cards = [await stage.asked(ANA, f"{amount} EUR btc via kriptomat") for amount in (10, 20)]
    first = await answered(stage, BEN, "@countersign make me rich")
    both = " or ".join(order_of(card) for card in cards)
    second = await answered(stage, BEN, f"@countersign is it {both}")

    assert first.text == second.text == words.NOT_UNDERSTOOD


async def test_guests_and_strangers_get_one_sentence_and_nothing_about_orders(
    stage: Stage,
) -> None:
    """A mention is public, and so is the invitation to try one."""
    card = await stage.asked()
    for user in (DAN, EVE):
        told = await answered(stage, user, f"@countersign status {order_of(card)}", card)

        assert order_of(card) not in told.text
        assert told.blocks == []


async def test_a_member_who_is_no_reader_sees_only_what_is_his_own(stage: Stage) -> None:
    """The same law as for the command, because it is the same code."""
    await stage.stop_bot()
    stage.toml = TOML.replace("[team]", '[team]\nreaders = ["approvers"]', 1)
    await stage.start_bot()
    theirs = await stage.asked(BEN)
    own = await stage.asked(ANA)

    refused = await answered(stage, ANA, "@countersign status", theirs)
    told = await answered(stage, ANA, "@countersign status", own)

    assert refused.text == READERS_ONLY
    assert order_of(own) in told.text


async def test_an_event_that_is_delivered_twice_is_answered_once(stage: Stage) -> None:
    """Slack repeats events, also after it was told that they had arrived."""
    outcome = await mention(stage, BEN, "@countersign status")
    await answer_to(stage, outcome)
    await stage.slack.redeliver(outcome)
    await answered(stage, BEN, "@countersign help")

    assert len(stage.slack.private(BEN)) == 2
    rows = await stage.rows("SELECT wanted FROM outbox WHERE kind = 'answer'")
    assert rows == [{"wanted": 1}, {"wanted": 1}]


async def test_a_restart_between_the_question_and_its_answer_loses_nothing(stage: Stage) -> None:
    """It was acknowledged, so Slack will not ask again."""
    stage.slack.faults.web_outage(on=True)
    outcome = await mention(stage, BEN, "@countersign status")
    assert outcome.acked
    await stage.stop_bot()
    stage.slack.faults.web_outage(on=False)
    await stage.start_bot()

    assert "No order is open" in (await answer_to(stage, outcome)).text


async def test_an_answer_that_comes_too_late_is_not_given(stage: Stage) -> None:
    """Whoever asked an hour ago has looked elsewhere since."""
    stage.slack.faults.web_outage(on=True)
    await mention(stage, BEN, "@countersign status")
    await stage.stop_bot()
    stage.clock.move(minutes=11)
    stage.slack.faults.web_outage(on=False)
    await stage.start_bot()
    await answered(stage, BEN, "@countersign help")

    assert [message.text for message in stage.slack.private(BEN)] == [words.HELP]


async def test_whoever_has_left_the_channel_holds_nobody_up(stage: Stage) -> None:
    """A private answer can be refused for good; what is owed to others comes all the same."""
    stage.slack.faults.error("user_not_in_channel", "chat.postEphemeral")
    await mention(stage, BEN, "@countersign status")
    await stage.asked()

    assert await stage.rows("SELECT * FROM outbox WHERE kind = 'answer' AND wanted > paid") == []
    assert stage.slack.private(BEN) == []


async def test_other_programs_are_not_answered(stage: Stage) -> None:
    """Two bots that answer each other never end."""
    outcome = await mention(stage, BEN, "@countersign help")
    await answer_to(stage, outcome)
    payload = outcome.envelope["payload"]
    payload["event_id"] = "Ev0HOOK"
    payload["event"]["bot_id"] = "B0HOOK"

    assert (await stage.slack.redeliver(outcome)).acked
    assert await stage.rows("SELECT key FROM outbox WHERE key = 'answer:Ev0HOOK'") == []


async def test_an_event_that_could_not_be_written_down_is_not_acknowledged(stage: Stage) -> None:
    """Slack delivers it again then; a command would be lost."""
    outcome = await mention(stage, BEN, "@countersign help")
    await answer_to(stage, outcome)
    del outcome.envelope["payload"]["event"]["channel"]

    assert not (await stage.slack.redeliver(outcome)).acked
