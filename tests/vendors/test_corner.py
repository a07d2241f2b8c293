"""The test vendor keeps exactly the promises of its kind; a kind one would prove nothing.

That its client behaves is the business of ``tests/conformance``.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.capabilities import Lookup
from providers.base import Progress
from tests.providers.stage import KEY, PATIENT, Clock, purchase
from tests.vendors.corner import Corner
from tests.vendors.corner_ledger import Settle
from tests.vendors.corner_sandbox import CornerSandbox
from tests.vendors.kinds import PAYMENT_WINDOW, Kind

KEYLESS = [kind for kind in Kind if kind is not Kind.NATIVE_KEY]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kind() -> Kind:
    """Overridden by the parameter of the tests that try several."""
    return Kind.ATTRIBUTES


@pytest.fixture
async def sandbox(kind: Kind, clock: Clock) -> AsyncIterator[CornerSandbox]:
    vendor = CornerSandbox(kind=kind, now=clock.now)
    await vendor.start()
    yield vendor
    await vendor.stop()


@pytest.fixture
async def corner(sandbox: CornerSandbox, clock: Clock) -> AsyncIterator[Corner]:
    client = sandbox.client(clock.now, deadlines=PATIENT)
    yield client
    await client.aclose()


@pytest.mark.parametrize("kind", KEYLESS)
async def test_without_a_key_every_post_buys_again(sandbox: CornerSandbox, corner: Corner) -> None:
    """This is the harm that the workflow must prevent; here nothing else does."""
    draft = corner.draft(purchase())
    refs = {(await corner.buy(draft)).ref for _ in range(3)}
    assert refs == {"1", "2", "3"}
    assert len(sandbox.purchases) == len(sandbox.posts) == 3


@pytest.mark.parametrize("kind", [Kind.NATIVE_KEY])
async def test_with_a_key_the_same_post_buys_once(sandbox: CornerSandbox, corner: Corner) -> None:
    """The one kind at which sending again is harmless."""
    draft = corner.draft(purchase())
    refs = {(await corner.buy(draft)).ref for _ in range(3)}
    assert (refs, len(sandbox.purchases), len(sandbox.posts)) == ({"1"}, 1, 3)


@pytest.mark.parametrize("kind", list(Kind))
async def test_only_the_kinds_that_store_an_id_of_ours_tell_it(
    sandbox: CornerSandbox, corner: Corner, clock: Clock
) -> None:
    """What is not listed cannot be matched, however clever the client."""
    await corner.buy(corner.draft(purchase()))
    listed = await corner.find(purchase(), since=clock.now())
    seen = [KEY in str(found.report.raw) for found in listed]
    expected = {Lookup.REFERENCE: [True], Lookup.ATTRIBUTES: [False], Lookup.NONE: []}
    assert seen == expected[sandbox.kind.lookup]


@pytest.mark.parametrize("kind", [Kind.FREE_UNTIL_PAID])
async def test_an_unpaid_purchase_costs_nothing_and_expires_by_itself(
    sandbox: CornerSandbox, corner: Corner, clock: Clock
) -> None:
    """A duplicate there is a nuisance, not a loss; until somebody pays it."""
    first = await corner.buy(corner.draft(purchase()))
    second = await corner.buy(corner.draft(purchase()))
    assert (first.progress, sandbox.costs) == (Progress.AWAITING_PAYMENT, Decimal(0))
    sandbox.shelf.pay(2)
    assert sandbox.costs == Decimal(250)
    clock.advance(PAYMENT_WINDOW.total_seconds())
    told = [await corner.status(one.ref) for one in (first, second)]
    assert [one and one.word for one in told] == ["expired", "done"]
    assert sandbox.costs == Decimal(250)
    with pytest.raises(KeyError):
        sandbox.shelf.pay(1)


@pytest.mark.parametrize("kind", [Kind.NONE])
async def test_what_is_not_listed_can_still_be_asked_for_by_its_id(
    sandbox: CornerSandbox, corner: Corner, clock: Clock
) -> None:
    """An accepted purchase is followed to its end; only a lost reply is lost for good."""
    bought = await corner.buy(corner.draft(purchase()))
    assert await corner.list_since(clock.now()) == []
    found = await corner.status(bought.ref)
    assert found is not None
    assert found.progress is Progress.COMPLETED
    assert await corner.status("7") is None
    assert len(sandbox.purchases) == 1


@pytest.mark.parametrize(
    ("settle", "words"),
    [
        ("at once", ["done", "done", "done"]),
        ("after reads", ["working", "working", "done"]),
        ("after seconds", ["working", "done", "done"]),
        ("error", ["failed", "failed", "failed"]),
        ("never", ["working", "working", "working"]),
    ],
)
async def test_purchases_settle_as_told(
    sandbox: CornerSandbox, corner: Corner, clock: Clock, settle: Settle, words: list[str]
) -> None:
    """Looked at three times, two seconds apart: a test must be able to choose its moment."""
    sandbox.shelf.settle, sandbox.shelf.settle_after = settle, 2
    ref = (await corner.buy(corner.draft(purchase()))).ref
    told = []
    for _ in range(3):
        found = await corner.status(ref)
        told.append(found.word if found else None)
        clock.advance(2)
    assert told == words


async def test_a_lag_hides_every_purchase_for_a_while(
    sandbox: CornerSandbox, corner: Corner, clock: Clock
) -> None:
    """It has happened all the same: absence is no proof before the lag is over."""
    sandbox.shelf.lag = timedelta(seconds=20)
    ref = (await corner.buy(corner.draft(purchase()))).ref
    assert await corner.status(ref) is None
    assert await corner.find(purchase(), since=clock.now()) == []
    assert len(sandbox.purchases) == 1
    clock.advance(20)
    assert await corner.status(ref) is not None
    assert len(await corner.find(purchase(), since=clock.now() - timedelta(minutes=1))) == 1


async def test_another_process_needs_only_the_address_and_the_kind(
    sandbox: CornerSandbox, clock: Clock
) -> None:
    """A crash test starts the client from two words on a command line."""
    client = Corner(sandbox.base_url, Kind("attributes"), now=clock.now)
    assert await client.check() == "Corner: logged in, 0 purchases listed"
    assert client.sheet.provider == "corner"
    await client.aclose()
