"""People repeat themselves: asked whether it is meant, and told on the card that others may see."""

import asyncio

from tests.stage import ANA, BEN, Stage, order_of

WORDS = "250 EUR btc via kriptomat for rent & <b>more</b>"


async def count(stage: Stage) -> int:
    (row,) = await stage.rows("SELECT count(*) AS n FROM orders")
    return int(row["n"])


async def test_the_same_person_asking_for_the_same_within_minutes_has_to_confirm(
    stage: Stage,
) -> None:
    """Nothing is written until they do; then it is one more order with the same words."""
    first = await stage.asked(ANA, WORDS)
    again = await stage.say(ANA, WORDS)
    assert again.text is not None
    assert order_of(first) in again.text
    assert "Nothing was requested yet" in again.text
    assert await count(stage) == 1

    assert again.ack_message is not None
    pressed = await stage.slack.click(ANA, again.ack_message, "Yes, one more")
    await stage.slack.wait_for(lambda _: len(stage.cards()) == 2)
    second = stage.cards()[-1]

    assert "waits for approval" in (await pressed.answer()).text
    assert "The same was asked for" in second.plain()
    assert order_of(first) in second.plain()
    assert "rent & <b>more</b>" in second.plain()
    assert "The same was asked for" not in first.plain()


async def test_the_confirming_button_makes_one_order_however_often_it_is_pressed(
    stage: Stage,
) -> None:
    """A double click, and another one when the order has been decided."""
    await stage.asked()
    again = await stage.say(ANA, "250 EUR btc via kriptomat")
    message = again.ack_message
    assert message is not None

    await asyncio.gather(*(stage.slack.click(ANA, message, "Yes, one more") for _ in range(3)))
    await stage.slack.wait_for(lambda _: len(stage.cards()) == 2)

    assert await count(stage) == 2


async def test_leaving_it_and_answering_too_late_request_nothing(stage: Stage) -> None:
    """The question is about now."""
    await stage.asked()
    again = await stage.say(ANA, "250 EUR btc via kriptomat")
    assert again.ack_message is not None
    left = await stage.slack.click(ANA, again.ack_message, "No, leave it")
    assert "Nothing was requested" in (await left.answer()).text

    later = await stage.say(ANA, "250 EUR btc via kriptomat")
    assert later.ack_message is not None
    await stage.move_clock(minutes=11)
    late = await stage.slack.click(ANA, later.ack_message, "Yes, one more")

    assert "Type it again" in (await late.answer()).text
    assert await count(stage) == 1


async def test_somebody_else_or_somewhat_later_is_only_told_on_the_card(stage: Stage) -> None:
    """It may well be meant; but whoever approves it should know of the other one."""
    first = await stage.asked(ANA)
    other = await stage.asked(BEN)
    assert order_of(first) in other.plain()

    await stage.move_clock(minutes=11)
    third = await stage.say(ANA, "250 EUR btc via kriptomat")
    assert "waits for approval" in str(third.text)
    await stage.move_clock(hours=25)
    fresh = await stage.asked(ANA)

    assert "The same was asked for" not in fresh.plain()


async def test_what_was_denied_or_differs_is_no_repetition(stage: Stage) -> None:
    """Another amount, another asset, or an order that cost nothing."""
    card = await stage.asked(ANA)
    for words in ("251 EUR btc via kriptomat", "250 EUR eth via kriptomat"):
        other = await stage.asked(ANA, words)
        assert "The same was asked for" not in other.plain()
    await stage.click(ANA, card, "Cancel")
    again = await stage.say(ANA, "250 EUR btc via kriptomat")

    assert "waits for approval" in str(again.text)


async def test_two_equal_commands_at_the_same_instant_make_one_order_and_one_question(
    stage: Stage,
) -> None:
    """A double press of Enter."""
    said = await asyncio.gather(*(stage.say(ANA, "250 EUR btc via kriptomat") for _ in range(2)))

    assert await count(stage) == 1
    assert sum("Nothing was requested yet" in str(one.text) for one in said) == 1
