"""A policy that could never work is refused at start, not on the day somebody wants to buy."""

import pytest

from tests.config.sample import broken, example, faults

RULE = """
[[rules]]
name = "another"
up_to = "50000 EUR"
approvals = [{ from = "approvers", count = 1 }]
"""


def test_faults_of_the_policy_are_told_at_once_too() -> None:
    """Each rule has its own sentence."""
    text = broken('from = "approvers", count = 1', 'from = "board", count = 1')
    text = text.replace('approvers = ["U0BEN", "U0CLEO", "S0TREASURY"]', "approvers = []")
    told = faults(text.replace('readers = ["buyers", "approvers"]', 'readers = ["x"]'))

    assert [sentence for sentence in told if 'rule "small"' in sentence]
    assert [sentence for sentence in told if 'rule "large"' in sentence]
    assert 'team.readers: there is no group "x"' in told


@pytest.mark.parametrize(
    ("rules", "possible"),
    [
        ('[{ from = "one", count = 1 }, { from = "two", count = 1 }]', True),
        ('[{ from = "one", count = 1 }, { from = "same", count = 1 }]', False),
        ('[{ from = "one", count = 1 }, { from = "one", count = 1 }]', False),
        ('[{ from = "one", count = 1 }, { from = "open", count = 3 }]', True),
    ],
)
def test_requirements_that_the_same_person_would_have_to_meet_twice_are_refused(
    rules: str, *, possible: bool
) -> None:
    """Each alone looks fine; together nobody could ever approve."""
    groups = 'one = ["U0ANA"]\nsame = ["U0ANA"]\ntwo = ["U0ANA", "U0BEN"]\nopen = ["S0ALL"]'
    text = broken("[groups]", f"[groups]\n{groups}")
    told = faults(text.replace('[{ from = "approvers", count = 1 }]', rules))

    assert bool(told) is not possible
    assert all("more different people" in sentence for sentence in told)


@pytest.mark.parametrize(
    ("groups", "possible"),
    [
        ('ask = ["U0BEN"]\nsay = ["U0BEN"]', False),
        ('ask = ["U0ANA", "U0BEN"]\nsay = ["U0BEN"]', True),
        ('ask = ["U0ANA", "U0BEN"]\nsay = ["U0ANA", "U0BEN"]', True),
        ('ask = ["U0BEN", "S0ALL"]\nsay = ["U0BEN"]', True),
        ('ask = ["U0BEN"]\nsay = ["U0BEN", "S0ALL"]', True),
    ],
)
def test_a_rule_whose_askers_would_have_to_approve_themselves_is_refused(
    groups: str, *, possible: bool
) -> None:
    """Every request would be refused, for ever; better at start than on the day of the first."""
    text = broken("[groups]", f"[groups]\n{groups}")
    text = text.replace('requesters = ["buyers"]', 'requesters = ["ask"]', 1)
    told = faults(text.replace('from = "approvers", count = 1', 'from = "say", count = 1'))

    impossible = (
        'rule "small" can never be approved: whoever may ask for it would have to approve it too'
    )
    assert told == ([] if possible else [impossible])


def test_a_later_rule_that_an_earlier_one_takes_everything_from_is_told() -> None:
    """The first that matches decides: such a rule is a misunderstanding."""
    assert faults(example() + RULE) == []
    told = faults(example() + RULE + RULE.replace("another", "hidden").replace("50000", "49999"))
    (sentence,) = told
    assert sentence.startswith('rule "hidden" can never match: "another" stands before it')


def test_a_rule_that_wants_a_crowd_is_refused_before_anybody_is_matched() -> None:
    """Matching people to seats grows with their product; nobody collects a hundred approvals."""
    many = ", ".join('{ from = "approvers", count = 50 }' for _ in range(40))
    told = faults(example().replace('[{ from = "approvers", count = 1 }]', f"[{many}]"))

    assert told == ['rule "small": wants more than 100 approvals in all']
