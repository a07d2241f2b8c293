"""Messages to the channel that are about no single order: the digest."""

from collections.abc import Callable
from datetime import datetime

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.postbox import Postbox
from bot.refusals import Meaning, NoPlace, meaning_of
from bot.workflow import digesting
from bot.workflow.desk import Desk
from commands import digest
from commands.cards import Setting
from storage import outbox, routines
from storage.database import Tx
from storage.outbox import Debt

log = structlog.get_logger()


class Bulletins:
    """Posts them. Raises NoPlace, and what the Slack client raises; then they are still owed.

    ``obstacle``: why nothing may be posted, where Slack itself would take it.
    """

    def __init__(
        self,
        desk: Desk,
        postbox: Postbox,
        setting: Callable[[], Setting],
        channel: str,
        obstacle: Callable[[], str | None],
    ) -> None:
        self._desk = desk
        self._postbox = postbox
        self._setting = setting
        self._channel = channel
        self._obstacle = obstacle

    async def digest(self, debt: Debt) -> None:
        """What stands now, under the local time for which it was owed; not when it is too late.

        That it is about to leave is written down first. Whoever finds such a mark, and no word that
        it has arrived, posts it again and says so on it: one too many is better than none, since a
        digest that does not come means that the bot is dead.
        """
        desk, key = self._desk, debt.facts["occurrence"]
        if desk.now() - datetime.fromisoformat(debt.facts["at"]) > digesting.LATE:
            log.warning("a digest is too late to be posted", occurrence=key)
            await desk.db.write(lambda tx: outbox.paid(tx, debt))
            return
        if (why := self._obstacle()) is not None:
            raise NoPlace(why)
        told = await desk.db.read(lambda tx: digesting.gather(desk, tx, now=desk.now()))
        before = await desk.db.write(lambda tx: _mark(tx, key, desk.boot_id))
        message = digest.message(told, self._setting(), desk.zone, repeated=before is not None)
        desk.checkpoint("before digest")
        try:
            ts = await self._postbox.post(self._channel, message)
        except (SlackApiError, aiohttp.ClientConnectorError) as error:
            if surely_not_there(error):
                await desk.db.write(lambda tx: _mark(tx, key, before))
            raise
        desk.checkpoint("digest posted")

        def mark(tx: Tx) -> None:
            facts = {"channel": self._channel, "ts": ts}
            routines.done(tx, digesting.NAME, key, at=told.at, facts=facts)
            outbox.paid(tx, debt)

        await desk.db.write(mark)
        desk.checkpoint("digest marked")


def surely_not_there(error: SlackApiError | aiohttp.ClientConnectorError) -> bool:
    """Slack has refused it, or was never reached."""
    return not isinstance(error, SlackApiError) or meaning_of(error) is not Meaning.AWAY


def _mark(tx: Tx, occurrence: str, mark: str | None) -> str | None:
    return routines.sending(tx, digesting.NAME, occurrence, mark=mark)
