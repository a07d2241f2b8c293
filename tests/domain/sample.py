"""Orders, people and rules from which tests make their own: plausible ones, and random ones.

``order()`` is the everyday request of the README; ``in_state()`` the same order, later, as it would
stand in the database. ``sample_orders.orders()`` is any order at all that the types allow.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from bot.domain.money import DECIMALS, Money, Quantity
from bot.domain.orders import Attempt, Order, Outcome, State, Terms, Vote
from bot.domain.people import Person, Roster
from bot.domain.policy import Policy, Requirement, Rule
from bot.domain.quotes import PriceBand

NOW = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)
BOOT = "b007b007b007b007"
KEY = "0123456789abcdef0123456789abcdef"

ANA, BEN, CLEO, DAN, EVE, FAY = "U0ANA", "U0BEN", "U0CLEO", "U0DAN", "U0EVE", "U0FAY"

ROSTER = Roster(
    team="T0HOME",
    people={
        **{one: Person(id=one, name=one[2:].title(), team="T0HOME") for one in (ANA, BEN, CLEO)},
        DAN: Person(id=DAN, name="Dan", team="T0HOME", is_guest=True),
        EVE: Person(id=EVE, name="Eve", team="T0OTHER"),
        FAY: Person(id=FAY, name="Fay", team="T0HOME"),
    },
    usergroups={"S0TREASURY": frozenset({CLEO, FAY})},
)
"""Ana, Ben, Cleo and Fay are members, Dan is a guest, Eve belongs to another workspace."""

SMALL = Rule(
    name="small",
    up_to=Money.of(1000, "EUR"),
    approvals=(Requirement(group="approvers", count=1),),
    requesters=("buyers",),
)
LARGE = Rule(
    name="large",
    up_to=Money.of(20000, "EUR"),
    approvals=(Requirement(group="approvers", count=2),),
    requesters=("buyers",),
    require_reason=True,
)
POLICY = Policy(
    groups={"buyers": (ANA, BEN, CLEO), "approvers": (BEN, "S0TREASURY")},
    rules=(SMALL, LARGE),
    operators=(FAY,),
)


def terms(**changes: Any) -> Terms:
    """250 EUR of btc at Kriptomat, two percent for fees."""
    given: dict[str, Any] = {
        "provider": "kriptomat",
        "asset": "btc",
        "spend": Money.of(250, "EUR"),
        "currency": "EUR",
        "cost": Money.of(255, "EUR"),
    }
    return Terms(**{**given, **changes})


def order(**changes: Any) -> Order:
    """Ana's request a moment after she made it."""
    given: dict[str, Any] = {
        "id": "BUY-7K3FQ",
        "origin": "slash:1",
        "requester": ANA,
        "terms": terms(),
        "rule": SMALL,
        "band": PriceBand(),
        "key": KEY,
        "eligible": frozenset({BEN, CLEO, FAY}),
        "created_at": NOW,
        "expires_at": NOW + timedelta(hours=8),
    }
    return Order(**{**given, **changes})


