"""What people type and are told: requests, refusals, status, lists; private, and nothing else."""

import pytest

from storage import audit
from tests.stage import ANA, BEN, CLEO, DAN, EVE, FAY, Stage, order_of, state_of

REFUSED = {
    "250 EUR btc vai kriptomat": "Did you mean `via`?",
    "1.250,50 EUR btc": "`1,250.50`",
    "-5 EUR btc": "cannot be negative",
    "250.005 EUR btc": "more decimals than can be paid",
    "250 EUX btc": "`EUR`",
    "250 EUR": "What should the money buy?",
    "250 EUR doge via kriptomat": "does not offer DOGE",
    "250 USD btc via kriptomat": "cannot be paid in USD",
    "0.005 btc in eur via kriptomat": "takes an amount of money",
    "250 EUR btc via krptomat": "Did you mean `via kriptomat`?",
    "25 USD usdc via oak": "not set up for this team",
    "250 EUR btc max 65000": "tells none before buying",
    "5000 EUR btc via kriptomat": "wants a reason",
    "50000 EUR btc via kriptomat for fun": "No rule of the policy allows this",
    "250 EUR btc using bdo_deposit": "no payment outlets",
    "250 EUR btc to cold": "has no target",
    "every friday at 9:00 50 EUR btc": "needs an end",
    "freeze": "This froze and lifted nothing",
    "freeze only doge: no": "no provider or asset called",
    "freeze we are phished": "Only approvers can freeze",
    "unfreeze": "Only approvers can freeze",
    "buy 250 EUR btc": "leave out the second",
    "status BUY-ZZZZZ": "There is no order BUY-ZZZZZ",
    "cancel BUY-ZZZZZ": "There is no order BUY-ZZZZZ here. Check the number: `/buy list all`",
    "explain BUY-ZZZZZ": "There is no order BUY-ZZZZZ",
    "schedules REC-ZZZZZ": "There is no schedule REC-ZZZZZ",
    "pause REC-ZZZZZ": "There is no schedule REC-ZZZZZ here. Check the number: `/buy schedules`",
    "stop REC-ZZZZZ": "There is no schedule REC-ZZZZZ",
    "cancel": "This cancelled nothing",
    "help nonsense": "There is no help on *nonsense*. Topics: `buy`",
}
"""What is typed, and a part of the private answer."""


@pytest.mark.parametrize("words", REFUSED)
async def test_what_cannot_be_done_is_refused_privately_with_the_reason(
    stage: Stage, words: str
) -> None:
    """Nothing is written down, nothing is posted, and the sentence says what would do."""
    outcome = await stage.say(ANA, words)

    assert outcome.text is not None
    assert REFUSED[words] in outcome.text
    assert await stage.rows("SELECT id FROM orders") == []
    assert stage.cards() == []


async def test_guests_and_people_of_other_companies_cannot_ask(stage: Stage) -> None:
    """They may be in the channel; they are not of the team."""
    guest, stranger = await stage.say(DAN, "250 EUR btc"), await stage.say(EVE, "250 EUR btc")

    assert guest.text is not None
    assert stranger.text is not None
    assert "Guests" in guest.text
    assert "belongs to another one" in stranger.text
    assert await stage.rows("SELECT id FROM orders") == []


async def test_a_requester_without_enough_other_approvers_is_told_who_is_missing(
    stage: Stage,
) -> None:
    """Ben is an approver; without Cleo and Fay nobody else could approve his order."""
    await stage.stop_bot()
    stage.slack.workspace.groups["S0TREASURY"].people.clear()
    await stage.start_bot()

    outcome = await stage.say(BEN, "250 EUR btc")

    assert outcome.text is not None
    assert "Missing: 1 person from approvers. Cannot vote:" in outcome.text


async def test_the_words_of_the_people_become_an_order_whatever_their_spelling(
    stage: Stage,
) -> None:
    """The provider may be left out when one can do it; amounts are human."""
    for words in (
        "€250 of BTC on kriptomat",
        "250eur btc",
        "0.25k EUR btc via KRIPTOMAT",
    ):
        card = await stage.asked(ANA, words)
        assert "Buy BTC for 250.00 EUR via Kriptomat" in card.text


async def test_the_card_passes_through_its_states_in_place_and_text_and_metadata_agree(
    stage: Stage,
) -> None:
    """One message, only forward; what a screen reader hears is what the blocks show."""
    order = ["pending_approval", "approved", "submitting", "accepted", "completed"]
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "completed")

    versions = [*card.history, card.snapshot()]
    states = []
    for version in versions:
        assert version.metadata is not None
        state = version.metadata["event_payload"]["state"]
        states.append(state)
        assert f"is {state.replace('_', ' ')}" in version.text
        assert order_of(card) in version.text
    assert states == sorted(states, key=order.index)
    assert len(stage.cards()) == 1


async def test_who_did_what_when_can_be_seen_by_readers_and_by_nobody_else(stage: Stage) -> None:
    """The story of an order is private to the asker, and treasury data is for readers."""
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "completed")
    stage.slack.workspace.add_person("U0HAL", "Hal")
    stage.slack.workspace.channels[card.channel].members.append("U0HAL")

    story = await stage.say(FAY, order_of(card))
    first = await stage.say("U0HAL", "status")

    assert story.text is not None
    for part in (f"<@{ANA}> asked for it", f"<@{BEN}> approved", "sent it to the provider"):
        assert part in story.text
    assert first.text is not None
    assert "I do not know you yet" in first.text
    await stage.eventually(lambda: knows(stage, "U0HAL"))
    second = await stage.say("U0HAL", f"status {order_of(card)}")
    assert second.text is not None
    assert "Only the people whom the policy names as readers" in second.text
    assert len(stage.cards()) == 1


def knows(stage: Stage, user: str) -> bool:
    """The bot has looked this person up."""
    assert stage.bot is not None
    return user in stage.bot.desk.directory.roster.people


async def test_lists_tell_open_mine_and_all(stage: Stage) -> None:
    """At most ten lines, newest first."""
    cards = [await stage.asked(ANA, f"{100 + n} EUR btc") for n in range(11)]
    bens = await stage.asked(BEN, "99 EUR eth")
    await stage.click(ANA, cards[0], "Cancel")

    everything = (await stage.say(CLEO, "list all")).text or ""
    still_open = (await stage.say(CLEO, "list open")).text or ""
    own = (await stage.say(BEN, "list mine")).text or ""
    lately = (await stage.say(CLEO, "status")).text or ""

    assert everything.splitlines()[0].find(order_of(bens)) > 0
    assert len(everything.splitlines()) == 11
    assert order_of(cards[0]) not in still_open
    assert own.count("BUY-") == 1
    assert order_of(bens) in own
    assert lately.count("pending approval") == 10


async def test_every_move_is_in_the_audit_log_and_the_log_verifies(stage: Stage) -> None:
    """The log is written in the transaction of the move, so it cannot disagree."""
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "completed")

    events = await stage.rows("SELECT event FROM events ORDER BY version")
    audited = await stage.rows("SELECT what FROM audit WHERE order_id IS NOT NULL ORDER BY number")
    assert stage.bot is not None

    assert [row["what"] for row in audited] == [row["event"] for row in events]
    assert await stage.bot.desk.db.read(audit.verify) is None
    (reserved,) = await stage.rows("SELECT status, amount FROM reservations")
    assert reserved == {"status": "spent", "amount": "250.00"}
    assert state_of(card) == "completed"
