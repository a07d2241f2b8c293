"""The policies that ship load, and do what ``docs/policy.md`` says of them in words."""

import re
from pathlib import Path

import pytest

from bot.clients import make_providers
from bot.clock import SystemClock
from bot.config import Config, config_of
from bot.domain.changes import needs
from bot.domain.orders import Terms
from bot.domain.people import Person, Roster
from bot.domain.policy import NeedsApproval, Request, decide
from bot.domain.requests import resolve
from bot.settings import Environment
from commands.intents import Buy
from commands.parse import parse
from tests.commands.refusals import VENDOR_SECRETS
from tests.config.sample import SECRETS

DOCS = Path(__file__).parents[2] / "docs"
POLICIES = sorted((DOCS / "policies").glob("*.toml"))
LINE = re.compile(r"\| (\w+) \| (U0\w+) \| `([^`]+)` \| ([^|]+) \|")
PLAYED = LINE.findall((DOCS / "policy.md").read_text(encoding="utf-8"))

USERGROUPS = {
    "S0TRADERS": frozenset({"U0TRADER1", "U0TRADER2"}),
    "S0HEADS": frozenset({"U0HEAD1", "U0HEAD2", "U0HEAD3"}),
    "S0RISK": frozenset({"U0RISK1", "U0RISK2"}),
    "S0AUDIT": frozenset({"U0AUDITOR1"}),
    "S0CONTRIBUTORS": frozenset({"U0MEMBER1", "U0MEMBER2"}),
}
NAMED = {one for path in POLICIES for one in re.findall(r"U0\w+", path.read_text(encoding="utf-8"))}
EVERYBODY = NAMED.union(*USERGROUPS.values(), {"U0EVE"})
ROSTER = Roster(
    people={one: Person(id=one, name=one, team="") for one in EVERYBODY}, usergroups=USERGROUPS
)


def config(path: Path) -> Config:
    env = Environment.model_validate({**SECRETS, **VENDOR_SECRETS})
    return config_of(path.read_text(encoding="utf-8"), env)


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_policy_that_ships_loads(path: Path) -> None:
    """A team copies it and changes names; a fault in it would be the first thing they see."""
    loaded = config(path)
    assert loaded.policy.rules
    assert loaded.policy.budgets
    assert set(loaded.policy.groups) >= {
        group for rule in loaded.policy.rules for group in rule.groups
    }


@pytest.mark.parametrize(("name", "user", "words", "happens"), PLAYED)
def test_a_policy_does_what_the_page_says(name: str, user: str, words: str, happens: str) -> None:
    """The words on the page are played, so that they cannot promise what is not so."""
    loaded = config(DOCS / "policies" / f"{name}.toml")
    sheets = {
        one: provider.sheet for one, provider in make_providers(loaded, SystemClock()).items()
    }
    buy = parse(words)
    assert isinstance(buy, Buy)
    terms = resolve(buy, sheets)
    assert isinstance(terms, Terms)
    decision = decide(
        loaded.policy,
        ROSTER,
        Request(
            requester=user,
            provider=terms.provider,
            asset=terms.asset,
            cost=terms.cost,
            has_reason=terms.reason is not None,
            priced=sheets[terms.provider].quotes,
        ),
    )
    if isinstance(decision, NeedsApproval):
        assert happens == f"{decision.rule.name}: {needs(decision.rule.approvals)}"
        assert user not in decision.eligible
        assert decision.budgets
    else:
        assert happens == f"refused: {decision.fault.value}"


def test_the_page_plays_every_policy_and_every_rule_of_it() -> None:
    """A rule that no line shows is a rule that nobody has tried."""
    shown = {(name, happens.split(":")[0]) for name, _, _, happens in PLAYED}
    rules = {(path.stem, rule.name) for path in POLICIES for rule in config(path).policy.rules}
    assert rules <= shown
