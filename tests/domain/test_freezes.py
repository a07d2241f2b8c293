"""Which freeze stops which order."""

import pytest
from hypothesis import given

from bot.domain.freezes import Freeze, Scope, stopped_by
from bot.domain.orders import Terms
from tests.domain.sample import BEN, NOW, any_terms, terms


def freeze(scope: Scope, name: str = "", number: int = 1) -> Freeze:
    return Freeze(id=number, scope=scope, name=name, reason="why", set_by=BEN, set_at=NOW)


@pytest.mark.parametrize(
    ("one", "stops"),
    [
        (freeze(Scope.EVERYTHING), True),
        (freeze(Scope.PROVIDER, "kriptomat"), True),
        (freeze(Scope.PROVIDER, "oak"), False),
        (freeze(Scope.PROVIDER, "btc"), False),
        (freeze(Scope.ASSET, "btc"), True),
        (freeze(Scope.ASSET, "eth"), False),
        (freeze(Scope.ASSET, "kriptomat"), False),
    ],
    ids=range(7),
)
def test_a_freeze_stops_what_it_names_and_nothing_else(one: Freeze, stops: bool) -> None:
    """A provider that is called like an asset must not be mistaken for it."""
    assert one.stops(terms()) is stops


@given(any_terms())
def test_everything_is_everything(said: Terms) -> None:
    """Whatever is bought, wherever."""
    assert stopped_by([freeze(Scope.EVERYTHING)], said) is not None
    assert stopped_by([], said) is None


def test_the_oldest_of_several_freezes_is_named() -> None:
    """People are told one reason at a time, always the same one."""
    both = [freeze(Scope.ASSET, "btc", 1), freeze(Scope.EVERYTHING, "", 2)]
    found = stopped_by(both, terms())
    assert found is not None
    assert found.id == 1
