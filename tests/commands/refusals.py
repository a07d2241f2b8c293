"""Every refusal of a request, made to happen for real: words, a policy, people, and the answer.

Each case is parsed and asked of the workflow itself, over a real file; nothing here says what the
answer is. ``docs/policy.md`` shows them all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.clients import make_providers
from bot.clock import SystemClock
from bot.config import config_of
from bot.domain.people import Person, Roster
from bot.domain.requests import Refusal
from bot.settings import Environment
from bot.workflow.asking import ask
from bot.workflow.desk import Desk
from commands.intents import Buy
from commands.parse import parse
from storage.database import Database
from tests.config.sample import SECRETS

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

GROUPS = """
[slack]
channel = "C0TREASURY"

[groups]
buyers = ["U0ANA", "U0DAN", "U0BOT", "U0GONE", "U0EVE", "U0NEW"]
approvers = ["U0BEN", "U0CLEO"]
board = ["U0ANA", "U0FAY", "U0DAN", "U0GONE", "S0BOARD"]
"""
SMALL = """
[[rules]]
name = "small"
requesters = ["buyers"]
providers = ["kriptomat"]
assets = ["btc"]
up_to = "1000 EUR"
approvals = [{ from = "approvers", count = 1 }]
"""
BASE = GROUPS + SMALL

LARGE = """
[[rules]]
name = "large"
up_to = "20000 EUR"
approvals = [{ from = "approvers", count = 2 }]
require_reason = true
"""
PRICED = LARGE.replace('"large"', '"priced"').replace("require_reason = true", 'quote = "required"')
BOARD = """
[[rules]]
name = "board"
assets = ["eth"]
up_to = "20000 EUR"
approvals = [{ from = "approvers", count = 1 }, { from = "board", count = 2 }]
"""
OTHERS = """
[[rules]]
name = "pesos"
providers = ["coins_ph"]
up_to = "60000 PHP"
approvals = [{ from = "approvers", count = 1 }]

