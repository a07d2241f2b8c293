"""Command strings made by dice: right ones from the grammar's own shapes, then broken on purpose.

The same count and seed give the same strings on every machine, so that a failure can be named.
"""

from collections.abc import Iterator
from random import Random

AMOUNTS = ("250", "1,250.50", "2k", "1.5k", "0.005", "3m", "10", "12.34", "65000")
CODES = ("EUR", "eur", "usd", "Php", "GBP", "KWD")
ASSETS = ("btc", "ETH", "usdc", "sol", "newcoin")
ODD_AMOUNTS = ("1e3", "1,50", "-5", "0.000000001", "NaN", "007", "1.250")
ODD_CODES = ("EUX", "XAU", "btc", "JPY", "euros")
ODD_ASSETS = ("1inch", "eur", "b", "in", "b.tc")
PROVIDERS = ("kriptomat", "coins.ph", "oak network", "Coins", "<http://coins.ph|coins.ph>", "krakn")
REASONS = (
    "rent",
    "R&amp;D via <@U1|ben>",
    "for for",
    "\u201cnow\u201d \u2013 ok",
    "&lt;b&gt; \U0001f680",
)
RHYTHMS = (
    "day", "3 days", "weekday", "friday", "mon, wed and fri", "2 weeks on monday", "other friday",
    "month on the 1st", "month on the last day", "month on the first monday", "3 months on the 5th",
    "last friday of the month", "month on the 31st or the last day", "month on the 30th only",
)  # fmt: skip
ODD_RHYTHMS = (
    "week", "month", "second friday", "month on the 31st", "32nd", "fifth monday of the month",
    "0 days", "60 weeks on friday", "fridy", "2 weekdays", "3rd day",
)  # fmt: skip
CLOCKS = ("at 9:00", "at 17:30 Europe/Ljubljana", "at 8am asia/manila", "9:05 pm", "at noon UTC")
ODD_CLOCKS = ("", "at 9", "at 12 pm", "at 25:00", "at 9.30", "at 9:00 CET", "at 9:00 ljubljana")
BOUNDS = ("runs 12", "until 2027-06-30", "runs 1 missed one", "missed all runs 366")
ODD_BOUNDS = ("", "runs 0", "until xmas", "runs 2 until 2027-01-01", "runs 2 runs 3", "missed all")
PLAIN = (
    "", "status", "status BUY-7K3FQ", "buy-7k3fo", "list", "list mine", "cancel 7k3fq", "help",
    "help freeze", "explain 5 EUR btc", "policy", "report 2026-13", "freeze now", "buy 5 EUR btc",
    "schedules", "rec-7k3fq",
    "pause REC-7K3FQ", "skip 7k3fq", "stop BUY-7K3FQ", "remind 5 EUR btc", "50 EUR btc runs 3",
    "report", "report octember", "export 2026-10", "report last month",
)  # fmt: skip
NOISE = (
    *"abkmxz019.,-+_/:;'\"`*~<>|&#@!?()[]{}\\€$₱£¥ \t\n\0",
    "\u00a0", "\u200b", "\u202e", "\u0662", "\uff15", "\u00bd", "\u2019", "\u2212", "\u017f",
    "\u212a", "\u0130", "\ud83d", "\U0001f680", "e\u0301", "&amp;", "&lt;", "&#8364;", "<@U1>",
    "<#C1|>", "<!here>", "<http://x|", " for ", " via ", " max ", " in ", " to ", "1e9", "NaN",
)  # fmt: skip


def one(dice: Random, right: tuple[str, ...], odd: tuple[str, ...]) -> str:
    return dice.choice(odd if dice.random() < 0.05 else right)


def command(dice: Random) -> str:
    """A command that a careful person might type; most of them are right."""
    if dice.random() < 0.2:
        return dice.choice(PLAIN)
    amount, price = (one(dice, AMOUNTS, ODD_AMOUNTS) for _ in range(2))
    code, asset = one(dice, CODES, ODD_CODES), one(dice, ASSETS, ODD_ASSETS)
    symbol = one(dice, ("€", "$", "₱", "£"), ("¥",))
    target = one(dice, ("cold", "Vault-2"), ("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",))
    shapes = (
        f"{amount} {code} {asset}",
        f"{amount}{code} {asset}",
        f"{amount} {code} of {asset}",
        f"{symbol}{amount} {asset}",
        f"{amount} {asset} in {code}",
        f"{amount} {asset}",
    )
    odd_shapes = (
        f"{amount} {code} {asset} in {code}",
        f"{asset} {amount} {code}",
        f"{amount} {asset} {code}",
        f"{amount} {code}",
        f"{symbol}{amount} {code} {asset}",
    )
    options = [
        f"{dice.choice(('via', 'on'))} {dice.choice(PROVIDERS)}",
        one(dice, (f"max {price}",), (f"max {price} {code}",)),
        "using bdo_deposit",
        f"to {target}",
    ]
    said = dice.sample(options, dice.randint(0, 4))
    what = one(dice, shapes, odd_shapes)
    if dice.random() < 0.25:
        what, said = plan(dice, what, said)
    reason = [f"for {dice.choice(REASONS)}"] if dice.random() < 0.3 else []
    line = " ".join((what, *said, *reason))
    return dice.choice((line, line, line.upper(), line.lower()))


def plan(dice: Random, what: str, said: list[str]) -> tuple[str, list[str]]:
    """The same again and again: when it is to be stands in front, or among the options."""
    when = f"every {one(dice, RHYTHMS, ODD_RHYTHMS)} {one(dice, CLOCKS, ODD_CLOCKS)}".rstrip()
    if dice.random() < 0.2:
        when = f"{when} from {one(dice, ('2027-01-04',), ('tomorrow',))}"
    remind = dice.random() < 0.2
    end = one(dice, ("", "until 2027-06-30"), BOUNDS) if remind else one(dice, BOUNDS, ODD_BOUNDS)
    said = [*said, end]
    dice.shuffle(said)
    said = [word for word in said if word]
    front = dice.choice(("remind ", "remind me ")) if remind else ""
    if dice.random() < 0.5:
        return f"{front}{when} {what}", said
    return f"{front}{what}", [when, *said]


def broken(line: str, dice: Random) -> str:
    """The same command after a few slips: dropped, swapped, doubled, foreign characters."""
    letters = list(line)
    for _ in range(dice.randint(1, 4)):
        at = dice.randint(0, len(letters))
        match dice.randrange(5):
            case 0:
                del letters[at : at + 1]
            case 1:
                letters[at : at + 2] = letters[at : at + 2][::-1]
            case 2:
                letters[at:at] = letters[at : at + dice.randint(1, 8)]
            case 3:
                letters[at:at] = dice.choice(NOISE)
            case _:
                letters[at : at + 1] = dice.choice(NOISE)
    return "".join(letters)


def noise(dice: Random) -> str:
    """No command at all."""
    return "".join(dice.choice(NOISE) for _ in range(dice.randint(1, 40)))


def strings(count: int, seed: int) -> Iterator[str]:
    """So many strings: four of ten as typed with care, five broken, one noise."""
    dice = Random(seed)
    for _ in range(count):
        kind = dice.random()
        if kind < 0.1:
            yield noise(dice)
        else:
            line = command(dice)
            yield line if kind < 0.5 else broken(line, dice)
