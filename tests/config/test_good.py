"""A good file becomes exactly the configuration it says; texts become values, or are refused."""

from dataclasses import fields
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import load
from bot.domain.budgets import Budget
from bot.domain.money import Money
from bot.domain.policy import Policy, Requirement, Rule
from bot.domain.routines import routine
from bot.secrets import secret_values
from bot.setting_types import UNITS, duration, money, percent
from providers.kriptomat_paths import KriptomatSettings
from tests.config.sample import EXAMPLE, MARK, SECRETS, environment, example, faults
from tests.config.sample import load as loaded
from tests.domain.sample import monies

MONTHLY = Budget(name="monthly", limit=Money.of(50000, "EUR"), per="month", zone="Europe/Ljubljana")
ETHER = Budget(name="ether", limit=Money.of(10000, "EUR"), per="30d", assets=("eth",))


def test_the_example_that_ships_loads_and_means_what_it_says() -> None:
    """It is the first file that a team copies."""
    config = load(environment(), EXAMPLE)

    approvers = (Requirement(group="approvers", count=1),)
    assert config.policy == Policy(
        groups={
            "buyers": ("U0ANA", "U0BEN", "U0CLEO"),
            "approvers": ("U0BEN", "U0CLEO", "S0TREASURY"),
        },
        rules=(
            Rule(
                name="small",
                up_to=Money.of(1000, "EUR"),
                approvals=approvers,
                requesters=("buyers",),
                providers=("kriptomat",),
            ),
            Rule(
                name="large",
                up_to=Money.of(20000, "EUR"),
                approvals=(Requirement(group="approvers", count=2),),
                requesters=("buyers",),
                require_reason=True,
            ),
        ),
        budgets=(MONTHLY, ETHER),
        readers=("buyers", "approvers"),
        operators=("U0CLEO",),
        expires_after=timedelta(hours=8),
        valid_for=timedelta(hours=1),
        max_price_drift=Decimal("0.03"),
    )
    assert config.timezone == ZoneInfo("Europe/Ljubljana")
    assert config.channel == "C0TREASURY"
    assert config.digest == routine("weekdays 09:00")
    assert config.slack_api_url == "https://slack.com/api/"
    assert config.database == Path("countersign.db")
    kriptomat = config.vendors["kriptomat"]
    assert isinstance(kriptomat, KriptomatSettings)
    assert kriptomat.base_url == "https://api.kriptomat.io"
    assert kriptomat.fee_allowance == Decimal("0.02")
    assert kriptomat.key_lifetime == timedelta(hours=1)
    assert kriptomat.assets == {"btc", "eth"}
    assert kriptomat.first_order_at_most == Money.of(20, "EUR")
    assert kriptomat.reading.calls_per_minute == 60


MINIMAL = """
[slack]
channel = "C0TREASURY"
[groups]
all = ["U0ANA", "U0BEN"]
[[rules]]
name = "any"
up_to = "10 EUR"
approvals = [{ from = "all", count = 1 }]
[providers.kriptomat]
user_id = "1"
assets = ["btc"]
"""


def test_everything_that_may_be_left_out_has_its_documented_value() -> None:
    """A short file is a safe file: the defaults are the cautious ones."""
    config = loaded(MINIMAL)

    assert config.policy.expires_after == timedelta(hours=8)
    assert config.policy.valid_for == timedelta(hours=1)
    assert config.policy.max_price_drift == Decimal("0.03")
    assert config.policy.readers is None
    assert config.policy.operators == ()
    assert config.timezone == ZoneInfo("UTC")
    kriptomat = config.vendors["kriptomat"]
    assert isinstance(kriptomat, KriptomatSettings)
    assert kriptomat.base_url == "https://api.kriptomat.io"
    assert kriptomat.quote == "none"


def test_corrections_of_the_vendors_shapes_are_taken() -> None:
    """What the first live day teaches is a line of configuration."""
    text = MINIMAL + '[providers.kriptomat.reading]\nspent_field = "subtotal"\nbuy_path = "/b"\n'
    config = loaded(text)
    kriptomat = config.vendors["kriptomat"]
    assert isinstance(kriptomat, KriptomatSettings)
    assert (kriptomat.reading.spent_field, kriptomat.reading.buy_path) == (
        "subtotal",
        "/b",
    )
    assert kriptomat.reading.transactions_path.startswith("/api/v1/")