[[rules]]
name = "dollars"
providers = ["oak"]
up_to = "1000 USD"
approvals = [{ from = "approvers", count = 1 }]
"""
BUDGET = """
[[budgets]]
name = "monthly"
limit = "100 EUR"
per = "month"
"""

KRIPTOMAT = """
[providers.kriptomat]
user_id = "1"
assets = ["btc", "eth"]
fee_allowance = "2%"
"""
COINS = """
[providers.coins_ph]
payment_method = "bdo_deposit"
target_account_id = "1a2c3b4n"
targets = { cold = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq" }
"""
OAK = """
[providers.oak]
provider = "bridge"
payment_method = "customer_wallet"
customer_id = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
amount_unit = "minor"
minimum = "10 USD"
"""
PRICES = KRIPTOMAT + 'quote = "exchange-rate"\n'
CAPPED = KRIPTOMAT + 'first_order_at_most = "20 EUR"\n'
SAME = OAK.replace('minimum = "10 USD"\n', 'currency = "eur"\nasset = "btc"\n')
BOOK = COINS.replace('target_account_id = "1a2c3b4n"\n', "")
ALL = BASE + OTHERS + KRIPTOMAT + COINS + OAK
EUROS = BASE + LARGE + KRIPTOMAT


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Somebody types words, and is refused."""

    words: str
    toml: str = EUROS
    user: str = "U0ANA"
    only_for: str | None = None
    """Whom the budgets cover; a file in which they cover nobody who may ask is refused at start."""


CASES = (
    Case(words="250 EUR btc", user="U0DAN"),
    Case(words="250 EUR btc", user="U0BOT"),
    Case(words="250 EUR btc", user="U0GONE"),
    Case(words="250 EUR btc", user="U0EVE"),
    Case(words="250 EUR btc", user="U0NEW"),
    Case(words="250 EUR btc via krakn"),
    Case(words="25 USD usdc via oak"),
    Case(words="250 EUR btc", toml=BASE + LARGE + KRIPTOMAT + SAME),
    Case(words="250 GBP btc", toml=ALL),
    Case(words="250 EUR sol via kriptomat"),
    Case(words="250 USD btc via kriptomat"),
    Case(words="0.005 btc in eur via kriptomat"),
    Case(words="1000000000000000 EUR btc"),
    Case(words="5 USD usdc via oak", toml=ALL),
    Case(words="250 EUR btc using gcash"),
    Case(words="250 EUR btc to cold"),
    Case(words="5000 PHP btc via coins to vault", toml=ALL),
    Case(words="5000 PHP btc via coins", toml=BASE + OTHERS + KRIPTOMAT + BOOK + OAK),
    Case(words="0.005 btc in php via coins", toml=ALL),
    Case(words="250 EUR btc", toml=BASE + CAPPED),
    Case(words="250 EUR btc max 65000"),
    Case(words="250 EUR btc via oak", toml=GROUPS + PRICED + PRICES + SAME),
    Case(words="5000 EUR btc"),
    Case(words="50000 EUR btc for rent"),
    Case(words="250 EUR eth", toml=BASE + KRIPTOMAT),
    Case(words="250 EUR btc", user="U0FAY", toml=BASE + KRIPTOMAT),
    Case(words="5000 PHP btc via coins", toml=BASE + KRIPTOMAT + COINS),
    Case(words="25 USD usdc via oak", toml=BASE + LARGE + KRIPTOMAT + OAK),
    Case(words="250 EUR eth", toml=BASE + BOARD + KRIPTOMAT),
    Case(words="250 EUR btc", toml=BASE + BUDGET + KRIPTOMAT),
    Case(words="50 EUR btc", toml=BASE + BUDGET + KRIPTOMAT, only_for="approvers"),
)


def _person(user: str, **traits: Any) -> Person:
    return Person(**{"id": user, "name": user[2:].title(), "team": "T0HOME", **traits})


ROSTER = Roster(
    team="T0HOME",
    people=MappingProxyType(
        {
            **{user: _person(user) for user in ("U0ANA", "U0BEN", "U0CLEO", "U0FAY")},
            "U0DAN": _person("U0DAN", is_guest=True),
            "U0BOT": _person("U0BOT", is_bot=True),
            "U0GONE": _person("U0GONE", is_deactivated=True),
            "U0EVE": _person("U0EVE", team="T0OTHER"),
        }
    ),
)


class Still:
    """Who is who, and it stays so."""

    roster = ROSTER

    async def confirm(self, users: Iterable[str], groups: Iterable[str]) -> Roster:
        assert not {*users, *groups} - {*self.roster.people}, "only those whom everybody knows"
        return self.roster


VENDOR_SECRETS: Mapping[str, str] = {
    "coins_ph_api_key": "key",
    "coins_ph_api_secret": "secret",
    "oak_client_id": "id",
    "oak_client_secret": "secret",
}


async def refusal_of(case: Case, folder: Path) -> Refusal:
    """Ask it, for real; it has to be refused."""
    env = Environment.model_validate({**SECRETS, **VENDOR_SECRETS})
    config = config_of(case.toml, env)
    policy = config.policy
    if case.only_for is not None:
        mine = tuple(replace(one, requesters=(case.only_for,)) for one in policy.budgets)
        policy = replace(policy, budgets=mine)
    db = await Database.open(folder / "countersign.db")
    providers = make_providers(config, SystemClock())
    desk = Desk(
        db=db,
        providers=providers,
        policy=policy,
        directory=Still(),
        zone=config.timezone,
        now=lambda: NOW,
        entropy=lambda size: b"\7" * size,
        boot_id="b007",
    )
    try:
        buy = parse(case.words)
        assert isinstance(buy, Buy)
        answer = await ask(desk, buy, requester=case.user, origin="slash:1")
    finally:
        for provider in providers.values():
            await provider.aclose()
        await db.close()
    assert isinstance(answer, Refusal), f"{case.words} was not refused"
    return answer
