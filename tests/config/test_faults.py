"""Everything that is wrong is told at once, a sentence each, naming the setting and no secret."""

from pathlib import Path

import pytest

from bot.config import Faulty, config_of, load
from tests.config.sample import MARK, SECRETS, broken, environment, example, faults

ONE_FAULT = [
    ('channel = "C0TREASURY" ', 'channel = "treasury"', "slack.channel: write a channel id"),
    ('channel = "C0TREASURY" ', "", "slack.channel: is missing"),
    ("[team]", "[team]\nnickname = 1", "team.nickname: unknown setting"),
    ('timezone = "Europe/Ljubljana"', 'timezone = "Europe/Atlantis"', "team.timezone"),
    (
        'operators = ["U0CLEO"]',
        'operators = ["Cleo"]',
        "team.operators (number 1): write a user id",
    ),
    ('readers = ["buyers", "approvers"]', 'readers = ["board"]', 'no group "board"'),
    ('expires_after = "8h"', 'expires_after = "soon"', "approval.expires_after: write a duration"),
    ('expires_after = "8h"', "expires_after = 8", "approval.expires_after: write a duration"),
    ('valid_for = "1h"', 'valid_for = "0m"', "approval.valid_for: write a duration"),
    ('max_price_drift = "3%"', "max_price_drift = 3", "max_price_drift: write a percentage"),
    ('up_to = "1000 EUR"', 'up_to = "1000"', "rules (number 1).up_to: write an amount"),
    ('up_to = "1000 EUR"', 'up_to = "1000.001 EUR"', "too many decimals"),
    ('up_to = "1000 EUR"', 'up_to = "0 EUR"', "rules (number 1).up_to"),
    ('up_to = "1000 EUR"', 'up_to = "1000 EUX"', "unknown currency"),
    ('up_to = "1000 EUR"', 'up_to = "1000 PHP"', "cannot be paid in PHP|can be paid in PHP"),
    ("count = 1 }", "count = 0 }", "rules (number 1).approvals (number 1).count"),
    ("count = 1 }", 'count = "two" }', "rules (number 1).approvals (number 1).count"),
    ("count = 1 }", "count = true }", "rules (number 1).approvals (number 1).count"),
    ("count = 1 }", "count = 51 }", "rules (number 1).approvals (number 1).count"),
    ('from = "approvers", count = 1', "count = 1", "(number 1).from: is missing"),
    ('from = "approvers", count = 1', 'from = "board", count = 1', 'no group "board"'),
    ('[{ from = "approvers", count = 1 }]', "[]", "rules (number 1).approvals"),
    ('requesters = ["buyers"]', 'requesters = ["board"]', 'requesters: there is no group "board"'),
    ('requesters = ["buyers"]', "requesters = []", "rules (number 1).requesters"),
    ('providers = ["kriptomat"]', 'providers = ["oak"]', 'provider "oak" is not enabled'),
    ('providers = ["kriptomat"]', 'assets = ["doge"]', 'offers "doge"'),
    ('quote = "if possible"', 'quote = "perhaps"', "rules (number 1).quote"),
    ('quote = "if possible"', 'quote = "required"', "set up to tell one"),
    ('name = "large"', 'name = "small"', 'two rules are called "small"'),
    ('up_to = "20000 EUR"', 'up_to = "1000 EUR"\nproviders = ["kriptomat"]', "can never match"),
    ('buyers = ["U0ANA", "U0BEN", "U0CLEO"]', "buyers = []", "can never match"),
    ('"U0CLEO", "S0TREASURY"]', '"Cleo"]', "groups.approvers (number 2)"),
    ("count = 2", "count = 4", 'wants 4 approvals from "pair", which has only 2'),
    ('user_id = "1" ', "", "providers.kriptomat.user_id: is missing"),
    ('user_id = "1" ', 'user_id = "1/../2"', "providers.kriptomat.user_id"),
    ("https://api.kriptomat.io", "http://api.kriptomat.io", "must be https"),
    ("https://api.kriptomat.io", "https://api.kriptomat.io?x=1", "providers.kriptomat.base_url"),
    ('assets = ["btc", "eth"]', "assets = []", "providers.kriptomat.assets"),
    ('fee_allowance = "2%"', 'fee_allowance = "100%"', "fee_allowance: write a percentage"),
    ('login = "partners"', 'login = "new"', "providers.kriptomat.login"),
    ('most = "20 EUR"', 'most = "20"', "first_order_at_most: write an amount"),
    ('most = "20 EUR"', 'most = "20 PHP"', "first_order_at_most: it is paid in EUR, not PHP"),
    (
        "# [providers.kriptomat.reading]",
        "[providers.kriptomat.reading]\ncalls_per_minute = 0",
        "reading.calls_per_minute",
    ),
    ("[slack]", "[slack]\nbot_token = 'x'", "slack.bot_token: unknown setting"),
]


