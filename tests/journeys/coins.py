"""A stage on which Coins.ph sells as well: real HTTP to its sandbox, by the configuration."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.playground.messages import Message
from providers.sandbox.coins_ph import CoinsPhSandbox
from tests.stage import ANA, BEN, TOML, Stage, running

WORDS = "5000 PHP btc via coins"

RULE = """
[[rules]]
name = "pesos"
providers = ["coins_ph"]
up_to = "60000 PHP"
approvals = [{ from = "approvers", count = 1 }]

[providers.coins_ph]
base_url = "COINS_URL"
quote_url = "COINS_URL"
payment_method = "bdo_deposit"
target_account_id = "1a2c3b4n"
targets = { cold = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq" }
MORE
reading.calls_per_minute = 6000
"""


@asynccontextmanager
async def with_coins(
    folder: Path, more: str = "", *, account: bool = True
) -> AsyncIterator[tuple[Stage, CoinsPhSandbox]]:
    """The stage with its bot running, and the sandbox of Coins.ph; ``more`` lines in its table.

    Without ``account`` only a wallet of the address book can be credited.
    """
    stage = Stage(folder)
    coins = CoinsPhSandbox(now=stage.clock.now)
    coins.book.settle = "never"
    await coins.start()
    text = RULE.replace("COINS_URL", coins.base_url).replace("MORE", more)
    if not account:
        text = text.replace('target_account_id = "1a2c3b4n"', "")
    stage.toml = TOML + text
    stage.credentials = coins.credentials
    try:
        async with running(stage):
            yield stage, coins
    finally:
        await coins.stop()


async def to_be_paid(stage: Stage, words: str = WORDS) -> Message:
    """Ana asks, Ben approves, and it waits for somebody to pay."""
    card = await stage.asked(ANA, words)
    await stage.click(BEN, card, "Approve")
    return await stage.until(card, "awaiting_payment", timeout=10)


async def with_reply_lost(stage: Stage, coins: CoinsPhSandbox) -> Message:
    """Ana asks, Ben approves; Coins.ph takes the order, and its reply does not arrive."""
    coins.faults.next("buy", "reply lost")
    card = await stage.asked(ANA, WORDS)
    await stage.click(BEN, card, "Approve")
    return card


async def bought(stage: Stage, coins: CoinsPhSandbox, card: Message) -> Message:
    """Ben says that he has paid it, and Coins.ph releases what was ordered."""
    await paid(stage, BEN, card)
    await stage.until(card, "accepted", timeout=10)
    coins.release(coins.purchases[-1].id)
    await stage.move_clock(minutes=11)
    return await stage.until(card, "completed", timeout=10)


async def paid(stage: Stage, user: str, card: Message, code: str | None = None) -> None:
    """Press "I have paid" and hand the form in."""
    outcome = await stage.slack.click(user, card, "I have paid")
    view = await outcome.opened()
    await stage.slack.submit(user, view, {} if code is None else {"code": code})
