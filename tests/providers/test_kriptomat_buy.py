"""Buying at Kriptomat: what is sent, and what each trouble on the way lets us believe.

The troubles are the sandbox's faults; what each answer means by itself is the table in
``test_kriptomat_answers``.
"""

from datetime import timedelta

import pytest

from bot.domain.capabilities import Lookup
from bot.domain.money import Money, Quantity
from providers.base import Draft, Progress, Provider, Refused, Unavailable, Uncertain
from providers.kriptomat import Kriptomat
from providers.sandbox.kriptomat import KriptomatSandbox
from tests.providers.conftest import KriptomatMaker
from tests.providers.stage import KEY, Clock, purchase

DOCUMENTED = b'{"amount":"250.00","pair":"btceur","idempotency_key":"' + KEY.encode() + b'"}'


def test_the_draft_is_the_documented_request_byte_for_byte(kriptomat: Kriptomat) -> None:
    """It is stored with its hash and sent again after a crash, so it must never vary."""
    draft = kriptomat.draft(purchase())
    assert (draft.method, draft.path) == ("POST", "/api/v1/partners/users/1/buy")
    assert draft.body == DOCUMENTED
    assert kriptomat.draft(purchase()) == draft


@pytest.mark.parametrize(
    ("spend", "asset", "why"),
    [
        (Quantity.of("0.005", "btc"), "btc", "quantity"),
        (Money.of("250", "USD"), "btc", "EUR only"),
        (Money.of("0", "EUR"), "btc", "above zero"),
        (Money.of("250", "EUR"), "doge", "not configured for doge"),
    ],
)
def test_what_kriptomat_cannot_express_is_refused_before_anything_is_sent(
    kriptomat: Kriptomat, spend: Money | Quantity, asset: str, why: str
) -> None:
    """A draft that the vendor would read differently is worse than none."""
    with pytest.raises(Refused, match=why):
        kriptomat.draft(purchase(spend, asset=asset))


def test_the_sheet_says_what_the_workflow_may_do(make_kriptomat: KriptomatMaker) -> None:
    """Every decision about resends and doubt reads it."""
    provider: Provider = make_kriptomat(key_lifetime=timedelta(minutes=30), quote="exchange-rate")
    sheet = provider.sheet
    assert (sheet.provider, sheet.title) == ("kriptomat", "Kriptomat")
    assert sheet.currencies == {"EUR"}
    assert (sheet.spends_currency, sheet.spends_asset) == (True, False)
    assert (sheet.key_lifetime, sheet.lookup) == (timedelta(minutes=30), Lookup.ATTRIBUTES)
    assert sheet.quotes
    assert not make_kriptomat().sheet.quotes


async def test_a_purchase_is_made_once_and_under_way(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox
) -> None:
    """The reply holds only an id: price and state are read later."""
    report = await kriptomat.buy(kriptomat.draft(purchase()))
    assert (report.ref, report.progress, report.word) == ("1", Progress.UNDERWAY, "")
    [post] = kriptomat_sandbox.posts
    assert post.body == DOCUMENTED
    assert post.headers["X-Requested-With"] == "XMLHttpRequest"
    assert [e.key for e in kriptomat_sandbox.purchases] == [KEY]


@pytest.mark.parametrize(
    ("fault", "bought"),
    [
        ("reply lost", 1),
        ("reset", 0),
        ("truncated", 1),
        ("slow after", 1),
        ("hang before", 0),
        ("hang after", 1),
        ("500 before", 0),
        ("500 after", 1),
        ("503 before", 0),
        ("504 after", 1),
        ("garbage after", 1),
        ("status false before", 0),
        ("status false after", 1),
        ("redirect", 0),
        ("redirect after", 1),
        ("proxy page", 0),
        ("409", 0),
    ],
)
async def test_an_answer_that_proves_nothing_is_uncertain(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox, fault: str, bought: int
) -> None:
    """Seen from here, bought and not bought look alike, so neither may be claimed.

    And the same bytes again, under the same key, buy at most once in all.
    """
    kriptomat_sandbox.faults.next("buy", fault)
    draft = kriptomat.draft(purchase())
    with pytest.raises(Uncertain) as doubt:
        await kriptomat.buy(draft)
    assert not doubt.value.exists
    assert len(kriptomat_sandbox.posts) == 1
    assert len(kriptomat_sandbox.purchases) == bought
    assert (await kriptomat.buy(draft)).ref == "1"
    assert len(kriptomat_sandbox.purchases) == 1