@pytest.mark.parametrize("path", ["/r", "/v1/rates?currency=EUR&side=buy", "/u/{user_id}/rates"])
def test_a_path_that_the_vendor_may_have_is_taken(path: str) -> None:
    """Prices may need a query; the user's id is filled in."""
    text = f'{MINIMAL}[providers.kriptomat.reading]\nexchange_rate_path = "{path}"\n'
    config = loaded(text)
    kriptomat = config.vendors["kriptomat"]
    assert isinstance(kriptomat, KriptomatSettings)
    assert kriptomat.reading.exchange_rate_path == path


def test_the_address_of_slack_ends_with_one_slash() -> None:
    """The SDK glues method names to it."""
    for url in ("http://127.0.0.1:8700/api", "http://127.0.0.1:8700/api/"):
        assert loaded(MINIMAL, slack_api_url=url).slack_api_url == "http://127.0.0.1:8700/api/"


def test_every_secret_is_known_to_the_log() -> None:
    """A secret that the redactor has never heard of would be printed."""
    config = loaded(example())
    assert sorted(secret_values(config)) == sorted(SECRETS.values())


def test_a_configuration_does_not_print_its_secrets() -> None:
    """Somebody will log the whole object one day."""
    config = loaded(example())
    assert MARK not in repr(config)
    assert {part.name for part in fields(config)} >= {"slack_bot_token", "vendors"}


@given(st.integers(1, 999_999), st.sampled_from("smhd"))
def test_a_duration_is_read_exactly(number: int, unit: str) -> None:
    """``90m`` is an hour and a half, and nothing is guessed."""
    assert duration(f"{number}{unit}") == timedelta(**{UNITS[unit]: number})


@given(st.one_of(st.text(max_size=8), st.integers(), st.none(), st.floats(allow_nan=False)))
def test_what_is_no_duration_is_refused_and_never_a_crash(text: object) -> None:
    """A number without its unit could be seconds or hours."""
    try:
        assert duration(text) > timedelta(0)
    except ValueError as refused:
        assert "write a duration" in str(refused)  # noqa: PT017 - either way is checked


@given(st.integers(0, 999_999))
def test_a_percentage_is_read_exactly(number: int) -> None:
    """Three percent is 0.03 to the last digit; no float stands between."""
    text = Decimal(number).scaleb(-4)
    assert percent(f"{text:f}%") == text / 100


@pytest.mark.parametrize(
    "text",
    ["3", 3, 0.03, "3 %", "-3%", "100%", "1e1%", "%", "3,5%", "0.00001%", None, "٣%"],
    ids=repr,
)
def test_what_is_no_percentage_is_refused(text: object) -> None:
    """``3`` could be three percent or three hundred."""
    with pytest.raises(ValueError, match="write a percentage"):
        percent(text)


@given(monies().filter(lambda one: one.amount > 0))
def test_an_amount_is_read_as_it_is_written(amount: Money) -> None:
    """Plain or grouped, of any currency."""
    assert money(amount.human) == money(f"{amount.text} {amount.currency}") == amount


@pytest.mark.parametrize(
    "text",
    ["", "EUR", "1000", "1000 EUR now", "1.000,50 EUR", "-5 EUR", "1e3 EUR", "5 XAU", 1000],
    ids=repr,
)
def test_what_is_no_amount_is_refused_with_a_sentence(text: object) -> None:
    """A limit that is read wrongly is a limit in name only."""
    with pytest.raises(ValueError, match=r"is not an amount|write an amount"):
        money(text)


@pytest.mark.parametrize("zone", ["Europe/Ljubljana", "UTC", "Asia/Manila"])
def test_time_zones_are_those_of_the_tz_database(zone: str) -> None:
    """With ``tzdata`` installed they are there on every machine."""
    assert loaded(f'[team]\ntimezone = "{zone}"\n{MINIMAL}').timezone == ZoneInfo(zone)


@pytest.mark.parametrize("zone", ["", "Europe", "../etc/passwd", "/etc/localtime", "CEST?"])
def test_a_path_or_a_nickname_is_no_time_zone(zone: str) -> None:
    """Each of these makes another kind of error below; people get one sentence."""
    (sentence,) = faults(f'[team]\ntimezone = "{zone}"\n{MINIMAL}')
    assert sentence.startswith("team.timezone: ")
