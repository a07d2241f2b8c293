"""What one person sees: their places, their private answers, and what is behind the curtain."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.playground.furniture import ANA, BEN, CHANNEL
from bot.playground.ground import Playground
from bot.playground.methods_views import change_view, make_view
from bot.playground.page.booths import booths
from bot.playground.page.curtain import Curtain
from bot.playground.page.picture import Picture
from bot.playground.page.scene_book import BOOK
from bot.playground.page.scenes import Scenes
from bot.playground.page.tape import Tape
from tests.page.place import botless
from tests.playground.realbot import button, card

Json = dict[str, Any]


@pytest.fixture
async def ground(tmp_path: Path) -> AsyncIterator[Playground]:
    """Everything but the bot."""
    async with botless(tmp_path) as one:
        yield one


def picture(ground: Playground) -> Picture:
    """As the page puts it together."""
    stands = booths(ground)
    tape = Tape(ground.slack.traffic, {n: (b.title, b.sandbox.wire) for n, b in stands.items()})
    return Picture(ground, stands, tape, Scenes(ground, Curtain(ground, stands), BOOK))


def seen(drawn: Picture, user: str, kind: str) -> list[Json]:
    """The things of a kind that somebody sees."""
    things = [json.loads(text) for text in drawn.things(user).values()]
    return [thing for thing in things if thing["kind"] == kind]


async def test_everybody_sees_the_channel_and_only_their_own_conversation(
    ground: Playground,
) -> None:
    """What the bot tells Ana alone is not Ben's business, here as in Slack."""
    workspace = ground.slack.workspace
    workspace.post(CHANNEL, "for all", [])
    workspace.post(workspace.direct(ANA).id, "for Ana", [])
    workspace.post(CHANNEL, "only Ben sees this", [], ephemeral_to=BEN)
    drawn = picture(ground)

    assert [one["text"] for one in seen(drawn, ANA, "message")] == ["for all", "for Ana"]
    assert [one["text"] for one in seen(drawn, BEN, "message")] == ["for all", "only Ben sees this"]
    assert [one["private"] for one in seen(drawn, BEN, "message")] == [False, True]


async def test_a_card_says_what_it_said_before(ground: Playground) -> None:
    """Slack forgets it; whoever studies the bot wants to see it."""
    workspace = ground.slack.workspace
    message = workspace.post(CHANNEL, "first", card(text="*Pending*"))
    drawn = picture(ground)
    (before,) = seen(drawn, ANA, "message")
    workspace.rewrite(message, "then", card(button("cancel", "Cancel"), text="*Approved*"))
    (after,) = seen(drawn, ANA, "message")

    assert (before["seen"], before["earlier"]) == (0, [])
    assert (after["seen"], after["earlier"]) == (1, ["Pending"])
    assert after["blocks"][1]["elements"][0]["action_id"] == "cancel"


async def test_nothing_is_drawn_differently_as_long_as_nothing_has_changed(
    ground: Playground,
) -> None:
    """The stream compares texts: one that changes by itself would be sent for ever."""
    ground.slack.workspace.post(CHANNEL, "a card", card())
    drawn = picture(ground)

    assert drawn.things(ANA) == drawn.things(ANA)


async def test_a_form_is_seen_by_the_one_before_whom_it_is_open(ground: Playground) -> None:
    """And follows when the bot changes it."""
    source = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Deny"},
        "submit": {"type": "plain_text", "text": "Deny it"},
        "blocks": card(),
    }
    view = make_view(ground.slack.workspace, BEN, source)
    drawn = picture(ground)
    (form,) = seen(drawn, BEN, "view")
    assert (form["title"], form["submit"], form["close"]) == ("Deny", "Deny it", "Cancel")
    assert seen(drawn, ANA, "view") == []

    told = {"type": "modal", "title": {"type": "plain_text", "text": "Denied"}, "blocks": card()}
    change_view(ground.slack.workspace, view, told)
    (form,) = seen(drawn, BEN, "view")
    assert (form["title"], form["submit"]) == ("Denied", None)


async def test_a_bot_that_was_never_started_or_was_stopped_is_said(ground: Playground) -> None:
    """The dot at the top of the page is the first thing people look at when nothing happens."""
    (shown,) = seen(picture(ground), ANA, "bot")

    assert (shown["state"], shown["pid"], shown["starts"]) == ("stopped", None, 0)
    assert "process is gone" in shown["says"]


async def test_each_vendor_shows_its_books_and_its_switches(ground: Playground) -> None:
    """All of the sandbox's own catalogue, with a sentence each."""
    vendors = seen(picture(ground), ANA, "vendor")

    assert [one["name"] for one in vendors] == ["kriptomat", "coins_ph", "oak"]
    for one in vendors:
        assert one["rows"] == []
        assert one["says"] == "Not asked to buy yet."
        assert len(one["switches"]) > 20
        assert all(switch["says"] for switch in one["switches"])
        assert [switch for switch in one["switches"] if switch["common"]]
        ids = [switch["id"] for switch in one["switches"]]
        assert len(ids) == len(set(ids))
