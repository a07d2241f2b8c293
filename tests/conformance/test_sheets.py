"""The sheet tells no lies about its own client, and a draft is a pure function of a purchase."""

from dataclasses import replace

import pytest

from bot.domain.capabilities import Lookup
from bot.domain.money import Money, Quantity
from providers.base import Purchase, Refused
from tests.conformance.endings import ending
from tests.conformance.subjects import NOTES, Bench


async def test_a_sheet_does_not_contradict_itself(bench: Bench) -> None:
    """Every decision about retries and doubt follows from it."""
    sheet = bench.provider.sheet
    assert sheet.provider == sheet.provider.strip().lower()
    assert sheet.title
    assert sheet.currencies
    assert sheet.assets == {asset.lower() for asset in sheet.assets}
    assert sheet.spends_currency or sheet.spends_asset
    assert sheet.key_lifetime is None or sheet.key_lifetime.total_seconds() > 0
    assert sheet.payment_window is not None or not sheet.free_until_paid
    assert sheet.payment_step or sheet.payment_window is None
    assert sheet.listing_lag.total_seconds() >= 0
    assert list(sheet.poll_seconds) == sorted(sheet.poll_seconds)
    assert bench.provider.sheet == sheet


async def test_a_vendor_without_look_up_finds_nothing_and_lists_nothing(bench: Bench) -> None:
    """NONE means that people must look; a client that guesses would be believed."""
    began = bench.clock.now()
    await ending(bench)
    found = await bench.provider.find(bench.purchase(), since=began)
    listed = await bench.provider.list_since(began)
    assert bool(found) is bool(listed) is (bench.provider.sheet.lookup is not Lookup.NONE)


async def test_a_draft_is_the_same_bytes_each_time_and_makes_no_call(bench: Bench) -> None:
    """It is stored before sending and drawn up anew after a crash."""
    first = bench.provider.draft(bench.purchase())
    bench.clock.advance(3600)
    assert bench.provider.draft(bench.purchase()) == first
    assert first.key == bench.purchase().key
    assert first.path.startswith("/")
    assert (bench.sandbox.logins, bench.posts()) == (0, [])


async def test_a_draft_carries_the_amount_and_a_key_only_where_it_helps(bench: Bench) -> None:
    """250.00 stands there in full; and a reference of ours wherever the vendor keeps one."""
    body = bench.provider.draft(bench.purchase()).body
    assert bench.sent in body
    sheet = bench.provider.sheet
    kept = sheet.has_native_key or sheet.lookup is Lookup.REFERENCE
    assert (bench.purchase().key.encode() in body) is kept


@pytest.mark.parametrize(
    "changes",
    [
        {"asset": "doge"},
        {"spend": Money.of("250", "CHF"), "currency": "CHF"},
        {"target": "atlantis"},
    ],
    ids=["asset", "currency", "target"],
)
async def test_what_the_sheet_does_not_offer_is_refused_at_the_draft(
    bench: Bench, changes: dict[str, object]
) -> None:
    """Before anything is stored or sent; leaving a wish out silently would buy something else."""
    wish: Purchase = replace(bench.purchase(), **changes)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        bench.provider.draft(wish)


@pytest.mark.parametrize("kind", ["nothing", "quantity", "outlet"])
async def test_a_wish_is_refused_or_changes_what_is_sent(bench: Bench, kind: str) -> None:
    """An offer of the sheet stands in the draft; what it does not offer never does."""
    wishes: dict[str, tuple[bool, dict[str, object]]] = {
        "nothing": (False, {"spend": bench.money("0")}),
        "quantity": (
            bench.provider.sheet.spends_asset,
            {"spend": Quantity.of("0.005", bench.asset)},
        ),
        "outlet": (bench.provider.sheet.outlets, {"outlet": "7-eleven"}),
    }
    offered, changes = wishes[kind]
    wish: Purchase = replace(bench.purchase(), **changes)  # type: ignore[arg-type]
    plain = bench.provider.draft(bench.purchase())
    if offered:
        assert bench.provider.draft(wish).body != plain.body
    else:
        with pytest.raises(Refused):
            bench.provider.draft(wish)


async def test_the_sandbox_knows_all_that_the_suite_breaks(bench: Bench) -> None:
    """A new vendor's sandbox must be able to fail in every way that is tried here."""
    names = {bench.fault_names.get(note, note) for note in NOTES}
    assert names <= set(bench.sandbox.faults.catalogue)
