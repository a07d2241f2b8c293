"""What people do in a drama: they ask, approve, pay and settle, and repeat themselves unanswered.

They know what a person can know: what the card shows, and, when they have to say what became of a
purchase, what the vendor's own pages show.
"""

import contextlib
import re
from collections.abc import Awaitable, Callable

from bot.playground.messages import Message
from bot.playground.outcome import Outcome
from tests.crash.cases import CONFIRMED, NOWHERE, PROPOSED, WAITING
from tests.crash.drama import Drama
from tests.stage import ANA, BEN, CLEO, state_of

ENDED = frozenset({"completed", "rejected", "failed", "cancelled", "expired", "denied"})

PATIENCE = 60
"""Real seconds for which a card may stay as it is while nobody has anything to do."""

Deed = Callable[[Message], Awaitable[None]]


class People:
    """Ana asks, Ben approves, and if it comes to that Ben and Cleo settle."""

    def __init__(self, one: Drama, *, killed: str = NOWHERE) -> None:
        """``killed``: the moment at which the bot is killed from outside."""
        self._drama = one
        self._stage = one.stage
        self._slack = one.stage.slack
        self._killed = killed

    async def play(self) -> Message:
        """The whole of it; the card at the end."""
        await self.ask()
        return await self.see_it_end()

    async def see_it_end(self) -> Message:
        """Do whatever the newest card asks for until the order has ended; that card."""
        while True:
            try:
                found = await self._slack.wait_for(lambda _: self._to_do(), PATIENCE)
            except TimeoutError:
                told = f"{self._newest().plain()}\n{self._drama.last_words()}"
                raise AssertionError(f"nothing happens any more: {told}") from None
            assert found is not None, "waited for"
            card, deed = found
            if deed is None:
                return card
            await deed(card)

    def _newest(self) -> Message:
        return self._stage.cards()[-1]

    def _to_do(self) -> tuple[Message, Deed | None] | None:
        """The newest card and what it asks for; no deed when it has ended."""
        card = self._newest()
        state, labels = state_of(card), {one["action_id"] for one in card.buttons()}
        if state in ENDED:
            return card, None
        if "approve" in labels:
            return card, self._approve
        if state == "awaiting_payment":
            return card, self._pay
        if "confirm_settled" in labels:
            return card, self._confirm
        if "settle" in labels and leaves_it_to_people(card):
            return card, self._propose
        return None

    async def _heard(self, act: Callable[[], Awaitable[Outcome]]) -> Outcome | None:
        """One deed; None when Slack showed an error, or the button went meanwhile."""
        await self._slack.wait_connected(timeout=30)
        try:
            outcome = await act()
        except LookupError:
            return None
        return None if outcome.error else outcome

    async def _until(self, done: Callable[[], bool], *, heard: bool) -> None:
        """Wait for what was done to show. Whoever got no answer looks for a moment only."""
        if heard:
            await self._slack.wait_for(lambda _: done(), timeout=30)
            return
        with contextlib.suppress(TimeoutError):
            await self._slack.wait_for(lambda _: done(), timeout=1)

    async def _kill_if(self, moment: str) -> None:
        if self._killed == moment:
            self._killed = NOWHERE
            await self._drama.kill()

    async def ask(self) -> None:
        """Without an answer Ana looks whether there is an order before she repeats herself."""
        for _ in range(5):
            asked = await self._heard(lambda: self._stage.say(ANA, self._drama.vendor.asks))
            if asked is None:
                listed = await self._heard(lambda: self._stage.say(ANA, "list mine"))
                if listed is None or "BUY-" not in (listed.text or ""):
                    continue
            await self._slack.wait_for(lambda _: self._stage.cards(), timeout=30)
            return
        raise AssertionError(f"Ana got no order: {self._drama.last_words()}")

    async def _approve(self, card: Message) -> None:
        heard = await self._heard(lambda: self._slack.click(BEN, card, "approve"))
        if heard and self._killed == WAITING:
            await self._stage.eventually(self._hangs, timeout=30)
            await self._kill_if(WAITING)

        def done() -> bool:
            return self._newest() is not card or state_of(card) != "pending_approval"

        await self._until(done, heard=heard is not None)

    def _hangs(self) -> bool:
        """The request has arrived, and the vendor has done with it what it will."""
        return bool(self._drama.vendor.posts) and self._drama.vendor.struck

    async def _pay(self, card: Message) -> None:
        """Whoever pays does so at the vendor's, not here."""
        self._drama.vendor.pay()
        await self._until(lambda: state_of(card) != "awaiting_payment", heard=True)

    async def _propose(self, card: Message) -> None:
        """Ben looks at the vendor's own pages and says what he has seen."""
        opened = await self._heard(lambda: self._slack.click(BEN, card, "settle"))
        if opened is None:
            return
        try:
            view = await opened.opened(timeout=3)
        except TimeoutError:
            # It was said meanwhile that there is nothing to settle: the card will tell.
            return
        seen = self._drama.vendor.entries
        said = {"because": "I have looked at the vendor's own pages."}
        said |= {"what": "bought", "ref": seen[0]} if seen else {"what": "not_bought"}
        heard = await self._heard(lambda: self._slack.submit(BEN, view, said))
        if heard:
            await self._kill_if(PROPOSED)

        def done() -> bool:
            labels = {one["action_id"] for one in card.buttons()}
            return "confirm_settled" in labels or state_of(card) != "in_doubt"

        await self._until(done, heard=heard is not None)

    async def _confirm(self, card: Message) -> None:
        heard = await self._heard(lambda: self._slack.click(CLEO, card, "confirm_settled"))
        if heard:
            await self._kill_if(CONFIRMED)
        await self._until(lambda: state_of(card) != "in_doubt", heard=heard is not None)


def leaves_it_to_people(card: Message) -> bool:
    """The card promises nothing that the bot may still do, and shows what it has seen so far."""
    text = card.plain()
    if "may send the same key again" in text or "it ends by itself" in text:
        return False
    return "has no list" in text or re.search(r"Looked \d+ times", text) is not None
