"""Approvals age: they expire or stop being valid, and people are asked again, not for ever."""

from bot.playground.messages import Message
from commands.cards import EDIT
from tests.stage import ANA, BEN, CLEO, Stage, order_of, state_of


async def held_by_an_absent_vendor(stage: Stage) -> Message:
    """An approved order that waits because Kriptomat is away."""
    await stage.kriptomat.stop()
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.slack.wait_for(lambda _: "Waiting to be sent" in card.text)
    assert "; after that, people are asked anew" in card.text, "an approval ages, and says so"
    return card


async def back_again(stage: Stage) -> None:
    """Kriptomat answers again, at the same address."""
    await stage.kriptomat.start(port=int(stage.kriptomat.base_url.rsplit(":", 1)[1]))


async def newest_after(stage: Stage, card: Message) -> Message:
    """The card that has taken this one's place."""
    await stage.slack.wait_for(lambda _: stage.cards()[-1] is not card)
    return stage.cards()[-1]


async def test_an_order_that_nobody_decided_expires_and_buys_nothing(stage: Stage) -> None:
    """Silence is not a yes."""
    card = await stage.asked()
    snapshot = card.snapshot()

    await stage.move_clock(hours=9)
    await stage.until(card, "expired")

    assert "Too few people approved it by <!date^" in card.text
    assert [one["action_id"] for one in card.buttons()] == [EDIT]
    answer = await stage.click(BEN, card, "Approve", stale=snapshot)
    assert "expired" in answer
    assert stage.kriptomat.posts == []
    await stage.slack.wait_for(lambda _: stage.thread(card))


async def test_a_vote_after_the_deadline_does_not_count_even_before_the_clock_has_noticed(
    stage: Stage,
) -> None:
    """The deadline on the card is the truth, not the moment at which a timer fires."""
    card = await stage.asked()
    stage.clock.move(hours=9)

    answer = await stage.click(BEN, card, "Approve")
    await stage.until(card, "expired")

    assert "expired" in answer
    assert stage.kriptomat.posts == []


async def test_an_order_waits_for_an_absent_vendor_says_so_and_is_bought_once(
    stage: Stage,
) -> None:
    """Kriptomat unreachable is late, not lost."""
    card = await held_by_an_absent_vendor(stage)
    assert state_of(card) == "approved"
    assert "I keep trying" in card.text

    await back_again(stage)
    await stage.move_clock(minutes=3)
    await stage.until(card, "completed", timeout=10)

    assert len(stage.kriptomat.purchases) == 1


async def test_an_approval_that_was_not_used_in_time_is_asked_for_again(stage: Stage) -> None:
    """People approved a purchase now, not at some time."""
    old = await held_by_an_absent_vendor(stage)
    await stage.move_clock(minutes=61)
    fresh = await newest_after(stage, old)
    await back_again(stage)

    assert state_of(fresh) == "pending_approval"
    assert "not used in time" in fresh.text
    await stage.slack.wait_for(lambda _: old.buttons() == [])
    assert "newer card" in old.text
    assert stage.kriptomat.posts == []

    stale = await stage.click(CLEO, old, "Approve", stale=old.history[0])
    assert "not the present card" in stale
    answer = await stage.click(BEN, fresh, "Approve")
    await stage.until(fresh, "completed", timeout=10)
    assert "decides" in answer
    assert len(stage.kriptomat.purchases) == 1
    (row,) = await stage.rows("SELECT revision FROM orders WHERE id = ?", order_of(fresh))
    assert row["revision"] == 1


async def test_people_are_asked_again_twice_and_then_the_order_is_cancelled(stage: Stage) -> None:
    """Asking for ever would be nagging for a purchase that nobody can make."""
    card = await held_by_an_absent_vendor(stage)
    for _ in range(2):
        await stage.move_clock(minutes=61)
        fresh = await newest_after(stage, card)
        await stage.click(BEN, fresh, "Approve")
        await stage.slack.wait_for(lambda _, fresh=fresh: "Waiting to be sent" in fresh.text)  # type: ignore[misc]
        card = fresh

    await stage.move_clock(minutes=61)
    await stage.until(card, "cancelled")

    assert len(stage.cards()) == 3
    assert stage.kriptomat.posts == []


async def test_a_purchase_that_settles_later_is_followed_until_it_is_final(stage: Stage) -> None:
    """PENDING, then SUCCESS: the card says each in its turn."""
    stage.kriptomat.book.settle = "never"
    card = await stage.asked(ANA)
    await stage.click(BEN, card, "Approve")
    await stage.slack.wait_for(lambda _: "PENDING" in card.plain())
    assert state_of(card) == "accepted"

    stage.kriptomat.settle_now(1, "SUCCESS")
    await stage.move_clock(minutes=11)
    await stage.until(card, "completed")

    assert "SUCCESS" in card.plain()
    assert "0.00378086 BTC" in card.text


async def test_a_purchase_that_the_vendor_reports_as_failed_is_told_loudly(stage: Stage) -> None:
    """ERROR after acceptance."""
    stage.kriptomat.book.settle = "error"
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")

    await stage.until(card, "failed")

    await stage.slack.wait_for(lambda _: stage.thread(card))
    assert "<@U0ANA>" in stage.thread(card)[0]


async def test_an_unknown_word_of_the_vendor_is_shown_and_not_final(stage: Stage) -> None:
    """A word that we do not know must not end an order either way."""
    stage.kriptomat.faults.standing("list", "unknown word")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.slack.wait_for(lambda _: "Kriptomat says" in card.plain())
    assert state_of(card) == "accepted"

    stage.kriptomat.faults.clear()
    await stage.move_clock(minutes=11)
    await stage.until(card, "completed")


async def test_a_total_that_differs_from_the_approved_one_is_said_loudly(stage: Stage) -> None:
    """The money has moved; hiding the difference would not bring it back."""
    stage.kriptomat.faults.standing("list", "wrong total")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")

    await stage.until(card, "completed")

    assert "Attention" in card.plain()
    assert "approved was 250.00 EUR" in card.plain()
