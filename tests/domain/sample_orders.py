"""Any order at all that the types allow, plausible or not: for what must hold of every one."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from bot.domain.evidence import Ground, Looks, Shown
from bot.domain.orders import Alike, Order, Outcome, Proposal, Snooze, State, Vote
from bot.domain.quotes import PriceBand, Told
from tests.domain.sample import (
    FIGURES,
    KEY,
    MOMENTS,
    PEOPLE,
    PRICES,
    WORDS,
    any_terms,
    rules,
)
from tests.domain.sample_budgets import budgets

TOLD = st.builds(Told, at=MOMENTS, outlet=WORDS, fee=FIGURES, total=FIGURES)
BANDS = st.builds(
    PriceBand,
    ceiling=st.none() | PRICES,
    reference=st.none() | PRICES,
    drift=st.decimals(0, 1, places=4),
    wanted=st.booleans(),
    told=st.none() | TOLD,
)
OUTCOMES = st.builds(
    Outcome,
    word=WORDS,
    total=st.none() | FIGURES,
    spent=st.none() | FIGURES,
    fee=st.none() | FIGURES,
    quantity=st.none() | FIGURES,
    ordered=st.none() | FIGURES,
    price=st.none() | FIGURES,
    at=st.none() | MOMENTS,
    chain=st.none() | WORDS,
    settles_on=st.none() | WORDS,
    currency=st.none() | WORDS,
    discrepancy=st.none() | WORDS,
)
ALIKE = st.builds(Alike, id=WORDS, requester=PEOPLE, at=MOMENTS)
LOOKS = st.builds(
    Looks,
    count=st.integers(1, 100),
    first_at=MOMENTS,
    last_at=MOMENTS,
    shown=st.sampled_from(Shown),
    ground=st.sampled_from(Ground),
    absent=st.integers(0, 100),
    refs=st.lists(WORDS, max_size=5).map(tuple),
)
SNOOZES = st.builds(Snooze, person=PEOPLE, until=MOMENTS)
PROPOSALS = st.builds(
    Proposal,
    bought=st.booleans(),
    ref=st.none() | WORDS,
    by=PEOPLE,
    at=MOMENTS,
    because=WORDS,
)
PAYMENTS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "payer": st.none() | PEOPLE,
        "pay_by": st.none() | MOMENTS,
        "instructed": st.booleans(),
        "reminded": st.booleans(),
        "paid_by": st.none() | PEOPLE,
        "paid_code": st.none() | WORDS,
    }
)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Any order that the types allow, plausible or not; its votes are for its digest."""
    said = draw(any_terms())
    maybe = st.none() | MOMENTS
    counts = st.integers(0, 100)
    one = Order(
        id="BUY-7K3FQ",
        origin="slash:1",
        requester=draw(PEOPLE),
        terms=said,
        rule=draw(rules(said.currency)),
        budgets=draw(st.lists(budgets(said.currency), max_size=3).map(tuple)),
        band=draw(BANDS),
        key=KEY,
        eligible=draw(st.frozensets(PEOPLE)),
        created_at=draw(MOMENTS),
        expires_at=draw(MOMENTS),
        state=draw(st.sampled_from(State)),
        version=draw(counts),
        revision=draw(st.integers(0, 2)),
        asked_again=draw(st.integers(0, 2)),
        remind_at=draw(maybe),
        reminders=draw(counts),
        snoozes=draw(st.lists(SNOOZES, max_size=2).map(tuple)),
        decided_at=draw(maybe),
        decided_boot=draw(st.none() | WORDS),
        valid_until=draw(maybe),
        attempts=draw(counts),
        first_sent_at=draw(maybe),
        deadline=draw(maybe),
        doubted=draw(st.booleans()),
        proven=draw(st.booleans()),
        tries=draw(counts),
        due_at=draw(maybe),
        ref=draw(st.none() | WORDS),
        outcome=draw(OUTCOMES),
        note=draw(st.none() | WORDS),
        closed_by=draw(st.none() | PEOPLE),
        moved_at=draw(maybe),
        alike=draw(st.lists(ALIKE, max_size=3).map(tuple)),
        looks=draw(st.none() | LOOKS),
        proposal=draw(st.none() | PROPOSALS),
        settled_by=draw(st.lists(PEOPLE, max_size=2).map(tuple)),
        look_first=draw(st.booleans()),
        **draw(PAYMENTS),
    )
    voters = draw(st.lists(PEOPLE, unique=True, max_size=4))
    times = sorted(draw(st.lists(MOMENTS, min_size=len(voters), max_size=len(voters), unique=True)))
    votes = zip(voters, times, strict=True)
    return replace(one, votes=tuple(Vote(voter=who, digest=one.digest, at=at) for who, at in votes))
