"""A scene follows what happens, whoever does it, and is not led astray by what else happens."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.playground.furniture import ANA, BEN, CHANNEL, CLEO, DAN
from bot.playground.ground import Playground
from bot.playground.page.booths import booths
from bot.playground.page.curtain import Curtain
from bot.playground.page.deeds import NotDone
from bot.playground.page.scene_book import BOOK
from bot.playground.page.scenes import Json, Scenes, is_frozen
from tests.page.conftest import House

in_house = pytest.mark.asyncio(loop_scope="session")


class Show:
    """The scenes of a playground, and its people."""

    def __init__(self, ground: Playground) -> None:
        self.ground = ground
        self.scenes = Scenes(ground, Curtain(ground, booths(ground)), BOOK)

    @property
    def thing(self) -> Json:
        """What the page shows."""
        thing = self.scenes.thing
        assert thing is not None, "a scene is on"
        return thing

    @property
    def step(self) -> int:
        """How many steps are over."""
        return sum(step["state"] == "done" for step in self.thing["steps"])

    async def begin(self, name: str) -> None:
        await self.scenes.do({"do": "begin", "scene": name})

    async def next(self) -> None:
        """Press what is highlighted."""
        await self.scenes.do({"do": "next"})

    async def until(self, step: int) -> None:
        """Wait until so many steps are over."""
        await self.ground.slack.wait_for(lambda _: self.step >= step, 30)

    async def type(self, user: str, words: str) -> None:
        """By hand."""
        await self.ground.slack.slash(user, "/buy", words, channel=CHANNEL)

    async def press(self, user: str, action: str) -> None:
        """By hand, on the card of the scene."""
        card = self.ground.slack.workspace.find(CHANNEL, self.thing["card"])
        assert card is not None
        await self.ground.slack.click(user, card, action)


@pytest_asyncio.fixture(loop_scope="session")
async def show(house: House) -> AsyncIterator[Show]:
    """With a bot that runs; whatever was broken is mended afterwards."""
    one = Show(house.playground)
    yield one
    await one.scenes.do({"do": "leave"})


@in_house
async def test_steps_may_be_done_by_hand_instead(show: Show) -> None:
    """The button is an offer; people who know how press the real thing."""
    await show.begin("approve")
    await show.type(ANA, "611 EUR btc via kriptomat for playing by hand")
    await show.until(1)
    await show.press(DAN, "approve")
    await show.until(2)
    await show.press(BEN, "approve")
    await show.until(4)
    await show.next()
    await show.until(5)

    assert show.thing["done"]
    assert "own ledger" in show.thing["closing"]


@in_house
async def test_what_others_ask_for_meanwhile_leads_nobody_astray(show: Show) -> None:
    """The channel is everybody's; the scene has one order."""
    await show.begin("lost")
    await show.next()
    await show.type(CLEO, "612 EUR btc via kriptomat for somebody else")
    await show.type(ANA, "26 USD usdc via oak")
    await show.ground.slack.wait_for(lambda s: "26.00 USD" in s.messages(CHANNEL)[-1].text, 30)
    assert (show.step, show.thing["card"]) == (1, None)

    await show.next()
    await show.until(2)
    card = show.ground.slack.workspace.find(CHANNEL, show.thing["card"])
    assert card is not None
    assert "asked for by Ana" in card.text
    await show.type(ANA, "613 EUR btc via kriptomat for one more")
    assert show.thing["card"] == card.ts


@in_house
async def test_an_order_that_ends_otherwise_ends_the_story_with_a_sentence(show: Show) -> None:
    """Somebody cancels it: the scene must not wait for ever for what cannot come."""
    await show.begin("approve")
    await show.next()
    await show.until(1)
    await show.press(ANA, "cancel")
    await show.ground.slack.wait_for(lambda _: show.thing["stuck"], 30)
    assert show.thing["stuck"] == (
        "The order of this scene is cancelled, so the story ends here. Begin it again."
    )

    await show.begin("approve")
    assert (show.step, show.thing["stuck"]) == (0, None)


@in_house
async def test_a_freeze_that_stands_is_lifted_before_anything_begins(show: Show) -> None:
    """A story of a purchase makes no sense while nothing may be bought."""
    await show.type(BEN, "freeze trying something")
    await show.ground.slack.wait_for(lambda _: is_frozen(show.ground), 30)
    with pytest.raises(NotDone, match="Ben and Cleo lift it"):
        await show.begin("approve")
    await show.type(BEN, "unfreeze")
    await show.type(CLEO, "unfreeze")
    await show.ground.slack.wait_for(lambda _: not is_frozen(show.ground), 30)
    await show.begin("approve")


@in_house
async def test_a_press_out_of_turn_is_refused_and_changes_nothing(show: Show) -> None:
    """Two tabs show the same scene; both may press."""
    with pytest.raises(NotDone, match="no such scene"):
        await show.begin("nothing")
    await show.begin("approve")
    results = await asyncio.gather(show.next(), show.next(), return_exceptions=True)
    await show.until(1)

    assert [one for one in results if isinstance(one, Exception)] in ([], [results[1]])
    with pytest.raises(NotDone, match="can begin, go on, or be left"):
        await show.scenes.do({"do": "dance"})


@in_house
async def test_leaving_mends_what_the_scene_has_broken(show: Show) -> None:
    """Nobody should have to find out why everything fails afterwards."""
    await show.begin("crash")
    await show.next()
    assert show.ground.kriptomat.faults.armed()["buy"]["standing"] == "hang after"
    await show.scenes.do({"do": "leave"})

    assert show.ground.kriptomat.faults.armed()["buy"]["standing"] is None
    assert show.scenes.thing is None
    with pytest.raises(NotDone, match="nothing to be done"):
        await show.next()


def test_the_amounts_of_a_scene_are_its_own() -> None:
    """The bot asks back when somebody repeats a request, and a scene is played again and again."""
    for scene in BOOK:
        words = [
            {step.hand["types"] for step in scene.steps(nth) if "EUR" in step.hand.get("types", "")}
            for nth in range(97)
        ]
        typed = [one for group in words for one in group]
        assert len(typed) == len(set(typed))


def test_every_step_says_what_happens_and_who_does_it() -> None:
    """A step with a button needs a deed, one without waits for the bot."""
    for scene in BOOK:
        assert scene.title
        assert scene.closing
        for step in scene.steps(1):
            assert step.says.endswith((".", "?"))
            assert (step.button is None) == (step.deed is None)
            assert step.who is None or step.button is not None
