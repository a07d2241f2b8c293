"""The home tab: what waits for whom, kept true while they look, and nothing for strangers."""

from pathlib import Path
from typing import Any

import pytest

from bot.playground.slack import PretendSlack
from bot.playground.views import View
from commands.home import VOTES_AT_MOST
from commands.limits import validate_message
from commands.words import home as words
from storage.database import Tx
from tests.journeys.test_slack_single_troubles import TROUBLES
from tests.stage import ANA, BEN, CLEO, DAN, EVE, TOML, Stage, order_of, staged

BUDGET = """
[[budgets]]
name = "monthly"
limit = "10000 EUR"
per = "month"
"""


async def looked(stage: Stage, user: str) -> View:
    """Look at the home tab, and wait until it is drawn."""
    before = stage.slack.workspace.homes.get(user)
    known = None if before is None else before.hash
    await stage.slack.open_home(user)

    def drawn(slack: PretendSlack) -> View | None:
        view = slack.workspace.homes.get(user)
        return view if view is not None and view.hash != known else None

    view = await stage.slack.wait_for(drawn)
    assert view is not None, "waited for"
    assert validate_message(None, None, surface="home", view=view.source) == []
    return view


async def shows(stage: Stage, view: View, text: str) -> str:
    """Wait until it says this."""
    await stage.slack.wait_for(lambda _: text in view.plain(), timeout=15)
    return view.plain()


def labels(view: View) -> list[str]:
    """The buttons on it."""
    elements: list[Any] = [one for block in view.blocks for one in block.get("elements", [])]
    return [one["text"]["text"] for one in elements if one["type"] == "button"]


def spoken(view: View) -> list[str]:
    """What a screen reader says of each of them."""
    elements: list[Any] = [one for block in view.blocks for one in block.get("elements", [])]
    return [one["accessibility_label"] for one in elements if one["type"] == "button"]


async def test_a_screen_reader_tells_the_buttons_of_several_orders_apart(stage: Stage) -> None:
    """Whoever hears "Approve" twice does not know of what."""
    cards = [await stage.asked(), await stage.asked(text="70 EUR eth via kriptomat")]
    view = await looked(stage, BEN)
    for card in cards:
        await shows(stage, view, order_of(card))
        assert f"Approve: {order_of(card)}" in spoken(view)
    assert len(set(spoken(view))) == len(labels(view)) == 6


async def test_a_vote_can_be_given_at_home_and_counts_as_on_the_card(stage: Stage) -> None:
    """Whoever has many to decide on finds them in one place."""
    card = await stage.asked()
    view = await looked(stage, BEN)
    assert order_of(card) in view.plain()
    assert labels(view) == ["Approve", "Deny", "Cancel"]

    await stage.slack.click(BEN, view, "Approve")
    await stage.until(card, "completed")
    text = await shows(stage, view, words.NO_VOTES)

    assert len(stage.kriptomat.purchases) == 1
    assert "💬" in text, "what became of the click stands at the top"
    assert labels(view) == []


async def test_what_is_decided_elsewhere_leaves_the_home_of_whoever_looks(stage: Stage) -> None:
    """A button that does nothing any more is a promise that is broken."""
    card = await stage.asked()
    view = await looked(stage, CLEO)
    assert order_of(card) in view.plain()

    form = await (await stage.slack.click(BEN, card, "Deny")).opened()
    await stage.slack.submit(BEN, form, {})

    await shows(stage, view, words.NO_VOTES)


async def test_each_sees_what_is_theirs(stage: Stage) -> None:
    """The requester cannot vote on it, and the approver has not asked for it."""
    card = await stage.asked(ANA)
    own, others = await looked(stage, ANA), await looked(stage, CLEO)

    assert words.NO_VOTES in own.plain()
    assert order_of(card) in own.plain().partition(words.MINE)[2]
    assert order_of(card) in others.plain().partition(words.MINE)[0]
    assert "You have no open order" in others.plain()