PLAIN = [
    ('timezone = "Europe/Ljubljana"', "timezone = 5", "team.timezone: write it in quotes"),
    ('operators = ["U0CLEO"]', 'operators = "U0CLEO"', "team.operators: write a list in square"),
    ("require_reason = true", 'require_reason = "si"', "require_reason: write true or false"),
    ("count = 1", 'count = "two"', "(number 1).count: write a whole number, without quotes"),
    ("count = 1", "count = 0", "(number 1).count: must be at least 1"),
    (
        'approvals = [{ from = "approvers", count = 1 }]',
        "approvals = []",
        "rules (number 1).approvals: must not be empty",
    ),
    ('quote = "none"', 'quote = "some"', "kriptomat.quote: write one of 'none', 'exchange-rate'"),
]
"""What is wrong with the kind of a value, in the words of whoever writes the file."""


def changed(old: str, new: str) -> str:
    """The example with one thing wrong; a second group of two people where the fault needs one."""
    text = broken(old, new)
    if "buyers = []" in text:
        text = text.replace('requesters = ["buyers"]', "", 1)
    if "count = 4" in text:
        text = text.replace('from = "approvers", count = 4', 'from = "pair", count = 4')
        text = text.replace("[groups]", '[groups]\npair = ["U0BEN", "U0CLEO"]')
    return text


@pytest.mark.parametrize(("old", "new", "told"), PLAIN, ids=[new for _, new, _ in PLAIN])
def test_a_value_of_the_wrong_kind_is_told_in_words_of_the_file(
    old: str, new: str, told: str
) -> None:
    """“Tuple should have at least 1 item after validation” is for programmers."""
    said = faults(broken(old, new))
    assert any(told in one for one in said), said
    assert not any("valid" in one or "tuple" in one.lower() for one in said)


@pytest.mark.parametrize(("old", "new", "told"), ONE_FAULT, ids=range(len(ONE_FAULT)))
def test_one_thing_that_is_wrong_is_one_sentence_that_names_it(
    old: str, new: str, told: str
) -> None:
    """The operator has this line and the file; nothing else may be needed to mend it."""
    (sentence,) = faults(changed(old, new))

    assert any(part in sentence for part in told.split("|"))
    assert "\n" not in sentence
    assert "pydantic" not in sentence


def test_the_example_itself_has_no_fault() -> None:
    """Otherwise every case above would tell of something else."""
    assert faults(example()) == []


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("value", [None, ""])
def test_each_secret_that_is_not_set_is_named(name: str, value: str | None) -> None:
    """By the name that it has in the environment."""
    (sentence,) = faults(example(), **{name: value})
    assert sentence.startswith(f"{name.upper()} is not set")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"slack_bot_token": f"xapp-{MARK}"}, "SLACK_BOT_TOKEN does not begin with xoxb-"),
        ({"slack_app_token": f"xoxb-{MARK}"}, "SLACK_APP_TOKEN does not begin with xapp-"),
        ({"slack_bot_token": f" xoxb-{MARK}"}, "SLACK_BOT_TOKEN does not begin with xoxb-"),
        ({"slack_bot_token": f"xoxb-{MARK}\n"}, "SLACK_BOT_TOKEN holds a space, a line break"),
        ({"slack_app_token": f"xapp-{MARK} x"}, "SLACK_APP_TOKEN holds a space, a line break"),
        ({"kriptomat_password": " "}, "KRIPTOMAT_PASSWORD is not set"),
        ({"kriptomat_totp_secret": MARK}, "KRIPTOMAT_TOTP_SECRET: "),
        ({"kriptomat_totp_secret": f"{MARK}!" * 9}, "KRIPTOMAT_TOTP_SECRET: "),
        ({"slack_api_url": "http://slack.example/api/"}, "SLACK_API_URL must be https://"),
        ({"slack_api_url": "slack.com/api"}, "SLACK_API_URL must be https://"),
        ({"slack_api_url": ""}, "SLACK_API_URL must be https://"),
        ({"countersign_database": "postgresql://db/x"}, "COUNTERSIGN_DATABASE: PostgreSQL"),
        ({"countersign_database": "postgres://db/x"}, "COUNTERSIGN_DATABASE: PostgreSQL"),
        ({"countersign_database": " "}, "COUNTERSIGN_DATABASE is empty"),
    ],
)
def test_a_wrong_value_in_the_environment_is_named_and_not_shown(
    changes: dict[str, str], told: str
) -> None:
    """The two tokens are often mixed up; and the log of a first start is often pasted to others."""
    (sentence,) = faults(example(), **changes)

    assert sentence.startswith(told)
    assert MARK not in sentence


