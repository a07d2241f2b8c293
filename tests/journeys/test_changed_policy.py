"""What was shown is no longer so: votes are void, and people read which field has changed."""

from pathlib import Path

import pytest

from bot.domain.people import Standing
from bot.playground.messages import Message
from tests.journeys.coins import with_coins
from tests.journeys.evidence import newest_after, order_row
from tests.stage import ANA, BEN, CHANNEL, CLEO, FAY, TOML, Stage, order_of, staged, state_of


async def restarted(stage: Stage, old: str, new: str) -> None:
    """The configuration is read at start only: change it, and start the bot anew."""
    await stage.stop_bot()
    assert old in stage.toml, "it has to be there to be changed"
    stage.toml = stage.toml.replace(old, new, 1)
    await stage.start_bot()


async def voters(stage: Stage, card: Message, revision: int) -> list[str]:
    rows = await stage.rows(
        "SELECT voter FROM votes WHERE order_id = ? AND revision = ?", order_of(card), revision
    )
    return [row["voter"] for row in rows]


async def test_a_changed_rule_is_found_at_start_and_asked_about_anew(stage: Stage) -> None:
    """Nobody has to click on a card that is no longer true to learn that."""
    card = await stage.asked(ANA, "700 EUR btc")

    await restarted(stage, 'up_to = "1000 EUR"', 'up_to = "900 EUR"')
    fresh = await newest_after(stage, card)
    await stage.slack.wait_for(lambda _: stage.thread(fresh))

    assert "rule small: up to 1,000.00 EUR → 900.00 EUR" in fresh.plain()
    assert f"<@{BEN}>" in stage.thread(fresh)[0]
    assert "up to 1,000.00 EUR → 900.00 EUR" in stage.thread(fresh)[0].replace("&gt;", ">")
    await stage.slack.wait_for(lambda _: not card.buttons())
    assert "decides" in await stage.click(BEN, fresh, "Approve")
    await stage.until(fresh, "completed")
    assert len(stage.kriptomat.purchases) == 1


async def test_votes_for_the_old_rule_are_void_after_the_change(stage: Stage) -> None:
    """Ben agreed to a rule that needs two; that the new one needs three is another question."""
    card = await stage.asked(ANA, "5000 EUR btc for rent")
    await stage.click(BEN, card, "Approve")

    await restarted(stage, "count = 2", "count = 3")
    fresh = await newest_after(stage, card)

    assert "rule large: needs 2 from approvers → 3 from approvers" in fresh.plain()
    assert "0 of 3 approvals" in fresh.text
    assert await voters(stage, fresh, revision=1) == []
    for who in (BEN, CLEO):
        assert "counts" in await stage.click(who, fresh, "Approve")
    assert "decides" in await stage.click(FAY, fresh, "Approve")


async def test_more_fees_than_people_were_told_are_asked_about(stage: Stage) -> None:
    """The most that may leave the treasury stands on the card, so a vote is for that figure."""
    card = await stage.asked()

    await restarted(stage, 'fee_allowance = "2%"', 'fee_allowance = "5%"')
    fresh = await newest_after(stage, card)

    assert "costs at most 255.00 EUR → 262.50 EUR" in fresh.plain()
    assert "262.50 EUR, fees included" in fresh.plain()


async def test_another_account_than_people_were_told_is_asked_about(stage: Stage) -> None:
    """Whoever can write the configuration must not redirect what was approved."""
    card = await stage.asked()
    assert "Kriptomat's user 1" in card.plain()

    await restarted(stage, 'user_id = "1"', 'user_id = "2"')
    fresh = await newest_after(stage, card)

    assert "credited Kriptomat's user 1 → Kriptomat's user 2" in fresh.plain()


async def test_an_address_that_was_changed_behind_its_name_voids_the_votes(tmp_path: Path) -> None:
    """``to cold`` reads the same; the coins would go elsewhere."""
    first, other = (
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
        "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
    )
    async with with_coins(tmp_path) as (stage, _):
        card = await stage.asked(ANA, "5000 PHP btc via coins to cold")
        assert f"cold: {first}" in card.plain()

        await restarted(stage, first, other)
        fresh = await newest_after(stage, card)

        assert f"credited {first} → {other}" in fresh.plain()


async def test_what_no_rule_allows_any_more_is_cancelled_and_says_why(stage: Stage) -> None:
    """An order that can never be sent must not go on asking people for their time."""
    card = await stage.asked(ANA, "700 EUR btc")

    stage.toml = stage.toml.replace('up_to = "20000 EUR"', 'up_to = "200 EUR"')
    await restarted(stage, 'up_to = "1000 EUR"', 'up_to = "100 EUR"')
    await stage.until(card, "cancelled")

    assert "the policy no longer allows it" in card.text
    assert "rule large allows up to 200.00 EUR, it may cost 714.00 EUR" in card.text
    assert stage.kriptomat.posts == []


