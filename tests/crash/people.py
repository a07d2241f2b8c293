"""What people do in a drama: they ask, approve, pay and settle, and repeat themselves unanswered.

They know what a person can know: what the card shows, and, when they have to say what became of a
purchase, what the vendor's own pages show.
"""

import contextlib
import re
from collections.abc import Awaitable, Callable

from bot.playground.messages import Message
from bot.playground.outcome import Outcome
from tests.crash.cases import BUY, CANCEL, CONFIRMED, NOWHERE, PAY, PROPOSED, TOLD, WAITING
from tests.crash.drama import Drama
from tests.stage import ANA, BEN, CLEO, Stage, state_of

ENDED = frozenset({"completed", "rejected", "failed", "cancelled", "expired", "denied"})

PATIENCE = 60
"""Real seconds for which a card may stay as it is while nobody has anything to do."""

PAYERS = (CLEO, BEN)
"""Whoever gets no answer is followed by the other one: they do not know of each other."""

Deed = Callable[[Message], Awaitable[None]]


class People:
    """Ana asks, Ben approves, if need be Ben and Cleo settle, and one of them pays."""

    def __init__(self, one: Drama, *, killed: str = NOWHERE, call: str = BUY) -> None:
        """``killed``: the moment at which the bot is killed from outside. ``call``: see Case."""
        self._drama = one
        self._stage = one.stage
        self._slack = one.stage.slack
        self._killed = killed
        self._call = call
        self._offers = 0

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
                self._drama.delivered = self._drama.vendor.delivered
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
            deed = self._about_payment(labels)
            return None if deed is None else (card, deed)
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
        if heard:
            await self._kill_waiting(BUY)

        def done() -> bool:
            return self._newest() is not card or state_of(card) != "pending_approval"

        await self._until(done, heard=heard is not None)

    async def _kill_waiting(self, call: str) -> None:
        """While the process waits for the reply to this request, if that is the moment."""
        if self._killed == WAITING and self._call == call:
            await self._stage.eventually(self._hangs, timeout=30)
            await self._kill_if(WAITING)

    def _hangs(self) -> bool:
        """The request has arrived, and the vendor has done with it what it will."""
        return bool(self._drama.vendor.posts) and self._drama.vendor.struck

    def _about_payment(self, labels: set[str]) -> Deed | None:
        """What somebody does about an order that waits to be paid; None: they wait as well."""
        if not self._drama.vendor.has_counter:
            return self._pay
        if self._call == CANCEL:
            return self._cancel if "cancel" in labels else None
        if told_how(self._stage):
            return self._hand_over if "have_paid" in labels else None
        return self._offer if "will_pay" in labels else None

    async def _pay(self, card: Message) -> None:
        """Whoever pays does so at the vendor's, not here."""
        self._drama.vendor.pay()
        await self._until(lambda: state_of(card) != "awaiting_payment", heard=True)

    async def _offer(self, card: Message) -> None:
        person = PAYERS[self._offers % len(PAYERS)]
        self._offers += 1
        heard = await self._heard(lambda: self._slack.click(person, card, "will_pay"))
        await self._until(lambda: bool(told_how(self._stage)), heard=heard is not None)

    async def _hand_over(self, card: Message) -> None:
        """Everybody who was told how pays, once; then it is said, until it was heard."""
        await self._kill_if(TOLD)
        told = told_how(self._stage)
        self._drama.handed += [person for person in told if person not in self._drama.handed]
        opened = await self._heard(lambda: self._slack.click(told[0], card, "have_paid"))
        if opened is None:
            return
        try:
            view = await opened.opened(timeout=3)
        except TimeoutError:
            # Somebody has heard it already: the card will tell.
            return
        heard = await self._heard(lambda: self._slack.submit(told[0], view, {"code": "OR-4711"}))
        if heard:
            await self._kill_waiting(PAY)
        await self._until(lambda: not card.buttons(), heard=heard is not None)

    async def _cancel(self, card: Message) -> None:
        heard = await self._heard(lambda: self._slack.click(ANA, card, "cancel"))
        if heard:
            await self._kill_waiting(CANCEL)
        await self._until(lambda: not card.buttons(), heard=heard is not None)

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


def told_how(stage: Stage) -> list[str]:
    """Who was told privately how it is paid, in the words of the bot."""
    return [
        person
        for person in stage.slack.workspace.people
        if any(dm.text.startswith("You pay BUY-") for dm in stage.slack.dms(person))
    ]


def leaves_it_to_people(card: Message) -> bool:
    """The card promises nothing that the bot may still do, and shows what it has seen so far."""
    text = card.plain()
    promises = ("may send the same key again", "it ends by itself", "I take it for this order")
    if any(promise in text for promise in promises):
        return False
    return "has no list" in text or re.search(r"Looked \d+ times", text) is not None
