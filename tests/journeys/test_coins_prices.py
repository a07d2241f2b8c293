"""What Coins.ph tells before people are asked, and again before anything is sent: seen in Slack."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.journeys.coins import WORDS, bought, paid, to_be_paid, with_coins
from tests.stage import ANA, BEN, CHANNEL, FAY, Stage, state_of

ALLOWED = 'quote = "buyquote"\nfee_allowance = "2%"\n'
RATE = "send_rate = true\n"


def sent(coins: object) -> list[dict[str, object]]:
    """The bodies of all creates that arrived."""
    return [json.loads(post.body) for post in coins.posts]  # type: ignore[attr-defined]


def pages(folder: Path) -> list[str]:
    """The database and its log, as they are on the disk."""
    return [one.read_bytes().decode("latin-1") for one in folder.glob("countersign.db*")]


async def told(stage: Stage, user: str = ANA) -> str:
    """The private word to somebody whose request was not even asked about."""
    await stage.slack.wait_for(lambda slack: slack.dms(user), timeout=20)
    return stage.slack.dms(user)[-1].text


async def test_the_card_tells_outlet_cost_fees_and_who_is_credited(tmp_path: Path) -> None:
    """Approvers see what they agree to: names, the vendor's own figures and when it said so."""
    async with with_coins(tmp_path, ALLOWED) as (stage, _coins):
        card = await stage.asked(ANA, WORDS)
        text = " ".join(card.plain().split())
        assert "Paid by BDO deposit" in text
        assert "To the account 1a2c3b4n at Coins.ph" in text
        assert (
            "5,100.00 PHP, fees included; Coins.ph said 5,050 PHP in all, 50 PHP of it fees" in text
        )
        assert "now 3,600,000 PHP (read " in text
        assert "not sent above 3,708,000.00 PHP" in text


async def test_the_address_book_and_the_typed_outlet_are_shown_as_what_they_stand_for(
    tmp_path: Path,
) -> None:
    """A name alone would hide where the money goes."""
    async with with_coins(tmp_path) as (stage, coins):
        card = await stage.asked(ANA, f"{WORDS} using 7-eleven to cold")
        text = " ".join(card.plain().split())
        assert "Paid by 7-Eleven" in text
        assert "To cold: bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq" in text
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "awaiting_payment", timeout=10)
        assert coins.purchases[0].wallet_address.startswith("bc1qar0")


@pytest.mark.parametrize(
    ("more", "means", "words", "counted"),
    [
        ("", "fees on top", WORDS, "5000.00"),
        ('fee_allowance = "2%"', "fees on top", WORDS, "5100.00"),
        (ALLOWED, "fees on top", WORDS, "5050.00"),
        (ALLOWED, "fees within", WORDS, "5000.00"),
        (ALLOWED, "fees on top", "0.005 btc in php max 3700000 via coins", "18180.00"),
        ("reading.currency_amount_has_fees = true\n" + ALLOWED, "fees on top", WORDS, "5000.00"),
    ],
    ids=["nothing known", "allowance", "quote", "within", "bitcoin", "told otherwise"],
)
async def test_budgets_count_the_fees_that_may_come_on_top_of_what_the_vendor_books(
    tmp_path: Path, more: str, means: str, words: str, counted: str
) -> None:
    """Its amount is documented as the worth of the bitcoin: rather too much than too little."""
    async with with_coins(tmp_path, more) as (stage, coins):
        coins.behaviour.quote_of_pesos = means  # type: ignore[assignment]
        card = await bought(stage, coins, await to_be_paid(stage, words))
        (row,) = await stage.rows("SELECT amount, status FROM reservations")
        assert row["status"] == "spent"
        assert Decimal(row["amount"]) == Decimal(counted)
        total = coins.purchases[0].currency_amount
        assert ("counted as" in card.text) is (Decimal(counted) != total)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("10 PHP btc via coins", "BDO deposit takes 15 to 500,000 PHP in steps of 1 at Coins.ph"),
        (f"{WORDS} using tambunting", "no payin outlet tambunting"),
        (
            f"{WORDS} using bpi_deposit",
            "BPI deposit is closed at Coins.ph (Closed for maintenance)",
        ),
    ],
    ids=["limits", "unknown", "closed"],
)
async def test_what_an_outlet_does_not_take_is_not_asked_about(
    tmp_path: Path, words: str, why: str
) -> None:
    """People would approve it in vain; the asker is told privately what would do."""
    async with with_coins(tmp_path) as (stage, coins):
        coins.disabled = {"bpi_deposit"}
        await stage.say(ANA, words)
        assert why.replace("_", "") in (await told(stage)).replace("\u2060", "").replace("_", "")
        assert (stage.cards(), coins.posts) == ([], [])


