"""What several journeys ask of a stage: what is written down, and whether it was bought once."""

from typing import Any

from bot.playground.messages import Message
from bot.playground.views import View
from tests.stage import Stage, order_of

TABLES = ("orders", "votes", "events", "attempts", "reservations", "audit", "outbox")
"""Where anything that a click does would show."""


async def everything(stage: Stage) -> dict[str, list[dict[str, Any]]]:
    """All rows that a click could change."""
    return {table: await stage.rows(f"SELECT * FROM {table}") for table in TABLES}


async def order_row(stage: Stage, card: Message) -> dict[str, Any]:
    """The order as it is written down."""
    (row,) = await stage.rows("SELECT * FROM orders WHERE id = ?", order_of(card))
    return row


def assert_bought_once(stage: Stage) -> None:
    """One purchase at the vendor, and however often it was sent, the same bytes with one key."""
    assert len(stage.kriptomat.purchases) == 1
    assert len({post.body for post in stage.kriptomat.posts}) == 1


async def deny_form(stage: Stage, user: str, card: Message) -> View:
    """Press Deny and get the form that asks for the reason."""
    outcome = await stage.slack.click(user, card, "Deny")
    return await outcome.opened()


async def back_again(stage: Stage) -> None:
    """Kriptomat answers again, at the same address, and the clock looks."""
    await stage.kriptomat.start(port=int(stage.kriptomat.base_url.rsplit(":", 1)[1]))
    await stage.move_clock(minutes=3)


async def newest_after(stage: Stage, card: Message) -> Message:
    """The card that has taken this one's place."""
    await stage.slack.wait_for(lambda _: stage.cards()[-1] is not card)
    return stage.cards()[-1]


async def quiet(stage: Stage) -> None:
    """Wait until nothing is owed to Slack, so that only what comes next can change a row."""
    while await stage.rows("SELECT 1 FROM outbox WHERE wanted > paid"):
        await stage.slack.workspace.changed.wait_until(lambda: True, 1, "a change")
        await stage.rows("SELECT 1")
