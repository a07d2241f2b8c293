"""From words to a date that buys by itself: the path that recurring purchases exist for."""

import json

from tests.recurring.office import WEEKLY, Office
from tests.stage import ANA


async def test_it_is_shown_created_approved_once_and_buys_on_each_date(office: Office) -> None:
    """The whole of it, with the dates seen before anything is made."""
    outcome = await office.say(ANA, WEEKLY)
    shown = outcome.ack_message
    assert shown is not None
    assert "Fri 4 Dec 2026 9:00, Fri 11 Dec 2026 9:00, Fri 18 Dec 2026 9:00" in shown.text
    assert "204.00 EUR" in shown.text
    assert "Europe/Ljubljana" in shown.text
    assert await office.rows("SELECT * FROM schedules") == []

    card = await office.running()
    await office.clock_at("2026-12-04 08:00:01")
    await office.until_cards(1)
    await office.clock_at("2026-12-11 08:00:01")
    cards = await office.until_cards(2)

    assert len(office.kriptomat.purchases) == 2
    bodies = [json.loads(post.body) for post in office.kriptomat.posts]
    assert {body["amount"] for body in bodies} == {"50.00"}
    assert len({body["idempotency_key"] for body in bodies}) == 2
    assert "approved with all of REC-" in cards[0].plain()
    assert "Fri 4 Dec 2026 9:00" in cards[0].plain()
    await office.until_shown(card, "2 ordered")
