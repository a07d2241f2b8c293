"""Understanding the words: ``commands.parse`` against the lark grammar alone."""

import time

from benchmarks.figures import Figure, middle
from commands.parse import language, parse
from commands.parse_text import readable

CORPUS = (
    "250 EUR btc via kriptomat",
    "€250 of BTC on kriptomat",
    "2k EUR btc",
    "1,250.50 PHP btc via coins using bdo_deposit to cold for rent of cold storage",
    "0.005 btc in php via coins",
    "25 USD usdc via oak network",
    "250 EUR btc via kriptomat max 65000 for the reserve of the fourth quarter",
    "status",
    "status BUY-7K3FQ",
    "list open",
    "cancel buy-7k3fq",
    "freeze only kriptomat: the account is being moved",
    "unfreeze",
    "providers",
    "help buy",
)


async def measure(rounds: int, scale: float) -> list[Figure]:
    """The whole corpus over and over, alternating."""
    times = max(20, int(200 * scale))
    lines, lark = [readable(text) for text in CORPUS], language()
    ours, alone = [], []
    for _ in range(max(rounds, 3)):
        began = time.perf_counter()
        for _ in range(times):
            for line in lines:
                lark.parse(line)
        alone.append((time.perf_counter() - began) / (times * len(CORPUS)))
        began = time.perf_counter()
        for _ in range(times):
            for text in CORPUS:
                parse(text)
        ours.append((time.perf_counter() - began) / (times * len(CORPUS)))
    return [
        Figure(
            what="understanding one command",
            than="the lark grammar alone",
            ours=middle(ours) * 1e6,
            yardstick=middle(alone) * 1e6,
            unit="us",
            aim=1.5,
        )
    ]