@pytest.mark.parametrize("url", ["https://slack.com/api/", "http://127.0.0.1:8700/api/"])
def test_slack_or_a_pretend_slack_on_this_machine_may_be_called(url: str) -> None:
    """The demo and the tests call this machine."""
    assert faults(example(), slack_api_url=url) == []


def test_all_faults_are_told_at_once() -> None:
    """A restart for each of twelve faults is an afternoon; one is a minute."""
    text = broken('expires_after = "8h"', 'expires_after = "soon"')
    text = text.replace('channel = "C0TREASURY"', 'channel = "x"')
    text = text.replace('digest = "weekdays 09:00"', 'digest = "daily"')
    text = text.replace("[team]", "[team]\nnickname = 1")
    text = text.replace("https://api.kriptomat.io", "http://api.kriptomat.io")
    nothing = dict.fromkeys(SECRETS, None)

    told = faults(text, **nothing, slack_api_url="x", countersign_database="")

    names = ["approval.expires_after", "slack.channel", "slack.digest", "team.nickname"]
    names += ["providers.kriptomat.base_url", "SLACK_API_URL", "COUNTERSIGN_DATABASE"]
    for name in [*names, *(secret.upper() for secret in SECRETS)]:
        assert any(name in sentence for sentence in told), name
    assert len(told) == len(set(told)) == len(names) + len(SECRETS)


def test_a_wrong_url_and_a_missing_secret_are_told_together() -> None:
    """A missing secret does not hide what is wrong beside it."""
    told = faults(broken('user_id = "1" ', 'user_id = "a b"'), kriptomat_password=None)
    assert sorted(sentence.split(" ", 1)[0] for sentence in told) == [
        "KRIPTOMAT_PASSWORD",
        "providers.kriptomat.user_id:",
    ]


def test_no_provider_at_all_is_a_fault() -> None:
    """A bot that can buy nowhere answers every request with a refusal."""
    text = example().split("[providers.kriptomat]")[0]
    assert set(faults(text + "[providers]\n")) == {
        "providers: no provider is enabled; add a table such as [providers.kriptomat]",
        'rule "small": provider "kriptomat" is not enabled',
    }
    assert faults(text) == ["providers: is missing"]


READING = [
    ("login_path", "api/v1/login"),
    ("login_path", "//evil.example/login"),
    ("login_path", "@evil.example/login"),
    ("login_path", ""),
    ("buy_path", "https://evil.example/buy"),
    ("buy_path", "/users/{id}/buy"),
    ("buy_path", "/buy?x=1"),
    ("transactions_path", "/transactions?page=1"),
    ("exchange_rate_path", "rates?currency=EUR"),
    ("public_prices_path", "/public prices"),
    ("spent_field", "sum"),
    ("sell_path", "/sell"),
]


@pytest.mark.parametrize(("name", "value"), READING)
def test_a_correction_that_could_lead_elsewhere_is_refused_at_start(name: str, value: str) -> None:
    """The path is glued to the host, and the password travels there; or the first buy crashes."""
    (sentence,) = faults(f'{example()}\n[providers.kriptomat.reading]\n{name} = "{value}"\n')
    assert sentence.startswith(f"providers.kriptomat.reading.{name}: ")


@pytest.mark.parametrize("text", ["[team", "a = ", "x = 1\nx = 2", "\x00"])
def test_what_is_not_toml_is_one_sentence(text: str) -> None:
    """With the line and column that the parser knows."""
    (sentence,) = faults(text)
    assert sentence.startswith("the configuration is not TOML")


def test_a_secret_in_the_file_is_not_shown_by_its_refusal() -> None:
    """Somebody will try to write it there; the refusal names the key only."""
    text = broken("[team]", f'[team]\nkriptomat_password = "{MARK}"')
    text = text.replace('user_id = "1" ', f'user_id = "{MARK} {MARK}"')
    text = text.replace('channel = "C0TREASURY"', f'channel = "xoxb-{MARK}"')
    told = faults(text)

    assert len(told) == 3
    assert not [sentence for sentence in told if MARK in sentence]


def test_the_error_itself_shows_no_secret() -> None:
    """What a traceback would print."""
    with pytest.raises(Faulty) as refused:
        config_of(broken("[team]", "[team]\nx = 1"), environment(slack_bot_token=MARK))
    assert MARK not in f"{refused.value!r} {refused.value} {refused.value.__cause__!r}"
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize("content", [None, b"\xff\xfe", "a folder"])
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, content: object) -> None:
    """No such file, no text, no file at all: each names the path."""
    path = tmp_path / "countersign.toml"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content:
        path.mkdir()

    with pytest.raises(Faulty) as refused:
        load(environment(), path)

    (sentence,) = refused.value.faults
    missing = f"{path}: there is no such file; copy countersign.example.toml there"
    unread = f"{path}: the configuration cannot be read ("
    assert sentence.startswith(unread if content else missing)