async def test_a_newcomer_is_welcomed_in_three_steps_once(stage: Stage) -> None:
    """Whoever has asked for something knows how."""
    view = await looked(stage, ANA)
    assert "Welcome." in view.plain()

    await stage.asked(ANA)

    await stage.slack.wait_for(lambda _: "Welcome." not in view.plain())


async def test_budgets_providers_and_freezes_are_told_to_readers(tmp_path: Path) -> None:
    """How things stand, before anybody asks."""
    async with staged(tmp_path, toml=TOML + BUDGET) as stage:
        view = await looked(stage, BEN)
        assert "monthly" in view.plain()
        assert "█" not in view.plain()
        assert "░" in view.plain()
        assert "Kriptomat" in view.plain().partition(words.PROVIDERS)[2]
        await stage.say(BEN, "freeze only btc: a drill")

        text = await shows(stage, view, "a drill")

    assert text.index("a drill") < text.index(words.WAITING)


async def test_a_member_who_is_no_reader_sees_no_budget(tmp_path: Path) -> None:
    """What the team may spend is for those whom the policy names."""
    toml = TOML.replace("[team]", '[team]\nreaders = ["approvers"]', 1) + BUDGET
    async with staged(tmp_path, toml=toml) as stage:
        theirs = await stage.asked(BEN)
        view = await looked(stage, ANA)

    assert "monthly" not in view.plain()
    assert words.PROVIDERS not in view.plain()
    assert order_of(theirs) not in view.plain()


async def test_guests_and_strangers_see_one_sentence(stage: Stage) -> None:
    """The tab is there for everybody who can find the app."""
    card = await stage.asked()
    for user in (DAN, EVE):
        view = await looked(stage, user)

        assert len(view.blocks) == 1
        assert order_of(card) not in view.plain()


async def test_a_look_at_the_messages_publishes_nothing(stage: Stage) -> None:
    """Both tabs raise the same event."""
    await stage.slack.open_home(BEN, "messages")
    await looked(stage, CLEO)

    assert BEN not in stage.slack.workspace.homes


async def test_more_than_fit_are_counted(stage: Stage) -> None:
    """A hundred blocks hold so many cards; those that expire first are shown."""
    for amount in range(10, 10 + VOTES_AT_MOST + 2):
        await stage.asked(ANA, f"{amount} EUR btc via kriptomat")

    view = await looked(stage, CLEO)

    assert labels(view).count("Approve") == VOTES_AT_MOST
    assert "and 2 more" in view.plain()


async def test_nothing_is_published_while_nothing_changes(stage: Stage) -> None:
    """The clock looks every five seconds, and Slack counts calls."""
    view = await looked(stage, BEN)
    published = view.hash
    for _ in range(5):
        assert stage.bot is not None
        stage.bot.desk.wake_announcer()
        await stage.move_clock(seconds=1)

        def nothing(tx: Tx) -> int:
            return len(tx.rows("SELECT 1"))

        await stage.bot.desk.db.write(nothing)
    await looked(stage, CLEO)

    assert view.hash == published


async def test_an_outage_costs_lateness_and_no_home(stage: Stage) -> None:
    """What could not be published is drawn again at the next look of the clock."""
    view = await looked(stage, CLEO)
    stage.slack.faults.reset("views.publish")
    card = await stage.asked()
    await stage.move_clock(seconds=10)

    await shows(stage, view, order_of(card))


@pytest.mark.parametrize("trouble", ["503", "garbage", "cut short", "429"])
async def test_a_home_that_slack_did_not_take_is_drawn_at_the_next_look(
    stage: Stage, trouble: str
) -> None:
    """A page instead of JSON, or half a reply, must not end the drawing for good."""
    card = await stage.asked()
    TROUBLES[trouble](stage.slack.faults, "views.publish")
    await stage.slack.open_home(BEN)
    await stage.slack.wait_for(
        lambda slack: [one for one in slack.traffic if one.name == "views.publish"]
    )

    assert order_of(card) in (await looked(stage, BEN)).plain()
