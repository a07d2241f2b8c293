"""The tour: three purchases from words to completed, clicks that must not count, a lost reply.

Every message is printed as its reader would see it; at the end the vendors' own ledgers are read.
"""

import time
from datetime import timedelta

from bot.playground.furniture import ANA, BEN, CHANNEL, CLEO, DAN, EVE
from bot.playground.ground import Playground
from bot.playground.messages import Message
from commands.slash import COMMAND

WINDOW_SECONDS = 24
"""How long the vendor of the tour waits for its payment."""

WORDS = "250 EUR btc via kriptomat for cold storage"


async def play_tour(playground: Playground) -> None:
    """Play it; raises TimeoutError when a step does not happen."""
    began = time.monotonic()
    say, show = playground.reporter.narrate, playground.reporter.until
    slack = playground.slack
    say("A pretend Slack, three vendors' sandboxes and the real bot are running; nothing is real.")

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

    await _play_payment(playground)

    bought = playground.kriptomat.purchases
    say(f"\nKriptomat's own books: {len(bought)} purchase.")
    for entry in bought:
        say(
            f"  number {entry.id}: {entry.total} EUR for {entry.quantity} BTC, {entry.state},"
            f" idempotency key {entry.key}"
        )
    sent, made = len(playground.oak.posts), len(playground.oak.purchases)
    say(f"\nOak's own books: {made} purchase, {sent} request.")
    paid = [one for one in playground.coins_ph.purchases if one.marked_paid_time]
    say(f"\nThe books of Coins.ph: {len(paid)} order, paid and released.")
    say(f"\nThat was one purchase at each, exactly once, in {time.monotonic() - began:.1f} s.")
    say("To press the buttons yourself: countersign demo.")


async def _play_payment(playground: Playground) -> None:
    """A vendor that wants to be paid: by one person, before a deadline that comes near."""
    say, show = playground.reporter.narrate, playground.reporter.until
    say("\n6. Coins.ph wants to be paid after the order. Here it gives only half a minute for it.")
    playground.coins_ph.book.window = timedelta(seconds=WINDOW_SECONDS)
    await _types(playground, ANA, "5000 PHP btc via coins using bdo_deposit")
    await show(lambda: len(_cards(playground)) == 3)
    card = _cards(playground)[-1]
    await _presses(playground, BEN, card, "Approve")
    await show(lambda: bool(card.buttons()) and _state(card) == "awaiting_payment")
    await _presses(playground, CLEO, card, "I will pay")
    await show(lambda: any("You pay" in one.text for one in playground.slack.dms(CLEO)))
    say("Only Cleo was told how. She takes her time; the deadline comes near.")
    await show(lambda: "in time" in _thread(playground, card), WINDOW_SECONDS + 10)
    say("Cleo presses I have paid, and gives the outlet's code")
    outcome = await playground.slack.click(CLEO, card, "I have paid")
    await playground.slack.submit(CLEO, await outcome.opened(), {"code": "OR-4711"})
    await show(lambda: _state(card) == "completed")


def _cards(playground: Playground) -> list[Message]:
    return [m for m in playground.slack.messages(CHANNEL) if m.metadata and not m.thread_ts]


def _thread(playground: Playground, card: Message) -> str:
    said = playground.slack.messages(CHANNEL)
    return "\n".join(message.text for message in said if message.thread_ts == card.ts)


def _state(card: Message) -> str:
    return str(card.metadata["event_payload"]["state"]) if card.metadata else ""


async def _types(playground: Playground, user: str, words: str) -> None:
    name = playground.slack.workspace.names[user]
    playground.reporter.narrate(f"{name} types: {COMMAND} {words}")
    outcome = await playground.slack.slash(user, COMMAND, words, channel=CHANNEL)
    await outcome.answer()
    playground.reporter.report()


async def _presses(playground: Playground, user: str, card: Message, button: str) -> None:
    name = playground.slack.workspace.names[user]
    playground.reporter.narrate(f"{name} presses {button}")
    outcome = await playground.slack.click(user, card, button)
    await outcome.answer()
    playground.reporter.report()
