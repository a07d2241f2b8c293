"""Guided scenes: short stories that are played with real people, a real bot and real faults.

A step is over when what it waits for is true, whoever made it so: the page's "do it for me" button,
or somebody who did it by hand. Steps without a button wait for the bot.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.playground.furniture import CHANNEL
from bot.playground.ground import Playground
from bot.playground.messages import Message
from bot.playground.page.curtain import Curtain
from bot.playground.page.deeds import NotDone
from commands.cards import EVENT_TYPE
from commands.freezing import UNFREEZE
from commands.slash import COMMAND

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Stage:
    """What a scene acts upon, and what it remembers."""

    playground: Playground
    curtain: Curtain
    card: Message | None = field(init=False, default=None)
    """The card of this scene's order, once it has been posted."""
    starts: int = field(init=False)
    booked: int = field(init=False)
    _posted: int = field(init=False)
    _heard: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        """What there was before counts for nothing."""
        self.starts = self.playground.bot.starts
        self.booked = len(self.playground.kriptomat.purchases)
        self.turn()

    def turn(self) -> None:
        """A step begins: what was said before it does not count."""
        slack = self.playground.slack
        self._posted = len(slack.messages(CHANNEL))
        self._heard = {one: len(slack.private(one)) for one in slack.workspace.people}

    def asked(self, user: str, provider: str) -> bool:
        """Whether the order of this scene has its card.

        It is the first one of this person for this provider, and stays it: what somebody asks for
        besides does not lead the scene astray.
        """
        wanted = f"asked for by {self.playground.slack.workspace.names[user]}"
        for message in [] if self.card else self._said():
            order = (message.metadata or {}).get("event_type") == EVENT_TYPE
            if order and wanted in message.text and f"via {provider}" in message.text:
                self.card = message
                break
        return self.card is not None

    def heard(self, words: str) -> bool:
        """Whether this was said in the channel in this step."""
        return any(words in message.text for message in self._said())

    @property
    def state(self) -> str:
        """The order's state as its card's metadata has it; empty while there is no card."""
        card = self.card
        return str(card.metadata["event_payload"]["state"]) if card and card.metadata else ""

    @property
    def order(self) -> str:
        """The order's id; empty while there is no card."""
        card = self.card
        return str(card.metadata["event_payload"]["order"]) if card and card.metadata else ""

    @property
    def frozen(self) -> bool:
        """Whether a freeze stands, as the channel shows it."""
        return is_frozen(self.playground)

    def told(self, user: str) -> bool:
        """Whether this person was answered privately in this step."""
        return len(self.playground.slack.private(user)) > self._heard[user]

    def shows(self, button: str) -> bool:
        """Whether the card has this button now, by its action id."""
        card = self.card
        return card is not None and any(one["action_id"] == button for one in card.buttons())

    async def types(self, user: str, words: str) -> None:
        """``/buy`` and the words, in the channel."""
        await self.playground.slack.slash(user, COMMAND, words, channel=CHANNEL)

    async def presses(self, user: str, button: str) -> None:
        """A button of the card. Raises NotDone when it is not there."""
        card = self.card
        if card is None:
            raise NotDone("There is no card yet.")
        await self.playground.slack.click(user, card, button)

    def _said(self) -> list[Message]:
        return self.playground.slack.messages(CHANNEL)[self._posted :]


def is_frozen(playground: Playground) -> bool:
    """Whether a message in the channel has a button to lift a freeze."""
    said = playground.slack.messages(CHANNEL)
    return any(one["action_id"] == UNFREEZE for message in said for one in message.buttons())


ENDED = frozenset({"denied", "cancelled", "expired", "rejected", "failed", "reversed"})
"""States in which no story has a happy end."""

VARIETIES, SLOT_SECONDS = 97, 7
"""Amounts of a scene, and the time that each is taken: eleven minutes for all of them. The bot asks
back when somebody repeats a request within ten."""

