"""Block Kit and Slack's markup in the browser: as Slack shows them, and nothing left out."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.playground.furniture import BEN, CHANNEL
from tests.page.conftest import House
from tests.page.screen import eyes
from tests.page.wall import Wall, plain

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def wall(browser: Browser, house: House) -> AsyncIterator[Wall]:
    """Ben looks at the channel."""
    async with eyes(browser, house.url, timezone_id="Asia/Manila", locale="en-US") as screen:
        await screen.visit(BEN)
        yield Wall(house, screen)


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


BUTTON = {"type": "button", "action_id": "evil", "value": "1"}


async def test_hostile_text_stays_text(wall: Wall) -> None:
    """Reasons and vendors' messages are other people's words."""
    evil = '<img src=x onerror="window.evil=1"> <script>window.evil=1</script>'
    row = await wall.shows(
        {"type": "section", "text": plain(evil)},
        {"type": "section", "text": {"type": "mrkdwn", "text": evil}},
        {"type": "header", "text": plain(evil)},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": f"```{evil}```"}]},
        {"type": "image", "image_url": "javascript:window.evil=1", "alt_text": evil},
        {"type": "actions", "elements": [BUTTON | {"text": plain(evil)}]},
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


async def test_a_button_stays_under_the_mouse_while_the_lines_above_it_change(wall: Wall) -> None:
    """A card is edited while somebody presses: a new button in its place would lose the press."""
    actions = {
        "type": "actions",
        "block_id": "decide",
        "elements": [BUTTON | {"text": plain("Go")}],
    }
    state = {"type": "section", "block_id": "state", "text": plain("Pending")}
    row = await wall.shows(state, actions)
    button = row.get_by_role("button", name="Go")
    before = await button.element_handle()
    await button.focus()
    message = wall.slack.messages(CHANNEL)[-1]
    wall.slack.workspace.rewrite(message, "fallback", [state | {"text": plain("Done")}, actions])

    await expect(row).to_contain_text("Done")
    await expect(button).to_be_focused()
    assert await button.evaluate("(now, before) => now === before", before)


async def test_fields_stand_in_two_columns(wall: Wall) -> None:
    """As on every card."""
    fields = [{"type": "mrkdwn", "text": f"*{one}*\nvalue"} for one in "abcd"]
    row = await wall.shows({"type": "section", "fields": fields})
    boxes = [await one.bounding_box() for one in await row.locator(".field").all()]
    places = [(box["x"], box["y"]) for box in boxes if box]

    assert places[0][0] == places[2][0] < places[1][0] == places[3][0]
    assert places[0][1] == places[1][1] < places[2][1] == places[3][1]
