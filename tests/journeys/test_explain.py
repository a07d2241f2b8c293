"""``/buy explain`` and ``/buy policy``: why, by which rule, who may approve and who not."""

from pathlib import Path

from bot.domain.people import Standing
from commands.words.explaining import NOTHING, WHAT
from tests.journeys.money import limited
from tests.stage import ANA, BEN, CLEO, DAN, FAY, Stage, order_of


async def told(stage: Stage, user: str, text: str) -> str:
    """The private answer as somebody reads it."""
    answer = (await stage.say(user, text)).ack_message
    assert answer is not None, "a command is answered"
    return answer.plain()


async def test_words_are_explained_and_nothing_is_asked_for(tmp_path: Path) -> None:
    """What would happen: rules in order, people by name, what it leaves, the price."""
    async with limited(tmp_path) as stage:
        answer = await told(stage, ANA, "explain 250 EUR btc via kriptomat")

        assert "1. ✅ “small” fits and decides: 1,000.00 EUR at most" in answer
        assert "2. “large” is not looked at" in answer
        assert "Can vote: @Ben, @Cleo and @Fay." in answer
        assert "left after this one 745.00 EUR" in answer
        assert "no price protection" in answer
        assert answer.endswith(NOTHING)
        assert await stage.rows("SELECT id FROM orders") == []
        assert stage.cards() == []


async def test_words_that_would_be_refused_are_explained_as_the_refusal_tells_it(
    stage: Stage,
) -> None:
    """The four parts of the refusal, and every rule."""
    answer = await told(stage, BEN, "explain 5000 EUR btc")

    assert "As it stands it would be refused.\nRule “large” wants a reason." in answer
    assert "1. ✗ “small” allows up to 1,000.00 EUR; this may cost 5,100.00 EUR." in answer
    assert "2. ✅ “large” fits and decides" in answer
    assert await told(stage, BEN, "explain") == WHAT.replace("`", "")


async def test_an_order_tells_who_can_still_decide_it_and_who_not(stage: Stage) -> None:
    """Whoever asked for it or has left is named with the reason."""
    card = await stage.asked(CLEO)
    stage.slack.workspace.people[FAY].deleted = True
    await stage.until_known(FAY, Standing.DEACTIVATED)

    answer = await told(stage, ANA, f"explain {order_of(card)}")

    assert "is pending approval, asked for by @Cleo." in answer
    assert "Needed: 1 person from approvers. Can vote: @Ben." in answer
    assert "• @Cleo, who asked for it" in answer
    assert "• @Fay, deactivated" in answer


async def test_an_order_is_explained_to_its_requester_and_to_readers_alone(stage: Stage) -> None:
    """As its story is."""
    card = await stage.asked(BEN)
    assert "Guests" in await told(stage, DAN, f"explain {order_of(card)}")
    assert "1. ✅ “small”" in await told(stage, ANA, f"explain {order_of(card)}")
    assert "There is no order BUY-00000" in await told(stage, ANA, "explain BUY-00000")


async def test_the_whole_policy_can_be_read_in_slack(tmp_path: Path) -> None:
    """Rules in their order, budgets with what is left, who is in which group, times, freezes."""
    async with limited(tmp_path) as stage:
        await stage.say(BEN, "freeze only btc: a drill")
        answer = await told(stage, ANA, "policy")

        assert "1. small: Members of buyers may ask for up to 1,000.00 EUR" in answer
        assert "2 people from approvers must approve. It wants a reason." in answer
        assert "weekly: 1,000.00 EUR a week until" in answer
        assert "• approvers: @Ben, @Cleo and @Fay" in answer
        assert "people have 8 hours to decide and are reminded after 30 minutes" in answer
        assert "a drill" in answer
