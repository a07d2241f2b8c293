"""Block Kit and Slack's markup in the browser: as Slack shows them, and nothing left out."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from bot.playground.furniture import BEN, CHANNEL
from bot.playground.methods_views import make_view
from tests.page.conftest import House
from tests.page.screen import Screen, eyes

pytestmark = pytest.mark.asyncio(loop_scope="session")

Json = dict[str, Any]


class Wall:
    """A channel on which anything can be posted, and somebody who looks at it."""

    def __init__(self, house: House, screen: Screen) -> None:
        self.slack = house.playground.slack
        self.screen = screen

    async def shows(self, *blocks: Json, text: str = "fallback", **how: Any) -> Locator:
        """Post it; what appears."""
        message = self.slack.workspace.post(CHANNEL, text, list(blocks), **how)
        row = self.screen.page.locator(f'#chat [data-ts="{message.ts}"]')
        await expect(row).to_be_visible()
        return row

    async def markup(self, source: str, *, verbatim: bool = False) -> str:
        """What a text of type mrkdwn becomes, tags included."""
        text = {"type": "mrkdwn", "text": source, "verbatim": verbatim}
        row = await self.shows({"type": "section", "text": text})
        return await row.locator(".section .text").inner_html()

    def pressed(self) -> list[Json]:
        """The actions that Slack has sent to the bot so far."""
        envelopes = [one.payload for one in self.slack.traffic if one.name == "interactive"]
        return [action for one in envelopes for action in one["payload"].get("actions", [])]


@pytest_asyncio.fixture(loop_scope="session")
async def wall(browser: Browser, house: House) -> AsyncIterator[Wall]:
    """Ben looks at the channel."""
    async with eyes(browser, house.url, timezone_id="Asia/Manila", locale="en-US") as screen:
        await screen.visit(BEN)
        yield Wall(house, screen)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


async def test_markup_is_shown_as_slack_shows_it(wall: Wall) -> None:
    """One line for each rule; what is no markup stays the letters that it is."""
    for source, shown in {
        "*bold* _italic_ ~struck~": "<strong>bold</strong> <em>italic</em> <s>struck</s>",
        "*bold _and italic_*": "<strong>bold <em>and italic</em></strong>",
        "2*3*4 a_b_c x~y~z": "2*3*4 a_b_c x~y~z",
        "* not bold * and *": "* not bold * and *",
        "`code *not bold* &lt;b&gt;`": "<code>code *not bold* &lt;b&gt;</code>",
        "```two\nlines```": "<pre><code>two\nlines</code></pre>",
        "&amp;lt; &lt;b&gt;x&lt;/b&gt; &amp;": "&amp;lt; &lt;b&gt;x&lt;/b&gt; &amp;",
        "<b>x</b>": '<button class="link" type="button" title="b">b</button>x'
        '<button class="link" type="button" title="/b">/b</button>',
        "&gt; quoted\nnot": "<blockquote>quoted</blockquote>not",
        ">quoted *too*": "<blockquote>quoted <strong>too</strong></blockquote>",
        "*across\nlines*": "*across\nlines*",
    }.items():
        assert await wall.markup(source) == shown, source


async def test_mentions_are_names_and_ones_own_stands_out(wall: Wall) -> None:
    """Ben must see at once that a card is about him."""
    html = await wall.markup("<@U0ANA> <@U0BEN> <#C0TREASURY> <!subteam^S0TREASURY> <!here>")
    row = wall.screen.page.locator("#chat .row").last

    assert await row.locator(".mention").all_inner_texts() == [
        "@Ana",
        "@Ben",
        "#treasury",
        "@treasury",
        "@here",
    ]
    assert await row.locator(".mention.me").all_inner_texts() == ["@Ben"]
    assert "U0NOBODY" in await wall.markup("<@U0NOBODY>")
    assert "<script" not in html


async def test_a_moment_is_told_in_the_zone_of_whoever_looks(wall: Wall) -> None:
    """The bot writes UTC seconds; a payer in Manila must read Manila's time."""
    at = datetime(2031, 5, 6, 18, 30, tzinfo=UTC)
    stamp = int(at.timestamp())
    cases = {
        "{date_num} {time}": "2031-05-07 02:30",
        "{date_short}": "May 7, 2031",
        "{date_long}": "Wednesday, May 7, 2031",
        "{date} {time_secs}": "May 7, 2031 02:30:00",
        "{date_short_pretty} at {time}": "May 7, 2031 at 02:30",
        "{unknown}": "{unknown}",
    }
    for shape, shown in cases.items():
        assert shown in await wall.markup(f"<!date^{stamp}^{shape}|2031-05-06 18:30 UTC>")
    assert "later" in await wall.markup("<!date^soon^{time}|later>")
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    html = await wall.markup(f"<!date^{int(tomorrow.timestamp())}^{{date_short_pretty}}|x>")
    assert "tomorrow" in html


