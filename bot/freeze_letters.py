"""What is owed about a freeze: its message in the channel, replies under it, words to operators."""

from bot.correspondent import Correspondent
from bot.domain.freezes import Freeze
from bot.postbox import Place, plain
from bot.workflow.freezing import Lifted
from commands import freezing
from commands.words import freezing as words
from storage import freezes, outbox
from storage.database import Tx
from storage.outbox import Debt


class FreezeLetters(Correspondent):
    """Sends them."""

    async def post(self, debt: Debt) -> None:
        """The message of a freeze, or its edit when the freeze was lifted."""
        found = await self._frost(debt)
        if found is None:
            await self._paid(debt)
            return
        freeze, lifted, place = found
        message = freezing.message(freeze, self._setting().titles, lifted)
        if place is None:
            place = self._channel, await self._postbox.post(self._channel, message)
        else:
            place = await self._postbox.renew(place, message)
        channel, ts = place

        def write(tx: Tx) -> None:
            freezes.posted(tx, freeze.id, channel, ts)
            outbox.paid(tx, debt)

        await self._desk.db.write(write)

    async def reply(self, debt: Debt) -> None:
        """A reply under the message of a freeze; without that message there is nobody to reply to.

        Wishes are paid in their order, so the message stands when its reply is due.
        """
        found = await self._frost(debt)
        if found is not None and (place := found[2]) is not None:
            freeze, lifted, _ = found
            lifter = None if lifted is None else lifted[0]
            text = words.reply(freeze, self._setting().titles, debt.facts["subject"], lifter)
            await self._postbox.reply(place, plain(text))
        await self._paid(debt)

    async def tell(self, debt: Debt) -> None:
        """A private word to one person."""
        found = await self._frost(debt)
        if found is not None:
            text = words.direct(found[0], self._setting().titles, found[1])
            await self._postbox.post_privately(debt.facts["to"], plain(text))
        await self._paid(debt)

    async def _frost(self, debt: Debt) -> tuple[Freeze, Lifted | None, Place | None] | None:
        number = int(debt.facts["freeze"])

        def look(tx: Tx) -> tuple[Freeze, Lifted | None, Place | None] | None:
            found = freezes.load(tx, number)
            if found is None:
                return None
            return found, freezes.lifted_by(tx, number), freezes.place(tx, number)

        return await self._desk.db.read(look)