async def test_without_any_price_the_outlet_is_asked_all_the_same(tmp_path: Path) -> None:
    """Its limits need no price, and the card says that there is no price protection."""
    async with with_coins(tmp_path, 'quote = "none"\n') as (stage, coins):
        await stage.say(ANA, "10 PHP btc via coins")
        assert "takes 15 to 500,000 PHP" in await told(stage)
        card = await stage.asked(ANA, WORDS)
        assert "no price protection: Coins.ph tells no price before buying" in card.plain()
        assert "Paid by BDO deposit" in " ".join(card.plain().split())
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "awaiting_payment", timeout=10)
        assert len(coins.purchases) == 1


async def test_outlets_that_cannot_be_read_mean_no_card(tmp_path: Path) -> None:
    """What cannot be read is not guessed; after a few tries the asker is told."""
    async with with_coins(tmp_path, 'quote = "none"\n') as (stage, coins):
        coins.faults.standing("outlets", "500 before")
        await stage.say(ANA, WORDS)
        assert "what the outlet takes could not be read" in await told(stage)
        assert stage.cards() == []


async def test_a_cost_above_what_was_counted_is_not_asked_about(tmp_path: Path) -> None:
    """Limits and budgets were held against less: somebody has to raise the allowance first."""
    async with with_coins(tmp_path, 'quote = "buyquote"\n') as (stage, coins):
        await stage.say(ANA, WORDS)
        text = await told(stage)
        assert "Coins.ph wants 5,050 PHP in all, fees included" in text
        assert "only 5,000.00 PHP was counted against limits" in text
        assert "allowance" in text
        assert (stage.cards(), coins.posts) == ([], [])


async def test_a_cost_that_has_risen_since_is_not_sent(tmp_path: Path) -> None:
    """The fee trebled between the vote and the sending: the votes were for less."""
    async with with_coins(tmp_path, ALLOWED) as (stage, coins):
        card = await stage.asked(ANA, WORDS)
        coins.book.fee_percent = Decimal(3)
        await stage.click(BEN, card, "Approve")
        await stage.slack.wait_for(lambda _: state_of(stage.cards()[-1]) == "cancelled", timeout=10)
        assert "wants 5,150 PHP in all" in stage.cards()[-1].text
        assert coins.posts == []


async def test_a_cost_that_stays_within_what_was_counted_is_bought(tmp_path: Path) -> None:
    """The allowance is there for that."""
    async with with_coins(tmp_path, ALLOWED) as (stage, coins):
        card = await stage.asked(ANA, WORDS)
        coins.book.fee_percent = Decimal(2)
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "awaiting_payment", timeout=10)
        assert len(coins.purchases) == 1


async def test_an_outlet_that_closed_after_the_vote_makes_the_order_wait(tmp_path: Path) -> None:
    """It says so, and goes on when the outlet is open again."""
    async with with_coins(tmp_path, ALLOWED) as (stage, coins):
        card = await stage.asked(ANA, WORDS)
        coins.disabled = {"bdo_deposit"}
        await stage.click(BEN, card, "Approve")
        await stage.slack.wait_for(lambda _: "BDO deposit is closed" in card.text, timeout=10)
        assert coins.posts == []
        coins.disabled = set()
        await stage.move_clock(minutes=3)
        await stage.until(card, "awaiting_payment", timeout=10)


async def test_the_rate_of_the_moment_is_sent_along(tmp_path: Path) -> None:
    """Not that of the card, which is hours old by the time that people have voted."""
    async with with_coins(tmp_path, RATE) as (stage, coins):
        card = await stage.asked(ANA, WORDS)
        coins.book.ask = Decimal("3650000.75")
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "awaiting_payment", timeout=10)
        assert [one["rate"] for one in sent(coins)] == [3_650_000]


async def test_a_rate_is_never_sent_again_when_it_is_stale(tmp_path: Path) -> None:
    """The vendor was away for minutes: what was surely not executed is said anew."""
    async with with_coins(tmp_path, RATE) as (stage, coins):
        card = await stage.asked(ANA, WORDS)
        coins.faults.next("buy", "429 retry-after")
        await stage.click(BEN, card, "Approve")
        await stage.slack.wait_for(lambda _: "slow down" in card.text, timeout=10)
        coins.book.ask = Decimal(3_700_000)
        await stage.move_clock(minutes=3)
        await stage.until(card, "awaiting_payment", timeout=10)
        assert [one["rate"] for one in sent(coins)] == [3_600_000, 3_700_000]
        bodies = await stage.rows("SELECT body FROM attempts ORDER BY number")
        assert len({bytes(row["body"]) for row in bodies}) == 2
        assert len(coins.purchases) == 1