def in_state(state: State, **changes: Any) -> Order:
    """The same order as it would stand in this state."""
    one = order()
    facts: dict[str, Any] = {"state": state, "version": 3, "moved_at": NOW}
    if state not in {State.PENDING_APPROVAL, State.DENIED, State.EXPIRED, State.CANCELLED}:
        facts |= {
            "votes": (Vote(voter=BEN, digest=one.digest, at=NOW),),
            "decided_at": NOW,
            "decided_boot": BOOT,
            "valid_until": NOW + timedelta(hours=1),
        }
    if state not in {
        State.PENDING_APPROVAL,
        State.DENIED,
        State.EXPIRED,
        State.CANCELLED,
        State.APPROVED,
    }:
        facts |= {"attempts": 1, "first_sent_at": NOW}
    match state:
        case State.SUBMITTING:
            facts["deadline"] = NOW + timedelta(seconds=120)
        case State.IN_DOUBT:
            facts |= {"doubted": True, "due_at": NOW, "note": "no reply"}
        case State.ACCEPTED | State.AWAITING_PAYMENT:
            facts |= {"ref": "9001", "due_at": NOW, "outcome": Outcome(word="PENDING")}
        case State.COMPLETED | State.REVERSED:
            figures = Outcome(word="SUCCESS", total=Decimal("250.00"), quantity=Decimal("0.0038"))
            facts |= {"ref": "9001", "outcome": figures}
        case State.FAILED:
            facts |= {"ref": "9001", "outcome": Outcome(word="ERROR")}
        case State.DENIED | State.CANCELLED:
            facts["closed_by"] = BEN
        case State.REJECTED:
            facts["note"] = "Trading is closed."
        case State.APPROVED:
            facts["due_at"] = NOW
    return replace(one, **{**facts, **changes})


def attempt(**changes: Any) -> Attempt:
    """The first send, of this very process."""
    given: dict[str, Any] = {
        "number": 1,
        "key": KEY,
        "body": b'{"amount":"250.00"}',
        "path": "/buy",
        "boot_id": BOOT,
        "started_at": NOW,
        "deadline": NOW + timedelta(seconds=120),
    }
    return Attempt(**{**given, **changes})


MOMENTS = st.integers(-(10**14), 10**14).map(lambda tick: NOW + timedelta(microseconds=tick))
"""Three years before and after, to the microsecond."""
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
PEOPLE = st.sampled_from([ANA, BEN, CLEO, DAN, EVE, FAY])
FIGURES = st.decimals(
    min_value=0, max_value=10**12, allow_nan=False, allow_infinity=False, places=8
) | st.sampled_from([Decimal("1E+3"), Decimal("1E-12"), Decimal(0), Decimal("0.00")])
PRICES = FIGURES.filter(bool)


@st.composite
def monies(draw: st.DrawFn, currency: str | None = None, at_most: int = 10**14) -> Money:
    """Any amount of any currency."""
    code = currency or draw(st.sampled_from(sorted(DECIMALS)))
    return Money.of(Decimal(draw(st.integers(0, at_most))).scaleb(-DECIMALS[code]), code)


@st.composite
def rules(draw: st.DrawFn, currency: str) -> Rule:
    """Any rule of one currency."""
    names = st.none() | st.lists(WORDS, max_size=3).map(tuple)
    needs = st.builds(Requirement, group=WORDS, count=st.integers(1, 50))
    return Rule(
        name=draw(WORDS),
        up_to=draw(monies(currency)),
        approvals=draw(st.lists(needs, min_size=1, max_size=3).map(tuple)),
        requesters=draw(names),
        providers=draw(names),
        assets=draw(names),
        quote_required=draw(st.booleans()),
        require_reason=draw(st.booleans()),
    )


@st.composite
def any_terms(draw: st.DrawFn) -> Terms:
    """Any terms: an amount of money, or of the asset."""
    asset = draw(st.sampled_from(["btc", "eth", "usdc", "newcoin"]))
    spend: Money | Quantity = draw(monies())
    currency = spend.currency if isinstance(spend, Money) else ""
    if draw(st.booleans()):
        currency = draw(st.sampled_from(["EUR", "PHP", "JPY", "KWD"]))
        satoshi = Decimal(draw(st.integers(1, 10**12))).scaleb(-6)
        spend = Quantity.of(satoshi, asset)
    return Terms(
        provider=draw(st.sampled_from(["kriptomat", "coins_ph", "oak"])),
        asset=asset,
        spend=spend,
        currency=currency,
        cost=draw(monies(currency)),
        max_price=draw(st.none() | PRICES),
        outlet=draw(st.none() | WORDS),
        target=draw(st.none() | WORDS),
        recipient=draw(st.none() | WORDS),
        reason=draw(st.none() | WORDS),
    )