@pytest.mark.parametrize(("fault", "after"), [("429", None), ("429 retry-after", 7)])
async def test_too_many_requests_waits_as_long_as_asked(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox, fault: str, after: float | None
) -> None:
    """The one refusal that is a promise: not executed, come back later."""
    kriptomat_sandbox.faults.next("buy", fault)
    with pytest.raises(Unavailable) as caught:
        await kriptomat.buy(kriptomat.draft(purchase()))
    assert caught.value.after == after
    assert kriptomat_sandbox.purchases == []


async def test_the_vendors_own_refusal_is_final_and_in_its_words(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox
) -> None:
    """Its own envelope on a 422 means that it understood and declined."""
    kriptomat_sandbox.book.balance = Money.of("100", "EUR").amount
    with pytest.raises(Refused, match=r"given data was invalid.*amount: Insufficient balance\."):
        await kriptomat.buy(kriptomat.draft(purchase()))
    assert kriptomat_sandbox.purchases == []


async def test_a_token_that_expired_in_flight_costs_one_fresh_login(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox, clock: Clock
) -> None:
    """A 401 comes before execution, so the same bytes may go once more."""
    await kriptomat.check()
    clock.advance(60)
    kriptomat_sandbox.faults.next("buy", "expired token")
    assert (await kriptomat.buy(kriptomat.draft(purchase()))).ref == "1"
    first, second = kriptomat_sandbox.posts
    assert first.body == second.body
    assert len(kriptomat_sandbox.purchases) == 1


async def test_a_token_that_keeps_being_refused_is_unavailable(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox, clock: Clock
) -> None:
    """Nothing was executed, and more logins would only lock the account."""
    kriptomat_sandbox.faults.standing("buy", "expired token")
    with pytest.raises(Unavailable, match="refuses the login"):
        await kriptomat.buy(kriptomat.draft(purchase()))
    assert len(kriptomat_sandbox.posts) == 2


@pytest.mark.parametrize("fault", ["reply lost", "500 after", "hang before", "garbage after"])
async def test_a_login_that_fails_sends_no_purchase(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox, fault: str
) -> None:
    """Before the buy began every trouble is harmless, whatever it would mean on a buy."""
    kriptomat_sandbox.faults.next("login", fault)
    with pytest.raises(Unavailable):
        await kriptomat.buy(kriptomat.draft(purchase()))
    assert kriptomat_sandbox.posts == []


async def test_a_vendor_that_is_down_is_unavailable_with_the_token_in_hand(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox
) -> None:
    """A refused connection is surely not sent, even in the middle of a session."""
    await kriptomat.check()
    await kriptomat_sandbox.stop()
    with pytest.raises(Unavailable, match="nothing was sent"):
        await kriptomat.buy(kriptomat.draft(purchase()))


async def test_the_same_key_again_gives_the_same_purchase(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox
) -> None:
    """Two readings of a duplicate carry the id; both are adopted."""
    draft = kriptomat.draft(purchase())
    first = await kriptomat.buy(draft)
    assert (await kriptomat.buy(draft)).ref == first.ref
    kriptomat_sandbox.behaviour.duplicate = "409 with id"
    assert (await kriptomat.buy(draft)).ref == first.ref
    assert len(kriptomat_sandbox.purchases) == 1


async def test_a_duplicate_without_id_is_doubt_that_knows_it_exists(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox
) -> None:
    """After a lost reply this 422 must not read as nothing bought."""
    kriptomat_sandbox.behaviour.duplicate = "error without id"
    kriptomat_sandbox.faults.next("buy", "reply lost")
    draft = kriptomat.draft(purchase())
    with pytest.raises(Uncertain):
        await kriptomat.buy(draft)
    with pytest.raises(Uncertain) as caught:
        await kriptomat.buy(draft)
    assert caught.value.exists
    other = Draft(
        method="POST", path=draft.path, body=draft.body.replace(b"250", b"260"), key=draft.key
    )
    with pytest.raises(Uncertain, match="seen this key"):
        await kriptomat.buy(other)
