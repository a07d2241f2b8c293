"""A purchase that takes longer than usual is called out, with its age, and once more each day."""

from bot.playground.messages import Message
from tests.stage import ANA, BEN, Stage, order_of


def called_out(stage: Stage, card: Message) -> list[str]:
    """What was said of it in its thread."""
    return [one for one in stage.thread(card) if "longer than usual" in one]


async def test_a_slow_purchase_is_called_out_once_and_once_more_the_next_day(
    stage: Stage,
) -> None:
    """Its requester hears how long it has been, and not to buy it again; a restart adds nothing."""
    stage.kriptomat.book.settle = "never"
    card = await stage.asked(ANA, "250 EUR btc via kriptomat")
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "accepted")
    await stage.move_clock(hours=1, minutes=50)
    assert called_out(stage, card) == []

    await stage.move_clock(minutes=20)
    await stage.slack.wait_for(lambda _: called_out(stage, card))
    (said,) = called_out(stage, card)
    assert f"<@{ANA}>: Kriptomat accepted {order_of(card)} 2 hours ago" in said
    assert " 2 hours ago under number 1, and has not completed it" in said

    await stage.stop_bot()
    await stage.start_bot()
    await stage.move_clock(hours=1)
    await stage.move_clock(hours=23)
    await stage.slack.wait_for(lambda _: len(called_out(stage, card)) > 1)
    assert len(called_out(stage, card)) == 2
    assert " 26 hours ago" in called_out(stage, card)[1]
