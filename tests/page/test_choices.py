"""What is chosen, filled in and saved on the page reaches whom it should, as it was meant."""

import base64
import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.playground.files import File
from bot.playground.furniture import BEN, CHANNEL
from bot.playground.methods_views import make_view
from tests.page.conftest import House
from tests.page.screen import eyes
from tests.page.wall import Json, Wall, plain

pytestmark = pytest.mark.asyncio(loop_scope="session")


OPTIONS = [{"text": plain(one), "value": one.lower()} for one in ("One", "Two")]


@pytest_asyncio.fixture(loop_scope="session")
async def wall(browser: Browser, house: House) -> AsyncIterator[Wall]:
    """Ben looks at the channel."""
    async with eyes(browser, house.url, timezone_id="Asia/Manila", locale="en-US") as screen:
        await screen.visit(BEN)
        yield Wall(house, screen)


async def test_everything_that_can_be_chosen_tells_the_bot_what_was_chosen(wall: Wall) -> None:
    """Selects, radio buttons, checkboxes, overflow: each has its own shape in the payload."""
    elements = [
        {"type": "static_select", "action_id": "s", "options": OPTIONS},
        {"type": "radio_buttons", "action_id": "r", "options": OPTIONS},
        {"type": "checkboxes", "action_id": "c", "options": OPTIONS},
        {"type": "users_select", "action_id": "u"},
        {"type": "datepicker", "action_id": "d", "initial_date": "2031-01-01"},
        {"type": "overflow", "action_id": "o", "options": OPTIONS},
    ]
    row = await wall.shows({"type": "actions", "block_id": "all", "elements": elements})
    before = len(wall.pressed())
    await row.locator("select").first.select_option("two")
    await row.locator("input[type=radio]").first.check()
    await row.locator("input[type=checkbox]").last.check()
    await row.locator("select").last.select_option("U0CLEO")
    await row.get_by_role("button", name="More actions").click()
    await expect(row.get_by_role("menuitem").first).to_be_focused()
    await wall.screen.page.keyboard.press("ArrowDown")
    await wall.screen.page.keyboard.press("Enter")
    await wall.slack.wait_for(lambda _: len(wall.pressed()) >= before + 5, 30)

    told = {one["action_id"]: one for one in wall.pressed()[before:]}
    assert told["s"]["selected_option"]["value"] == "two"
    assert told["r"]["selected_option"]["value"] == "one"
    assert [one["value"] for one in told["c"]["selected_options"]] == ["two"]
    assert told["u"]["selected_user"] == "U0CLEO"
    assert told["o"]["selected_option"]["value"] == "two"


FIELDS: dict[str, Json] = {
    "text": {"type": "plain_text_input"},
    "long": {"type": "plain_text_input", "multiline": True, "initial_value": "as it was"},
    "number": {"type": "number_input", "is_decimal_allowed": True},
    "select": {"type": "static_select", "options": OPTIONS},
    "radio": {"type": "radio_buttons", "options": OPTIONS},
    "many": {"type": "checkboxes", "options": OPTIONS, "initial_options": OPTIONS[:1]},
    "date": {"type": "datepicker"},
    "time": {"type": "timepicker"},
}


def form() -> Json:
    """A form with a field of every kind."""
    blocks = [
        {
            "type": "input",
            "block_id": name,
            "label": plain(f"The {name}"),
            "hint": plain(f"Hint of {name}"),
            "element": {**one, "action_id": name},
        }
        for name, one in FIELDS.items()
    ]
    words = {"title": plain("All fields"), "submit": plain("Go")}
    return {"type": "modal", "callback_id": "x", **words, "blocks": blocks}


async def test_a_form_with_every_kind_of_field_is_handed_in_as_filled(wall: Wall) -> None:
    """And what was typed stays when the bot changes the form meanwhile."""
    view = make_view(wall.slack.workspace, BEN, form())
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


async def test_a_file_can_be_saved_and_a_picture_is_shown(wall: Wall) -> None:
    """Exports arrive as files in a conversation with the bot."""
    table = File(id="F8", ticket="8", name="may.csv", length=2048, alt_text="", title="May")
    dot = base64.b64decode("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==")
    chart = File(id="F9", ticket="9", name="c.gif", length=3, alt_text="A line", title="Chart")
    table.content, chart.content = b"a;b", dot
    message = wall.slack.workspace.post(CHANNEL, "", [])
    message.files = [table, chart]
    wall.slack.workspace.rewrite(message, "", [])
    row = wall.screen.page.locator(f'#chat [data-ts="{message.ts}"]')

    await expect(row.get_by_role("link")).to_contain_text("CSV · 2.0 kB")
    async with wall.screen.page.expect_download() as waiting:
        await row.get_by_role("link").click()
    assert (await waiting.value).suggested_filename == "may.csv"
    await expect(row.get_by_role("img", name="A line")).to_be_visible()
    assert await row.locator("img").evaluate("(image) => image.naturalWidth") == 1
