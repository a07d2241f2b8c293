"""What everybody who pays debts to Slack has: the desk, the postbox, and the team's channel."""

from collections.abc import Callable

from bot.postbox import Postbox
from bot.refusals import NoPlace
from bot.workflow.desk import Desk
from commands.cards import Setting
from storage import outbox
from storage.outbox import Debt


class Correspondent:
    """Sends what is owed. Raises NoPlace, and what the Slack client raises; then it is still owed.

    ``setting``: what a message is made of, as of now. ``obstacle``: why nothing new may be posted
    in ``channel``, where Slack itself would take it.
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

    def _make_sure_of_place(self) -> None:
        """Raises NoPlace while nothing new may be posted in the channel."""
        if (why := self._obstacle()) is not None:
            raise NoPlace(why)

    async def _paid(self, debt: Debt) -> None:
        await self._desk.db.write(lambda tx: outbox.paid(tx, debt))
