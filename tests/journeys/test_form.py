"""``/buy`` alone opens a form: what it shows, what it refuses beside which field, and once."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.playground.slack import PretendSlack
from bot.playground.views import View
from commands.cards import EDIT
from commands.limits import validate_message
from commands.words import forms
from tests.journeys.coins import with_coins
from tests.stage import ANA, BEN, DAN, Stage


async def opened(stage: Stage, user: str = ANA, text: str = "") -> View:
    """Type it, and get the form."""
    return await (await stage.say(user, text)).opened()


async def typed(stage: Stage, view: View, user: str = ANA, **values: Any) -> str:
    """Fill in, the last one at last; what the preview says then."""
    before = view.hash
    field = list(values)[-1]
    await stage.slack.click(
        user, view, f"form_{field}", choose=values[field], values=filled(**values)
    )

    def redrawn(_: PretendSlack) -> bool:
        return view.hash != before

    await stage.slack.wait_for(redrawn)
    return preview(view)


def preview(view: View) -> str:
    """What stands below the fields."""
    (section,) = [block for block in view.blocks if block["block_id"] == "preview"]
    return str(section["text"]["text"])


def filled(**values: Any) -> dict[str, Any]:
    """A whole answer."""
    return {f"form_{name}": value for name, value in values.items()}


async def test_the_form_asks_as_the_words_do(stage: Stage) -> None:
    """Nobody has to know the words by heart; what comes of it is the same."""
    view = await opened(stage)
    assert preview(view) == forms.EMPTY
    assert validate_message(None, None, surface="modal", view=view.source) == []

    told = await typed(stage, view, reason="cold storage", amount="250")
    outcome = await stage.slack.submit(ANA, view, filled(amount="250", reason="cold storage"))
    await stage.slack.wait_for(lambda _: stage.cards())

    assert "Buy BTC for 250.00 EUR via Kriptomat" in told
    assert "255.00 EUR" in told
    assert "“small” decides: 1 person from approvers" in told
    assert outcome.view_errors == {}
    (card,) = stage.cards()
    assert "250.00 EUR" in card.text
    assert "cold storage" in card.plain()
    rows = await stage.rows("SELECT requester, origin FROM orders")
    assert rows == [{"requester": ANA, "origin": f"form:{view.id}"}]


async def test_the_preview_says_what_would_be_refused_before_anybody_is_asked(
    stage: Stage,
) -> None:
    """The other rule wants a reason; and past the last rule nothing helps."""
    view = await opened(stage)

    no_reason = await typed(stage, view, amount="5000")
    with_reason = await typed(stage, view, amount="5000", reason="a dip")
    too_much = await typed(stage, view, amount="50000")
    no_number = await typed(stage, view, amount="lots")

    assert no_reason.startswith(forms.NOT_NOW)
    assert "wants a reason" in no_reason
    assert "“large” decides: 2 people" in with_reason
    assert too_much.startswith(forms.NOT_NOW)
    assert "not an amount" in no_number
    assert await stage.rows("SELECT * FROM orders") == []


@pytest.mark.parametrize(
    ("values", "field", "says"),
    [
        ({"amount": "1,5"}, "amount", "point"),
        ({"amount": "5000"}, "reason", "reason"),
        ({"amount": "50000"}, "amount", "No rule"),
        ({"amount": "-3"}, "amount", "negative"),
    ],
)
async def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(
    stage: Stage, values: dict[str, str], field: str, says: str
) -> None:
    """The form stays open as it was typed."""
    view = await opened(stage)

    outcome = await stage.slack.submit(ANA, view, filled(**values))

    assert list(outcome.view_errors) == [field]
    assert says in outcome.view_errors[field]
    assert "*" not in outcome.view_errors[field]
    assert view.open
    kept = view.state["amount"]["form_amount"]["value"]
    assert kept == values["amount"]
    assert await stage.rows("SELECT * FROM orders") == []


async def test_two_quick_presses_make_one_order(stage: Stage) -> None:
    """The origin is the form itself."""
    view = await opened(stage)

    first = await stage.slack.submit(ANA, view, filled(amount="250"))
    again = await stage.slack.redeliver(first)

    assert again.acked
    assert await stage.rows("SELECT count(*) AS n FROM orders") == [{"n": 1}]


async def test_the_same_once_more_has_to_be_said_twice(stage: Stage) -> None:
    """As with words: within ten minutes it may be a mistake; a changed form is a new question."""
    await stage.asked(ANA, "250 EUR btc via kriptomat")
    view = await opened(stage)

    await stage.slack.submit(ANA, view, filled(amount="250"))
    asked_back = preview(view)
    assert "You asked for the same" in asked_back
    assert view.source["submit"]["text"] == forms.AGAIN
    assert await stage.rows("SELECT count(*) AS n FROM orders") == [{"n": 1}]
    await stage.slack.submit(ANA, view, filled(amount="250"))
    await stage.slack.wait_for(lambda _: len(stage.cards()) == 2)

    assert await stage.rows("SELECT count(*) AS n FROM orders") == [{"n": 2}]


async def test_a_guest_gets_a_sentence_and_no_form(stage: Stage) -> None:
    """A form that could not be handed in would be a trap."""
    outcome = await stage.say(DAN, "")

    assert "Guests" in (outcome.text or "")
    assert outcome.view is None


@pytest.mark.parametrize("trouble", ["expired_trigger_id", "503", "reset", "hang"])
async def test_a_form_that_slack_does_not_open_is_told_in_time(stage: Stage, trouble: str) -> None:
    """Slack gives three seconds; after them nothing would happen and nobody would know."""
    faults = stage.slack.faults
    match trouble:
        case "503":
            faults.status(503, "views.open")
        case "reset":
            faults.reset("views.open")
        case "hang":
            faults.hang("views.open")
        case word:
            faults.error(word, "views.open")

    outcome = await stage.say(ANA, "")

    assert outcome.text == forms.STALE


async def test_a_refusal_can_be_edited_and_sent_again(stage: Stage) -> None:
    """Whoever forgot the reason types one field, not the whole command."""
    outcome = await stage.say(ANA, "5000 EUR btc via kriptomat max 65000")
    refusal = await outcome.answer()
    view = await (await stage.slack.click(ANA, refusal, EDIT)).opened()
    assert "wants a reason" in preview(view)

    outcome = await stage.slack.submit(ANA, view, filled(reason="a dip"))
    assert outcome.view_errors == {}
    await stage.slack.wait_for(lambda _: stage.cards())

    rows = await stage.rows("SELECT spend_amount, reason FROM orders")
    assert rows == [{"spend_amount": "5000.00", "reason": "a dip"}]


async def test_quick_changes_end_with_the_last_one(stage: Stage) -> None:
    """Typing is faster than drawing; the preview must not be that of a letter before."""
    view = await opened(stage)
    presses = [
        stage.slack.click(ANA, view, "form_amount", choose=text, values={"form_amount": text})
        for text in ("1", "12", "123")
    ]
    await asyncio.gather(*presses)

    await stage.slack.wait_for(lambda _: "123.00 EUR" in preview(view))


async def test_what_was_typed_before_the_last_drawing_was_seen_is_drawn_as_well(
    stage: Stage,
) -> None:
    """It is on its way while the drawing comes: its letter would be missing until the next one."""
    view = await opened(stage)
    before = view.hash
    await typed(stage, view, amount="27")
    unaware = replace(view, hash=before)
    await stage.slack.click(
        ANA, unaware, "form_amount", choose="274.25", values={"form_amount": "274.25"}
    )

    await stage.slack.wait_for(lambda _: "274.25 EUR" in preview(view))


async def test_a_form_that_was_closed_meanwhile_is_let_go(stage: Stage) -> None:
    """The answer of Slack is noted and nothing else happens."""
    view = await opened(stage)
    stage.slack.faults.error("not_found", "views.update")
    await stage.slack.click(ANA, view, "form_amount", choose="5", values={"form_amount": "5"})
    told = await typed(stage, view, amount="7")

    assert "7.00 EUR" in told


async def test_each_provider_has_the_fields_that_it_needs(tmp_path: Path) -> None:
    """What cannot be answered is not asked; choosing another provider keeps what was typed."""
    async with with_coins(tmp_path) as (stage, _):
        view = await opened(stage, BEN)
        first = {block["block_id"] for block in view.blocks}
        await typed(stage, view, BEN, amount="250", provider="coins_ph")
        second = {block["block_id"] for block in view.blocks}
        told = await typed(stage, view, BEN, amount="5000")
        outcome = await stage.slack.submit(BEN, view, filled(amount="5000"))
        await stage.slack.wait_for(lambda _: stage.cards())

    assert first == {
        "provider", "asset_kriptomat", "amount", "unit_kriptomat", "reason", "preview",
    }  # fmt: skip
    assert {"asset_coins_ph", "unit_coins_ph", "max", "outlet"} <= second
    assert "5,000.00 PHP" in told
    assert outcome.view_errors == {}


async def test_an_order_that_ended_unsent_can_be_edited_and_sent_again(stage: Stage) -> None:
    """What was too much is asked for again as less, without typing all of it."""
    card = await stage.asked(ANA, "250 EUR btc via kriptomat for cold storage")
    await stage.click(ANA, card, "Cancel")
    await stage.until(card, "cancelled")

    view = await (await stage.slack.click(BEN, card, EDIT)).opened()
    outcome = await stage.slack.submit(BEN, view, filled(amount="100"))
    await stage.slack.wait_for(lambda _: len(stage.cards()) == 2)

    assert outcome.view_errors == {}
    rows = await stage.rows(
        "SELECT requester, spend_amount, reason FROM orders ORDER BY created_at"
    )
    assert rows[1] == {"requester": BEN, "spend_amount": "100.00", "reason": "cold storage"}


async def test_what_was_sent_offers_no_second_try(stage: Stage) -> None:
    """What became of it may not be known for certain; a button would say that it is."""
    stage.kriptomat.faults.next("buy", "refused")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "rejected")

    assert card.buttons() == []
