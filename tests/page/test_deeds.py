"""What people do on the page reaches the bot as Slack sends it, or is refused in a sentence."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck

from bot.playground.methods_views import make_view
from bot.playground.page.deeds import Deeds, NotDone
from bot.playground.slack import PretendSlack
from tests.playground.realbot import CHANNEL, RealBot, button, card

Json = dict[str, Any]

CARD = card(button("approve", "Approve", value="first"))
NEWER = card(button("approve", "Approve", value="second"))


@pytest.fixture
async def heard(slack: PretendSlack, bot: RealBot) -> list[Json]:
    """What a bot with a command and a button has heard."""
    got: list[Json] = []

    async def note(ack: AsyncAck, body: Json) -> None:
        got.append(body)
        await ack()

    bot.app.command("/buy")(note)
    bot.app.action("approve")(note)
    bot.app.view("form")(note)
    await bot.connect()
    return got


async def test_a_command_is_typed_where_the_person_is(
    slack: PretendSlack, heard: list[Json]
) -> None:
    """The page sends words and a place, and nothing else of the payload is its business."""
    told = await Deeds(slack).do(
        {"do": "slash", "as": "U0ANA", "place": CHANNEL, "words": "25 USD usdc via oak"}
    )

    assert told["error"] is None
    assert told["ms"] >= 0
    assert [(one["text"], one["user_id"]) for one in heard] == [("25 USD usdc via oak", "U0ANA")]


async def test_a_press_is_of_what_was_on_the_screen(slack: PretendSlack, heard: list[Json]) -> None:
    """A card is edited in the moment in which somebody presses: the bot must get the old value."""
    message = slack.workspace.post(CHANNEL, "a card", CARD)
    slack.workspace.rewrite(message, "a card", NEWER)
    wish = {"do": "click", "as": "U0BEN", "place": CHANNEL, "ts": message.ts, "action": "approve"}

    for seen in (0, 1, None, "0", True, -1, 7):
        await Deeds(slack).do({**wish, "seen": seen})

    values = [one["actions"][0]["value"] for one in heard]
    assert values == ["first", *["second"] * 6]


async def test_a_form_is_handed_in_with_what_was_filled_in(
    slack: PretendSlack, heard: list[Json]
) -> None:
    """What is missing is said beside its field, without asking the bot."""
    source = {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": "A form"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {
                "type": "input",
                "block_id": "reason",
                "label": {"type": "plain_text", "text": "Why?"},
                "element": {"type": "plain_text_input", "action_id": "reason"},
            }
        ],
    }
    view = make_view(slack.workspace, "U0BEN", source).id
    deeds = Deeds(slack)
    wish = {"do": "submit", "as": "U0BEN", "view": view}

    empty = await deeds.do({**wish, "values": {}})
    assert empty["errors"] == {"reason": "Please complete this required field."}
    assert heard == []

    await deeds.do({**wish, "values": {"reason": "too much"}})
    assert heard[0]["view"]["state"]["values"]["reason"]["reason"]["value"] == "too much"
    with pytest.raises(NotDone, match="closed already"):
        await deeds.do({**wish, "values": {"reason": "again"}})


async def test_a_message_is_said_and_answered_in_a_thread(slack: PretendSlack) -> None:
    """Ordinary talk stands beside the cards, escaped as Slack escapes it."""
    deeds = Deeds(slack)
    say = {"do": "say", "as": "U0ANA", "place": CHANNEL}
    await deeds.do({**say, "words": " <b>shall we?</b> "})
    first = slack.messages(CHANNEL)[0]
    await deeds.do({**say, "words": "yes", "thread": first.ts})

    assert first.text == "&lt;b&gt;shall we?&lt;/b&gt;"
    assert slack.messages(CHANNEL)[1].thread_ts == first.ts


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({}, "The page sent no as."),
        ({"as": "U0NOBODY"}, "There is nobody of that name here."),
        ({"as": "U0ANA"}, "Nobody can do that here."),
        ({"as": "U0ANA", "do": "fly"}, "Nobody can do that here."),
        ({"as": "U0ANA", "do": "slash"}, "The page sent no words."),
        ({"as": "U0ANA", "do": "slash", "words": 7}, "The page sent no words."),
        ({"as": "U0ANA", "do": "slash", "words": "x" * 4001}, "longer than 4000 characters"),
        ({"as": "U0ANA", "do": "slash", "words": "help", "place": "C0"}, "not in that channel"),
        ({"as": "U0ANA", "do": "say", "words": "  ", "place": CHANNEL}, "Say something first."),
        (
            {"as": "U0ANA", "do": "say", "words": "a", "place": CHANNEL, "thread": "1.0"},
            "that this answers is gone",
        ),
        (
            {"as": "U0ANA", "do": "click", "action": "a", "place": CHANNEL, "ts": "1.0"},
            "That message is gone.",
        ),
        ({"as": "U0ANA", "do": "click", "action": "a", "view": "V1"}, "closed already"),
        ({"as": "U0ANA", "do": "submit", "view": "V1", "values": {}}, "closed already"),
        ({"as": "U0ANA", "do": "close", "view": "V1"}, "closed already"),
    ],
)
async def test_a_wish_that_cannot_be_is_refused_with_a_sentence(
    slack: PretendSlack, wish: Json, says: str
) -> None:
    """Old pages, second tabs and curious people send such things."""
    with pytest.raises(NotDone, match=says):
        await Deeds(slack).do(wish)


async def test_a_button_that_is_not_there_cannot_be_pressed(slack: PretendSlack) -> None:
    """The page is no way round what Slack would let somebody do."""
    message = slack.workspace.post(CHANNEL, "a card", CARD)
    wish = {"do": "click", "as": "U0BEN", "place": CHANNEL, "ts": message.ts, "action": "buy"}
    with pytest.raises(NotDone, match=r"^Nothing to press called 'buy'"):
        await Deeds(slack).do(wish)


async def test_a_private_answer_is_pressed_by_the_one_who_has_it(
    slack: PretendSlack, heard: list[Json]
) -> None:
    """Its ts alone must not be enough for anybody else."""
    message = slack.workspace.post(CHANNEL, "only for Ben", CARD, ephemeral_to="U0BEN")
    wish = {"do": "click", "place": CHANNEL, "ts": message.ts, "action": "approve", "private": True}
    await Deeds(slack).do({**wish, "as": "U0BEN"})
    assert len(heard) == 1

    for who, private in (("U0ANA", True), ("U0BEN", False)):
        with pytest.raises(NotDone, match="gone"):
            await Deeds(slack).do({**wish, "as": who, "private": private})


async def test_a_bot_that_is_away_is_said_in_words(slack: PretendSlack) -> None:
    """``dispatch_failed`` tells a newcomer nothing."""
    told = await Deeds(slack).do({"do": "slash", "as": "U0ANA", "place": CHANNEL, "words": "help"})

    assert told["error"] == "dispatch_failed"
    assert "start the bot" in told["says"]


async def test_nothing_can_be_done_while_slack_is_down(slack: PretendSlack) -> None:
    """The outage is everybody's, not only the bot's."""
    slack.faults.outage()
    with pytest.raises(NotDone, match="Slack is down"):
        await Deeds(slack).do({"do": "say", "as": "U0ANA", "place": CHANNEL, "words": "hello"})
