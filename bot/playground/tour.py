"""The tour: two purchases from words to completed, clicks that must not count, a lost reply.

Every message is printed as its reader would see it; at the end the vendors' own ledgers are read.
"""

import time

from bot.playground.furniture import ANA, BEN, CHANNEL, DAN, EVE
from bot.playground.ground import Playground
from bot.playground.messages import Message

WORDS = "250 EUR btc via kriptomat for cold storage"


async def play_tour(playground: Playground) -> None:
    """Play it; raises TimeoutError when a step does not happen."""
    began = time.monotonic()
    say, show = playground.reporter.narrate, playground.reporter.until
    slack = playground.slack
    say("A pretend Slack, two vendors' sandboxes and the real bot are running; nothing is real.")

    say("\n1. Ana asks in #treasury, with a slip of the finger first.")
    await _types(playground, ANA, "250 EUR btc vai kriptomat")
    await _types(playground, ANA, WORDS)
    await show(lambda: bool(_cards(playground)))
    card = _cards(playground)[-1]

    say("\n2. Clicks that do not count: her own, a guest's, somebody's from another company.")
    for user in (ANA, DAN, EVE):
        await _presses(playground, user, card, "Approve")

    say("\n3. Ben approves. The order is written down before anything is sent to Kriptomat.")
    await _presses(playground, BEN, card, "Approve")
    await show(lambda: _state(card) == "completed")
    await show(lambda: any(message.thread_ts for message in slack.messages(CHANNEL)))

    say("\n4. Who did what, for whoever asks later.")
    order = str(card.metadata["event_payload"]["order"]) if card.metadata else ""
    await _types(playground, ANA, f"status {order}")

    say("\n5. Another provider, without any key: Oak buys, and its reply is lost on the way.")
    playground.oak.faults.next("buy", "reply lost")
    await _types(playground, ANA, "25 USD usdc via oak")
    await show(lambda: len(_cards(playground)) == 2)
    other = _cards(playground)[-1]
    await _presses(playground, BEN, other, "Approve")
    await show(lambda: _state(other) == "completed")
    say("It was in doubt, looked up by our reference in Oak's list, and not sent a second time.")

    bought = playground.kriptomat.purchases
    say(f"\nKriptomat's own books: {len(bought)} purchase.")
    for entry in bought:
        say(
            f"  number {entry.id}: {entry.total} EUR for {entry.quantity} BTC, {entry.state},"
            f" idempotency key {entry.key}"
        )
    sent, made = len(playground.oak.posts), len(playground.oak.purchases)
    say(f"\nOak's own books: {made} purchase, {sent} request.")
    say(f"\nThat was one purchase at each, exactly once, in {time.monotonic() - began:.1f} s.")


def _cards(playground: Playground) -> list[Message]:
    return [m for m in playground.slack.messages(CHANNEL) if m.metadata and not m.thread_ts]


def _state(card: Message) -> str:
    return str(card.metadata["event_payload"]["state"]) if card.metadata else ""


async def _types(playground: Playground, user: str, words: str) -> None:
    name = playground.slack.workspace.names[user]
    playground.reporter.narrate(f"{name} types: /buy {words}")
    outcome = await playground.slack.slash(user, "/buy", words, channel=CHANNEL)
    await outcome.answer()
    playground.reporter.report()


async def _presses(playground: Playground, user: str, card: Message, button: str) -> None:
    name = playground.slack.workspace.names[user]
    playground.reporter.narrate(f"{name} presses {button}")
    outcome = await playground.slack.click(user, card, button)
    await outcome.answer()
    playground.reporter.report()