async def test_hostile_text_stays_text(wall: Wall) -> None:
    """Reasons and vendors' messages are other people's words."""
    evil = '<img src=x onerror="window.evil=1"> <script>window.evil=1</script>'
    row = await wall.shows(
        {"type": "section", "text": plain(evil)},
        {"type": "section", "text": {"type": "mrkdwn", "text": evil}},
        {"type": "header", "text": plain(evil)},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": f"```{evil}```"}]},
        {"type": "image", "image_url": "javascript:window.evil=1", "alt_text": evil},
        {"type": "actions", "elements": [_button("evil", evil)]},
        {"type": evil},
        text=evil,
    )

    assert await row.locator("img, script").count() == 0
    assert await wall.screen.evaluate("() => window.evil") is None
    assert evil in await row.inner_text()


async def test_links_are_shown_and_lead_nowhere(wall: Wall) -> None:
    """The page can reach nothing real, not even by a click."""
    row = await wall.shows(
        text="see <https://kriptomat.io/x?a=1&amp;b=2|their page> or https://a.example/b."
    )
    links = row.locator("button.link")
    assert await links.all_inner_texts() == ["their page", "https://a.example/b"]
    await links.first.click()

    await expect(wall.screen.page.locator(".toast")).to_contain_text("kriptomat.io/x?a=1&b=2")
    assert await row.locator("a").count() == 0
    assert len(wall.screen.page.context.pages) == 1


async def test_what_the_page_cannot_draw_is_said_and_shown(wall: Wall) -> None:
    """A block that is silently left out would make the playground a liar."""
    video = {"type": "video", "title": plain("A film"), "video_url": "https://a.example/v"}
    row = await wall.shows(
        video,
        {"type": "divider"},
        {"type": "actions", "elements": [{"type": "rich_thing", "action_id": "r"}]},
    )

    await expect(row.locator(".unknown").first).to_contain_text("“video”")
    await row.locator("summary").first.click()
    await expect(row.locator(".unknown").first).to_contain_text("https://a.example/v")
    await expect(row.locator(".unknown").last).to_contain_text("“rich_thing”")
    assert await row.locator("hr").count() == 1


async def test_a_picture_is_described_and_not_loaded(wall: Wall) -> None:
    """With its words, as whoever cannot see it gets it."""
    picture = {"type": "image", "image_url": "https://a.example/p.png", "alt_text": "A rising line"}
    row = await wall.shows({**picture, "title": plain("The price")})

    await expect(row.get_by_role("img", name="A rising line")).to_contain_text("A rising line")
    await expect(row).to_contain_text("The price")


async def test_fields_stand_in_two_columns(wall: Wall) -> None:
    """As on every card."""
    fields = [{"type": "mrkdwn", "text": f"*{one}*\nvalue"} for one in "abcd"]
    row = await wall.shows({"type": "section", "fields": fields})
    boxes = [await one.bounding_box() for one in await row.locator(".field").all()]
    places = [(box["x"], box["y"]) for box in boxes if box]

    assert places[0][0] == places[2][0] < places[1][0] == places[3][0]
    assert places[0][1] == places[1][1] < places[2][1] == places[3][1]


