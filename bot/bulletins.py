"""Messages to the channel that are about no single order: the digest."""

from datetime import datetime

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.correspondent import Correspondent
from bot.refusals import surely_not_posted
from bot.workflow import digesting
from commands import digest
from storage import outbox, routines
from storage.database import Tx
from storage.outbox import Debt

log = structlog.get_logger()


class Bulletins(Correspondent):
    """Posts them."""

    async def digest(self, debt: Debt) -> None:
        """What stands now, under the local time for which it was owed; not when it is too late.

        That it is about to leave is written down first. Whoever finds such a mark, and no word that
        it has arrived, posts it again and says so on it: one too many is better than none, since a
        digest that does not come means that the bot is dead.
        """
        desk, key = self._desk, debt.facts["occurrence"]
        if desk.now() - datetime.fromisoformat(debt.facts["at"]) > digesting.LATE:
            log.warning("a digest is too late to be posted", occurrence=key)
            await self._paid(debt)
            return
        self._make_sure_of_place()
        told = await desk.db.read(lambda tx: digesting.gather(desk, tx, now=desk.now()))
        before = await desk.db.write(lambda tx: _mark(tx, key, desk.boot_id))
        message = digest.message(told, self._setting(), desk.zone, repeated=before is not None)
        desk.checkpoint("before digest")
        try:
            ts = await self._postbox.post(self._channel, message)
        except (SlackApiError, aiohttp.ClientConnectorError) as error:
            if surely_not_posted(error):
                await desk.db.write(lambda tx: _mark(tx, key, before))
            raise
        desk.checkpoint("digest posted")

        def mark(tx: Tx) -> None:
            facts = {"channel": self._channel, "ts": ts}
            routines.done(tx, digesting.NAME, key, at=told.at, facts=facts)
            outbox.paid(tx, debt)

        await desk.db.write(mark)
        desk.checkpoint("digest marked")


def _mark(tx: Tx, occurrence: str, mark: str | None) -> str | None:
    return routines.sending(tx, digesting.NAME, occurrence, mark=mark)