Deed = Callable[[Stage], Awaitable[None]]
Until = Callable[[Stage], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happens. Without a button it is the bot's turn."""

    says: str
    until: Until
    who: str | None = None
    button: str | None = None
    deed: Deed | None = None
    hand: Mapping[str, str] = field(default_factory=dict)
    """How the page shows it being done: ``types`` words, ``presses`` an action of the card, or
    ``behind`` one of the curtain's tabs (and there a ``vendor``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A story of about a minute."""

    name: str
    title: str
    says: str
    closing: str
    steps: Callable[[int], Sequence[Step]]
    """Made anew for each playing, with a number from 0 to 96 that makes its amounts its own."""


@dataclass(slots=True)
class Playing:
    """The scene that is on, and how far it has come."""

    scene: Scene
    stage: Stage
    steps: Sequence[Step]
    at: int = 0


class Scenes:
    """At most one scene is on, the same one for everybody who looks."""

    latest = 0
    """What made the amounts of the last scene of this process its own."""

    def __init__(self, playground: Playground, curtain: Curtain, book: Sequence[Scene]) -> None:
        self._playground = playground
        self._curtain = curtain
        self._book = {scene.name: scene for scene in book}
        self._on: Playing | None = None
        self._one_at_a_time = asyncio.Lock()

    @property
    def listed(self) -> list[Json]:
        """What can be played."""
        return [
            {"name": one.name, "title": one.title, "says": one.says, "minutes": 1}
            for one in self._book.values()
        ]

    async def do(self, wish: Json) -> str:
        """Begin, go on or leave. Raises NotDone."""
        async with self._one_at_a_time:
            match wish.get("do"):
                case "begin":
                    said = await self._begin(str(wish.get("scene")))
                case "next":
                    said = await self._next()
                case "leave":
                    self._on, said = None, "The scene is over."
                    await self._curtain.do({"do": "calm"})
                case _:
                    raise NotDone("A scene can begin, go on, or be left.")
        self._playground.slack.workspace.changed.ring()
        return said

    async def _begin(self, name: str) -> str:
        scene = self._book.get(name)
        if scene is None:
            raise NotDone("There is no such scene.")
        if is_frozen(self._playground):
            raise NotDone("Everything is frozen: Ben and Cleo lift it with /buy unfreeze first.")
        await self._curtain.do({"do": "calm"})
        await self._curtain.do({"do": "start"})
        stage = Stage(playground=self._playground, curtain=self._curtain)
        self._on = Playing(scene, stage, scene.steps(self._variety()))
        return f"“{scene.title}” begins."

    def _variety(self) -> int:
        """A number that was not used for the same scene in the last ten minutes.

        By the clock, so that this holds after a restart with the same database as well.
        """
        now = int(time.time() // SLOT_SECONDS)
        Scenes.latest = max(now, Scenes.latest + 1)
        return Scenes.latest % VARIETIES

    async def _next(self) -> str:
        step = self._now()
        if self._on is None or step is None or step.deed is None:
            raise NotDone("There is nothing to be done for you at the moment.")
        if not self._playground.slack.socket.usable and step.who is not None:
            raise NotDone("The bot is not connected at the moment; try again in a second.")
        try:
            await step.deed(self._on.stage)
        except (LookupError, TimeoutError):
            raise NotDone("That cannot be done at the moment; has it been done already?") from None
        return step.says

    def _now(self) -> Step | None:
        """The step that is on, after those that are over have been left behind."""
        if self._on is None:
            return None
        while self._on.at < len(self._on.steps):
            step = self._on.steps[self._on.at]
            if not step.until(self._on.stage):
                return step
            self._on.at += 1
            self._on.stage.turn()
        return None

    def _stuck(self) -> str | None:
        """Why it cannot go on, when its order has ended in another way than the story has it."""
        if self._on is None or self._on.stage.card is None or self._now() is None:
            return None
        if (state := self._on.stage.state) not in ENDED:
            return None
        return f"The order of this scene is {state}, so the story ends here. Begin it again."

    @property
    def thing(self) -> Json | None:
        """What the page shows; None while no scene is on."""
        self._now()
        if self._on is None:
            return None
        at, done = self._on.at, self._on.at >= len(self._on.steps)
        return {
            "kind": "scene",
            "name": self._on.scene.name,
            "title": self._on.scene.title,
            "says": self._on.scene.says,
            "steps": [
                {
                    "says": step.says,
                    "state": "done" if nth < at else "now" if nth == at else "later",
                    "button": step.button,
                    "as": step.who,
                    "hand": dict(step.hand),
                }
                for nth, step in enumerate(self._on.steps)
            ],
            "card": None if self._on.stage.card is None else self._on.stage.card.ts,
            "stuck": self._stuck(),
            "done": done,
            "closing": self._on.scene.closing if done else None,
        }
