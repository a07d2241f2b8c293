"""Budgets that make no sense, and what they leave uncovered, are told when the bot starts."""

import tomllib

import pytest

from bot.budget_faults import never_in_full
from tests.config.sample import EXAMPLE, broken, example, faults, load

GROUPS = """
interns = ["U0DAN"]
both = ["U0ANA", "U0DAN"]
nobody = []
"""

OAK = """
[providers.oak]
base_url = "https://payments.oaknetwork.org"
provider = "bridge"
payment_method = "w"
customer_id = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
amount_unit = "minor"

[[rules]]
name = "dollars"
providers = ["oak"]
up_to = "1000 USD"
approvals = [{ from = "approvers", count = 2 }]
"""


def with_budgets(text: str, *budgets: str) -> str:
    """The example with these budgets in the place of its own, and a few more groups."""
    before, after = text.split("[[budgets]]", 1)
    rest = after[after.index("[providers.kriptomat]") :]
    tables = "\n".join(f"[[budgets]]\n{one}\n" for one in budgets)
    return f"{before}{tables}{rest}".replace("[groups]", f"[groups]{GROUPS}")


def told(*budgets: str) -> list[str]:
    return faults(with_budgets(example(), *budgets))


ALL = 'name = "all"\nlimit = "50000 EUR"\nper = "month"'


def test_without_budgets_only_the_rules_limit() -> None:
    """They can be left out altogether."""
    assert load(with_budgets(example())).policy.budgets == ()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('per = "month"', 'per = "year"', 'budgets (number 1).per: write "day", "week", "month"'),
        ('per = "month"', "per = 30", "budgets (number 1).per: write"),
        ('limit = "50000 EUR"', 'limit = "50000"', "budgets (number 1).limit: write an amount"),
        ('limit = "50000 EUR"', 'limit = "0 EUR"', "is not an amount"),
        ('name = "ether"', 'name = ""', "budgets (number 2).name"),
        ('name = "ether"', 'label = "ether"', "budgets (number 2).label: unknown setting"),
        ('assets = ["eth"]', "assets = []", "budgets (number 2).assets"),
    ],
)
def test_what_cannot_be_read_is_named(old: str, new: str, says: str) -> None:
    """A mistyped limit must never become none."""
    assert any(says in sentence for sentence in faults(broken(old, new)))


@pytest.mark.parametrize(
    ("budget", "sentence"),
    [
        ('requesters = ["board"]', 'budget "b": requesters: there is no group "board"'),
        (
            'requesters = ["nobody"]',
            'budget "b" covers nothing: nobody is in its groups of requesters',
        ),
        ('providers = ["oak"]', 'budget "b": provider "oak" is not enabled'),
        ('assets = ["doge"]', 'budget "b": no provider of it offers "doge"'),
    ],
)
def test_a_budget_that_names_what_does_not_exist_is_refused(budget: str, sentence: str) -> None:
    """It would limit nothing, and everybody would believe that it does."""
    assert told(ALL, f'name = "b"\nlimit = "5 EUR"\nper = "day"\n{budget}') == [sentence]


def test_a_budget_in_a_currency_that_nobody_is_paid_in_is_refused() -> None:
    """No order could ever draw on it."""
    sentence = 'budget "b": no provider of it can be paid in USD'
    assert told(ALL, 'name = "b"\nlimit = "5 USD"\nper = "day"') == [sentence]


def test_two_budgets_of_one_name_are_refused() -> None:
    """People tell them apart by nothing else, and so do the records."""
    assert told(ALL, ALL) == [
        'budgets: two budgets are called "all"; names are shown to people and must differ'
    ]


