"""What recurs in the home tab: voted on as on its card, and changed as there."""

from commands.words.home import MINE, RECURRING
from tests.journeys.test_home import labels, looked
from tests.recurring.office import Office
from tests.recurring.test_envelopes import id_of
from tests.stage import BEN, CLEO


async def test_what_recurs_is_paused_and_resumed_at_home(office: Office) -> None:
    """Whoever tidies up sees all of it in one place, with the same buttons as its card."""
    card = await office.running()
    view = await looked(office, BEN)
    assert id_of(card) in view.plain().partition(RECURRING)[2]
    assert labels(view) == ["Pause", "Skip the next", "Stop"]

    await office.slack.click(BEN, view, "Pause")
    await office.patiently(lambda _: labels(view) == ["Resume", "Stop"])

    assert labels(await looked(office, CLEO)) == ["Resume", "Stop"]


async def test_what_recurs_can_be_approved_at_home(office: Office) -> None:
    """It is shown there as its card is, total included, since the vote is for all of it."""
    card = await office.proposed()
    view = await looked(office, BEN)
    assert "All of it at most" in view.plain().partition(MINE)[0]

    await office.slack.click(BEN, view, "Approve")
    await office.until_state(card, "active")
