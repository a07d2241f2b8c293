"""A message that mentions the bot is owed an answer: once, however often Slack delivers it."""

from typing import Any

from bot.workflow.desk import Desk
from storage import outbox
from storage.outbox import Kind, Wish


async def owe_answer(desk: Desk, event_id: str, facts: dict[str, Any]) -> None:
    """Write down that this event is to be answered; silent when that was done before.

    ``facts``: ``to`` whom, ``channel`` and ``thread`` where, ``words`` to what, ``at`` when asked.
    """
    wish = Wish(key=f"answer:{event_id}", kind=Kind.ANSWER, order_id=None, facts=facts)
    await desk.db.write(lambda tx: outbox.wish_once(tx, wish, at=desk.now()))
    desk.wake_announcer()