def test_a_rule_in_a_currency_without_a_budget_is_told() -> None:
    """All its orders would be refused."""
    text = with_budgets(example(), ALL) + OAK
    secrets = {"oak_client_id": "id-0123456789", "oak_client_secret": "0123456789abcdef"}
    (sentence,) = faults(text, **secrets)
    assert sentence.startswith('rule "dollars": no budget is in USD; where there are budgets,')
    covered = text + '[[budgets]]\nname = "usd"\nlimit = "5000 USD"\nper = "week"\n'
    assert faults(covered, **secrets) == []


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ('assets = ["btc"]', "covers any order for eth at kriptomat"),
        ('requesters = ["interns"]', 'covers orders of U0ANA, U0BEN, U0CLEO from "buyers"'),
        ('requesters = ["both"]', 'covers orders of U0BEN, U0CLEO from "buyers"'),
        (
            'requesters = ["both"]\nassets = ["eth"]',
            'covers orders of U0BEN, U0CLEO from "buyers" for eth at kriptomat',
        ),
    ],
)
def test_exactly_what_no_budget_covers_is_named(limits: str, says: str) -> None:
    """Nobody should have to work out which of forty combinations was forgotten."""
    sentences = told(f'name = "b"\nlimit = "50000 EUR"\nper = "day"\n{limits}')

    for rule in ("small", "large"):
        assert f'rule "{rule}": no budget in EUR {says}' in sentences


def test_several_budgets_cover_together_what_none_does_alone() -> None:
    """One for each asset, one for each part of the buyers."""
    parts = [
        ('assets = ["btc"]', "day"),
        ('assets = ["eth"]\nrequesters = ["both"]', "week"),
        ('assets = ["eth"]\nrequesters = ["approvers"]', "month"),
    ]
    budgets = [
        f'name = "b{n}"\nlimit = "50000 EUR"\nper = "{per}"\n{limits}'
        for n, (limits, per) in enumerate(parts)
    ]
    assert told(*budgets) == []
    assert told(*budgets[:2]) != []


def test_a_rule_for_anybody_needs_a_budget_for_anybody() -> None:
    """Whoever is in no group of a budget could buy without a limit otherwise."""
    text = with_budgets(
        example().replace('requesters = ["buyers"]', "", 1),
        'name = "b"\nlimit = "50000 EUR"\nper = "day"\nrequesters = ["buyers"]',
    )
    assert faults(text) == [
        'rule "small": no budget in EUR covers orders of people outside of "buyers"'
    ]


@pytest.mark.parametrize(
    ("limits", "tells"),
    [
        ("", True),
        ('assets = ["eth"]', True),
        ('requesters = ["buyers"]', True),
        ('requesters = ["interns"]', False),
        ('requesters = ["approvers"]', True),
    ],
)
def test_a_rule_that_allows_more_than_a_budget_has_is_no_fault_but_worth_a_word(
    limits: str, *, tells: bool
) -> None:
    """A budget may be meant for a part of what a rule allows; somebody should know it."""
    small = f'name = "b"\nlimit = "1500 EUR"\nper = "day"\n{limits}'
    policy = load(with_budgets(example(), ALL, small)).policy

    sentence = (
        'rule "large" allows up to 20,000.00 EUR for one order, and budget "b" never has more than'
        " 1,500.00 EUR"
    )
    assert list(never_in_full(policy)) == ([sentence] if tells else [])


def test_the_budgets_of_their_page_are_those_of_the_example() -> None:
    """Both are copied from; neither may be older than the other."""
    page = (EXAMPLE.parent / "docs" / "budgets.md").read_text(encoding="utf-8")
    shown = tomllib.loads(page.split("```toml", 1)[1].split("```", 1)[0])
    assert shown["budgets"] == tomllib.loads(example())["budgets"]


def test_the_fault_of_their_page_is_told_in_the_words_of_their_page() -> None:
    """Somebody who has it before their eyes looks for just these words."""
    page = " ".join((EXAMPLE.parent / "docs" / "budgets.md").read_text(encoding="utf-8").split())
    limits = 'requesters = ["rest"]\nassets = ["eth"]'
    some = f'name = "b"\nlimit = "50000 EUR"\nper = "day"\n{limits}'
    rest = 'name = "c"\nlimit = "50000 EUR"\nper = "day"\nassets = ["btc"]'
    text = with_budgets(example(), some, rest).replace(
        "[groups]", '[groups]\nrest = ["U0BEN", "U0CLEO"]'
    )
    (fault, _) = faults(text)
    assert f"`{fault}`" in page