async def test_everything_that_can_be_chosen_tells_the_bot_what_was_chosen(wall: Wall) -> None:
    """Selects, radio buttons, checkboxes, overflow: each has its own shape in the payload."""
    options = [{"text": plain(one), "value": one.lower()} for one in ("Snooze", "Skip")]
    elements = [
        {"type": "static_select", "action_id": "s", "options": options},
        {"type": "radio_buttons", "action_id": "r", "options": options},
        {"type": "checkboxes", "action_id": "c", "options": options},
        {"type": "users_select", "action_id": "u"},
        {"type": "datepicker", "action_id": "d", "initial_date": "2031-01-01"},
        {"type": "overflow", "action_id": "o", "options": options},
    ]
    row = await wall.shows({"type": "actions", "block_id": "all", "elements": elements})
    before = len(wall.pressed())
    await row.locator("select").first.select_option("skip")
    await row.locator("input[type=radio]").first.check()
    await row.locator("input[type=checkbox]").last.check()
    await row.locator("select").last.select_option("U0CLEO")
    await row.get_by_role("button", name="More actions").click()
    await expect(row.get_by_role("menuitem").first).to_be_focused()
    await wall.screen.page.keyboard.press("ArrowDown")
    await wall.screen.page.keyboard.press("Enter")
    await wall.slack.wait_for(lambda _: len(wall.pressed()) >= before + 5, 30)

    told = {one["action_id"]: one for one in wall.pressed()[before:]}
    assert told["s"]["selected_option"]["value"] == "skip"
    assert told["r"]["selected_option"]["value"] == "snooze"
    assert [one["value"] for one in told["c"]["selected_options"]] == ["skip"]
    assert told["u"]["selected_user"] == "U0CLEO"
    assert told["o"]["selected_option"]["value"] == "skip"


async def test_a_form_with_every_kind_of_field_is_handed_in_as_filled(wall: Wall) -> None:
    """And what was typed stays when the bot changes the form meanwhile."""
    options = [{"text": plain(one), "value": one.lower()} for one in ("One", "Two")]
    elements: dict[str, Json] = {
        "text": {"type": "plain_text_input"},
        "long": {"type": "plain_text_input", "multiline": True, "initial_value": "as it was"},
        "number": {"type": "number_input", "is_decimal_allowed": True},
        "select": {"type": "static_select", "options": options},
        "radio": {"type": "radio_buttons", "options": options},
        "many": {"type": "checkboxes", "options": options, "initial_options": options[:1]},
        "date": {"type": "datepicker"},
        "time": {"type": "timepicker"},
    }
    blocks = [
        {
            "type": "input",
            "block_id": name,
            "label": plain(f"The {name}"),
            "hint": plain(f"Hint of {name}"),
            "element": {**one, "action_id": name},
        }
        for name, one in elements.items()
    ]
    source = {
        "type": "modal",
        "callback_id": "x",
        "title": plain("All fields"),
        "submit": plain("Go"),
    }
    view = make_view(wall.slack.workspace, BEN, {**source, "blocks": blocks})
    dialog = wall.screen.page.get_by_role("dialog", name="All fields")
    await dialog.get_by_label("The text").fill("typed")
    await dialog.get_by_label("The number").fill("1.5")
    await dialog.get_by_label("The select").select_option("two")
    await dialog.get_by_label("Two").first.check()
    await dialog.get_by_label("The date").fill("2031-05-06")
    await dialog.get_by_label("The time").fill("09:30")
    view.source["title"] = plain("All fields, anew")
    wall.slack.workspace.changed.ring()
    dialog = wall.screen.page.get_by_role("dialog", name="All fields, anew")
    await expect(dialog.get_by_label("The text")).to_have_value("typed")
    seen = wall.slack.traffic.total
    await dialog.get_by_role("button", name="Go").click()
    await wall.slack.wait_for(lambda s: s.traffic.total > seen, 30)

    sent = next(one.payload for one in reversed(wall.slack.traffic) if one.name == "interactive")
    values = {name: one[name] for name, one in sent["payload"]["view"]["state"]["values"].items()}
    assert json.dumps(values["many"]["selected_options"]).count('"one"') == 1
    assert {name: one.get("value") for name, one in values.items() if "value" in one} == {
        "text": "typed",
        "long": "as it was",
        "number": "1.5",
    }
    assert values["select"]["selected_option"]["value"] == "two"
    assert values["radio"]["selected_option"]["value"] == "two"
    assert values["date"]["selected_date"] == "2031-05-06"
    assert values["time"]["selected_time"] == "09:30"
    await wall.slack.close_view(BEN, view)
    await expect(dialog).to_have_count(0)


def _button(action: str, label: str) -> Json:
    return {"type": "button", "action_id": action, "text": plain(label), "value": "1"}
