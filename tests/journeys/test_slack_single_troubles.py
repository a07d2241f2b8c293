"""One call to Slack goes wrong in each way there is: nothing is lost, nothing is bought twice."""

from collections.abc import Callable

import pytest

from bot.playground.faults import Faults
from tests.journeys.evidence import order_row
from tests.stage import ANA, BEN, Stage, state_of

TROUBLES: dict[str, Callable[[Faults, str], None]] = {
    "429": lambda faults, method: faults.rate_limited(1, method),
    "503": lambda faults, method: faults.status(503, method),
    "500 after": lambda faults, method: faults.status(500, method, after=True),
    "internal error": lambda faults, method: faults.error("internal_error", method),
    "reset": lambda faults, method: faults.reset(method),
    "reset after": lambda faults, method: faults.reset_after(method),
    "garbage": lambda faults, method: faults.garbage(method),
    "cut short": lambda faults, method: faults.cut_short(method),
}

AT_THE_START = ("auth.test", "users.list", "conversations.info")
FOR_A_PURCHASE = ("chat.postMessage", "chat.update", "users.info", "usergroups.users.list")


@pytest.mark.parametrize("trouble", ["429", "503", "garbage", "cut short"])
async def test_a_start_while_slack_is_in_trouble_ends_well(stage: Stage, trouble: str) -> None:
    """A page instead of JSON, or half a reply: the bot tries again and does not give up."""
    await stage.stop_bot()
    for method in AT_THE_START:
        TROUBLES[trouble](stage.slack.faults, method)

    await stage.start_bot()

    assert (await stage.say(ANA, "status")).text is not None


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_each_call_of_a_purchase_may_fail_once_and_only_time_is_lost(
    stage: Stage, trouble: str
) -> None:
    """The post of the card, its edit, and the questions who is who: bought once, told truly."""
    for number, method in enumerate(FOR_A_PURCHASE, 1):
        TROUBLES[trouble](stage.slack.faults, method)
        await bought(stage, f"{number} EUR btc via kriptomat")
        assert len(stage.kriptomat.purchases) == number


async def bought(stage: Stage, words: str) -> None:
    """From words to completed, however often the card is posted on the way."""
    outcome = await stage.say(ANA, words)
    assert outcome.text is not None
    order_id = outcome.text.split("*")[1]

    def state() -> str:
        card = stage.card(order_id)
        return "" if card is None else state_of(card)

    await stage.slack.wait_for(lambda _: state(), timeout=10)
    card = stage.card(order_id)
    assert card is not None
    # Long enough ago that who is who must be read again before money moves.
    await stage.move_clock(minutes=2)
    await stage.slack.click(BEN, card, "Approve")
    await stage.slack.wait_for(lambda _: state() == "completed", timeout=15)
    assert (await order_row(stage, card))["state"] == "completed"