async def test_a_rate_that_was_stale_after_all_ends_the_order_with_the_vendors_no(
    tmp_path: Path,
) -> None:
    """A clear refusal of the first attempt: nothing was created, and nothing has to be paid."""
    async with with_coins(tmp_path, RATE) as (stage, coins):
        card = await stage.asked(ANA, WORDS)
        coins.faults.next("buy", "stale rate")
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "rejected", timeout=10)
        assert "Rate has changed" in card.text
        assert coins.purchases == []


async def test_where_no_rate_can_be_read_nothing_is_sent(tmp_path: Path) -> None:
    """The order waits and says what for."""
    async with with_coins(tmp_path, RATE) as (stage, coins):
        card = await stage.asked(ANA, WORDS)
        coins.faults.standing("price", "500 before")
        await stage.click(BEN, card, "Approve")
        await stage.slack.wait_for(lambda _: "price cannot be read" in card.text, timeout=10)
        assert coins.posts == []


async def test_a_wallet_that_is_only_in_the_book_has_to_be_named(tmp_path: Path) -> None:
    """Without an account nobody is credited by guessing: refused before anybody is asked."""
    async with with_coins(tmp_path, account=False) as (stage, coins):
        outcome = await stage.say(ANA, WORDS)
        assert outcome.text is not None
        assert "no wallet is named" in outcome.text
        assert "*Allowed:* to cold" in outcome.text
        card = await to_be_paid(stage, f"{WORDS} to cold")
        assert "To cold: bc1q" in " ".join(card.plain().split())
        assert len(coins.purchases) == 1


async def test_a_wallet_that_was_changed_after_the_vote_is_asked_about_anew(
    tmp_path: Path,
) -> None:
    """People agreed to an address, not to a name that stands for another one by now."""
    async with with_coins(tmp_path) as (stage, coins):
        card = await stage.asked(ANA, f"{WORDS} to cold")
        coins.faults.standing("price", "500 before")
        await stage.click(BEN, card, "Approve")
        await stage.slack.wait_for(lambda _: "price cannot be read" in card.text, timeout=10)
        await stage.stop_bot()
        stage.toml = stage.toml.replace("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "1BvBMSEYstW")
        stage.toml = stage.toml.replace("1BvBMSEYstW", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2")
        coins.faults.clear()
        await stage.start_bot()
        await stage.move_clock(minutes=3)
        await stage.slack.wait_for(lambda _: len(stage.cards()) == 2, timeout=10)
        fresh = stage.cards()[-1]

        assert "what was shown has changed: credited bc1q" in fresh.text
        assert "To cold: 1BvBMSEYstW" in " ".join(fresh.plain().split())
        assert coins.posts == []
        await stage.click(FAY, fresh, "Approve")
        await stage.move_clock(minutes=1)
        await stage.until(fresh, "awaiting_payment", timeout=10)
        assert [one["target_wallet"] for one in sent(coins)] == [
            "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
        ]


async def test_what_is_set_up_and_what_is_not_known_is_told_by_providers(tmp_path: Path) -> None:
    """That it may be retired stands first; where money goes without a word comes after."""
    async with with_coins(tmp_path, RATE) as (stage, _coins):
        text = " ".join((await (await stage.say(ANA, "providers")).answer()).plain().split())
        assert "older API, last described in 2019: it may be retired" in text
        assert "the only unpaid order of that moment is taken for ours" in text
        assert "unless using names another outlet" in text
        assert "goes to the account 1a2c3b4n at Coins.ph; to names another wallet: cold." in text
        assert "The price of the moment is sent along" in text


async def test_a_whole_payment_leaves_no_secret_behind(tmp_path: Path) -> None:
    """Neither key nor secret stands in a message, in the file or in its log of the day."""
    async with with_coins(tmp_path) as (stage, coins):
        card = await to_be_paid(stage)
        await stage.click(FAY, card, "I will pay")
        await stage.slack.wait_for(lambda slack: slack.dms(FAY))
        await paid(stage, FAY, card, "OR-4711")
        await stage.until(card, "accepted")
        said = [*stage.slack.messages(CHANNEL), *stage.slack.workspace.private_messages]
        seen = [repr([one.text, one.blocks, one.metadata, one.history]) for one in said]
        await stage.stop_bot()
        seen += pages(tmp_path)
        assert not [one for one in coins.credentials.values() if one in "\n".join(seen)]
        assert "OR-4711" not in "\n".join(seen[: len(said)])
