"""What loads and may still not be what somebody meant: a sentence each, and none without reason."""

from collections.abc import Sequence

import pytest

from bot.config import policy_of
from bot.policy_remarks import remarks
from bot.settings import File
from bot.tables import Offer

ANA, BEN, CLEO = "U0ANA", "U0BEN", "U0CLEO"
GROUPS = {"buyers": [ANA, BEN], "board": [BEN, CLEO], "heads": ["S0HEADS"]}
OFFERS = {
    "kriptomat": Offer(frozenset({"EUR"}), frozenset({"btc", "eth"}), tells_price=False),
    "oak": Offer(frozenset({"EUR", "USD"}), frozenset({"usdc"}), tells_price=False),
}


def rule(
    name: str, up_to: str = "1000 EUR", of: str = "heads", **given: object
) -> dict[str, object]:
    return {"name": name, "up_to": up_to, "approvals": [{"from": of, "count": 1}], **given}


def budget(name: str, limit: str = "5000 EUR", per: str = "month", **given: object) -> object:
    return {"name": name, "limit": limit, "per": per, **given}


def told(rules: Sequence[object], budgets: Sequence[object] = ()) -> list[str]:
    """All remarks but those about groups, which these policies leave unused."""
    data = {
        "slack": {"channel": "C0TREASURY"},
        "groups": GROUPS,
        "rules": rules,
        "budgets": budgets,
        "providers": {"kriptomat": {"user_id": "1", "assets": ["btc", "eth"]}},
    }
    found = remarks(policy_of(File.model_validate(data)), OFFERS)
    return [one for one in found if not one.startswith("group")]


BTC, ETH = rule("btc", assets=["btc"]), rule("eth", assets=["eth"])
USDC = rule("usdc", providers=["oak"])


@pytest.mark.parametrize(
    ("earlier", "late", "takers"),
    [
        ([BTC, ETH, USDC], rule("late"), '"btc" and "eth" and "usdc"'),
        ([BTC, ETH], rule("late", providers=["kriptomat"]), '"btc" and "eth"'),
        (
            [rule("ana", requesters=["buyers"]), rule("cleo", requesters=["board"])],
            rule("late", requesters=["buyers", "board"]),
            '"ana" and "cleo"',
        ),
        ([BTC, ETH], rule("late"), None),
        ([BTC, rule("eth", "999 EUR", assets=["eth"])], rule("late", assets=["eth"]), None),
        ([rule("usd", "1000 USD")], rule("late"), None),
        ([rule("ana", requesters=["buyers"])], rule("late"), None),
        ([rule("ana", requesters=["buyers"])], rule("late", requesters=["heads"]), None),
    ],
)
def test_a_rule_that_earlier_ones_hide_together_is_told(
    earlier: list[object], late: object, takers: str | None
) -> None:
    """One rule that hides another is a fault of start-up; several were seen by nobody."""
    sentence = f'rule "late" is never reached: {takers} take everything before it'
    assert told([*earlier, late]) == ([] if takers is None else [sentence])


def test_people_who_may_ask_and_can_never_be_approved_are_named() -> None:
    """They would learn it on the day on which they want to buy."""
    lonely = rule("r", of="board", requesters=["buyers"])
    lonely["approvals"] = [{"from": "board", "count": 2}]
    (sentence,) = told([lonely])
    assert sentence.startswith('rule "r": what U0BEN would ask for can never be approved')
    assert told([rule("r", of="board", requesters=["buyers"])]) == []


@pytest.mark.parametrize(
    ("budgets", "idle"),
    [
        ([budget("a"), budget("b", "6000 EUR")], ('"b"', '"a"')),
        ([budget("a"), budget("b", "5000 EUR")], ('"b"', '"a"')),
        ([budget("a", assets=["btc"]), budget("b", "4000 EUR")], ('"a"', '"b"')),
        ([budget("a", per="32d"), budget("b")], ('"b"', '"a"')),
        ([budget("a", per="30d"), budget("b", per="7d")], ('"b"', '"a"')),
        ([budget("a", requesters=["buyers"]), budget("b")], ('"a"', '"b"')),
        ([budget("a", per="31d"), budget("b")], None),
        ([budget("a", per="week"), budget("b", per="month")], None),
        ([budget("a", per="month"), budget("b", per="week")], None),
        ([budget("a"), budget("b", "4000 EUR", assets=["btc"])], None),
        ([budget("a"), budget("b", "4000 EUR", requesters=["board"])], None),
        ([budget("a", requesters=["heads"]), budget("b", "6000 EUR", requesters=["board"])], None),
    ],
)
def test_a_budget_behind_another_that_always_runs_out_first_is_told(
    budgets: list[object], idle: tuple[str, str] | None
) -> None:
    """Whoever wrote it believes that it limits something."""
    sentences = [] if idle is None else [f"budget {idle[0]} never binds: {idle[1]} always runs out"]
    found = told([rule("r")], budgets)
    assert [one.removesuffix(" first") for one in found] == sentences


def test_a_budget_of_what_no_rule_allows_is_told() -> None:
    """It covers nothing."""
    small = rule("small", assets=["btc"], requesters=["buyers"])
    nothing = 'budget "b" never binds: no rule allows what it covers'
    assert told([small], [budget("b", assets=["eth"])]) == [nothing]
    assert told([small], [budget("b", "5 USD")]) == [nothing]
    assert told([small], [budget("b", requesters=["board"])]) == []
    only_ana = rule("small", requesters=["buyers"])
    assert told([only_ana], [budget("b", requesters=["heads"])]) == []


def test_a_group_that_nothing_names_is_told() -> None:
    """Perhaps a rule was to name it."""
    data = {
        "slack": {"channel": "C0TREASURY"},
        "groups": GROUPS,
        "team": {"readers": ["board"]},
        "rules": [rule("r")],
        "providers": {"kriptomat": {"user_id": "1", "assets": ["btc"]}},
    }
    assert list(remarks(policy_of(File.model_validate(data)), OFFERS)) == [
        'group "buyers" is named by no rule, budget or readers'
    ]