async def test_the_time_to_decide_begins_anew_once_and_no_more(stage: Stage) -> None:
    """Else somebody could keep a request alive for ever by changing the policy."""
    card = await stage.asked(ANA, "700 EUR btc")
    asked = await order_row(stage, card)

    stage.clock.move(hours=7)
    await restarted(stage, 'up_to = "1000 EUR"', 'up_to = "900 EUR"')
    first = await order_row(stage, card)
    stage.clock.move(hours=1)
    await restarted(stage, 'up_to = "900 EUR"', 'up_to = "800 EUR"')
    second = await order_row(stage, card)

    assert first["expires_at"] > asked["expires_at"]
    assert second["expires_at"] == first["expires_at"]
    assert second["revision"] == 2


async def test_who_asked_and_has_left_is_not_bought_for(stage: Stage) -> None:
    """The clock reads who is who; a card of somebody who is gone does not wait for a click."""
    card = await stage.asked()
    stage.slack.workspace.people[ANA].deleted = True

    await stage.until_known(ANA, Standing.DEACTIVATED)
    await stage.until(card, "cancelled")

    assert "who asked for it is deactivated" in card.text


async def test_an_order_that_those_who_are_left_cannot_approve_is_cancelled(stage: Stage) -> None:
    """It would wait for votes that cannot come, and expire without a reason."""
    card = await stage.asked()
    stage.slack.workspace.people[BEN].deleted = True
    stage.slack.workspace.groups["S0TREASURY"].people[:] = []

    await stage.until_known(BEN, Standing.DEACTIVATED)
    await stage.until(card, "cancelled")

    assert "rule small needs 1 from approvers more than there are" in card.text


async def test_newcomers_do_not_take_the_place_of_those_who_left(stage: Stage) -> None:
    """Enough approvers exist, but not enough of those who could decide when it was asked."""
    stage.slack.workspace.add_person("U0GUS", "Gus")
    stage.slack.workspace.channels[CHANNEL].members.append("U0GUS")
    card = await stage.asked()
    stage.slack.workspace.people[BEN].deleted = True
    stage.slack.workspace.groups["S0TREASURY"].people[:] = ["U0GUS"]

    await stage.until_known("U0GUS", Standing.MEMBER, group="S0TREASURY")
    await stage.until(card, "cancelled")

    assert "too few of those who could approve it then are left" in card.text


async def test_a_click_meets_a_change_that_the_clock_has_not_seen_yet(tmp_path: Path) -> None:
    """Ana left the buyers a moment ago: the click is told, and the order goes another way."""
    toml = TOML.replace('buyers = ["U0ANA", ', 'buyers = ["S0BUYERS", ')
    stage = Stage(tmp_path, toml=toml)
    await stage.open()
    stage.slack.workspace.add_group("S0BUYERS", "buyers", [ANA])
    try:
        bot = await stage.start_bot()
        card = await stage.asked()
        stage.slack.workspace.groups["S0BUYERS"].people[:] = []
        await bot.desk.directory.confirm([], ["S0BUYERS"])
        stage.clock.move(minutes=2)
        await bot.desk.directory.confirm([], ["S0BUYERS"])

        answer = await stage.click(BEN, card, "Approve")
        await stage.until(card, "cancelled")

        assert "cannot count: the policy no longer allows it" in answer
        assert "who asked for it is not among them" in answer
        assert await voters(stage, card, revision=0) == []
    finally:
        await stage.close()


async def test_who_may_ask_is_read_again_before_money_moves(tmp_path: Path) -> None:
    """The requester's group is Slack's: approved a minute ago, and left since."""
    toml = TOML.replace('buyers = ["U0ANA", ', 'buyers = ["S0BUYERS", ')
    stage = Stage(tmp_path, toml=toml)
    await stage.open()
    stage.slack.workspace.add_group("S0BUYERS", "buyers", [ANA])
    try:
        await stage.start_bot()
        await stage.kriptomat.stop()
        card = await stage.asked()
        await stage.click(BEN, card, "Approve")
        await stage.slack.wait_for(lambda _: "Waiting to be sent" in card.text)
        stage.slack.workspace.groups["S0BUYERS"].people[:] = []
        await stage.kriptomat.start(port=int(stage.kriptomat.base_url.rsplit(":", 1)[1]))
        await stage.move_clock(minutes=3)
        await stage.until(card, "cancelled")

        assert "the policy no longer allows it" in card.text
        assert stage.kriptomat.posts == []
    finally:
        await stage.close()


@pytest.mark.parametrize("decided", [False, True])
async def test_a_smaller_drift_than_people_were_shown_asks_again(
    tmp_path: Path, *, decided: bool
) -> None:
    """Before the votes at start, after them at sending: the band on the card is what counts."""
    toml = TOML.replace('valid_for = "1h"', 'valid_for = "1h"\nmax_price_drift = "3%"')
    async with staged(tmp_path, toml=toml + 'quote = "exchange-rate"\n') as stage:
        card = await stage.asked()
        if decided:
            await stage.say(BEN, "freeze wait")
            await stage.click(BEN, card, "Approve")
            await stage.until(card, "approved")

        await restarted(stage, 'max_price_drift = "3%"', 'max_price_drift = "1%"')
        if decided:
            await stage.say(BEN, "unfreeze")
            await stage.say(CLEO, "unfreeze")
        fresh = await newest_after(stage, card)

        assert "the price may rise by 3% → 1%" in fresh.plain()
        assert state_of(fresh) == "pending_approval"
        assert stage.kriptomat.posts == []
