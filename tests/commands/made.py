"""Orders, policies and readers of messages for the tests of what people see."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.domain.capabilities import Lookup, Sheet
from bot.domain.money import Money
from bot.domain.orders import Order, Outcome, State, Terms, Vote
from bot.domain.people import Person, Roster
from bot.domain.policy import Policy, Requirement, Rule
from bot.domain.quotes import PriceBand, Told
from commands.cards import Setting

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ANA, BEN, CLEO = "U0ANA", "U0BEN", "U0CLEO"
TEAM = "T0TEAM"

RULE = Rule(
    name="small",
    up_to=Money.of(Decimal(1000), "EUR"),
    approvals=(Requirement(group="approvers", count=2),),
)
POLICY = Policy(groups={"approvers": (BEN, CLEO)}, rules=(RULE,))
ROSTER = Roster(
    team=TEAM,
    people={
        user: Person(id=user, name=name, team=TEAM)
        for user, name in ((ANA, "Ana"), (BEN, "Ben"), (CLEO, "Cleo"))
    },
)
SHEET = Sheet(
    provider="kriptomat",
    title="Kriptomat",
    currencies=frozenset({"EUR"}),
    assets=frozenset({"btc", "eth"}),
    key_lifetime=timedelta(hours=1),
    lookup=Lookup.ATTRIBUTES,
)
SETTING = Setting(sheets={"kriptomat": SHEET}, policy=POLICY, roster=ROSTER)
TITLES = SETTING.titles

NASTY = (
    "<!channel> <@U0BEN> <https://evil.test|click> *bold* _leaning_ ~struck~ `code` ```block```"
    " &lt; &amp;\n> quoted\u202e"
)
"""Everything that Slack would read as more than letters."""

VOTE_DIGEST = "0" * 64


def terms(**changes: Any) -> Terms:
    """Ana's 250 EUR of bitcoin."""
    given: dict[str, Any] = {
        "provider": "kriptomat",
        "asset": "btc",
        "spend": Money.of(Decimal(250), "EUR"),
        "currency": "EUR",
        "cost": Money.of(Decimal(255), "EUR"),
    }
    return Terms(**{**given, **changes})


def order(state: State = State.PENDING_APPROVAL, **changes: Any) -> Order:
    """One order in this state, as plain as it can be."""
    given: dict[str, Any] = {
        "id": "BUY-7K3FQ",
        "origin": "slash:1",
        "requester": ANA,
        "terms": terms(),
        "rule": RULE,
        "band": PriceBand(),
        "key": "k" * 32,
        "eligible": frozenset({BEN, CLEO}),
        "created_at": NOW,
        "expires_at": NOW + timedelta(hours=8),
        "state": state,
    }
    return Order(**{**given, **changes})


def full(state: State, text: str, **changes: Any) -> Order:
    """The same with every optional fact there is, foreign text wherever somebody else writes."""
    given: dict[str, Any] = {
        "terms": terms(reason=text, max_price=Decimal("65000.5"), outlet=text, target=text),
        "band": PriceBand(
            ceiling=Decimal("65000.5"),
            reference=Decimal(64800),
            wanted=True,
            told=Told(
                at=NOW,
                outlet=text,
                fee=Decimal("2.50"),
                total=Decimal("252.50"),
            ),
        ),
        "note": text,
        "ref": text,
        "revision": 1,
        "attempts": 2,
        "votes": (
            Vote(voter=BEN, digest=VOTE_DIGEST, at=NOW),
            Vote(voter=CLEO, digest=VOTE_DIGEST, at=NOW),
        ),
        "decided_at": NOW,
        "moved_at": NOW,
        "closed_by": BEN,
        "outcome": Outcome(
            word=text,
            total=Decimal("250.00"),
            fee=Decimal("2.00"),
            quantity=Decimal("0.00385802"),
            ordered=Decimal("0.00385803"),
            price=Decimal("64800.00"),
            at=NOW,
            discrepancy=text,
        ),
    }
    return order(state, **{**given, **changes})


def mrkdwn(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """Every text of the blocks that Slack would format."""
    for block in blocks:
        yield from _formatted(block)


def _formatted(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            yield part["text"]
        for inner in part.values():
            yield from _formatted(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _formatted(inner)


_OURS = re.compile(r"<@U0(ANA|BEN|CLEO)>|<!date\^\d+\^[^<>]*>|<#C0TREASURY>")


def brackets(text: str) -> list[str]:
    """What is left of Slack's angle brackets when our own mentions and dates are taken out."""
    return re.findall(r"[<>]", re.sub(r"(?m)^>", "", _OURS.sub("", text)))


def formats(text: str) -> list[str]:
    """Marks of format in foreign text that could pair up: none is followed by a word joiner."""
    return re.findall(r"[*_~`](?!\u2060)", text)


def harmless(text: str) -> bool:
    """Nothing foreign in it mentions, links or formats."""
    return not brackets(text)
