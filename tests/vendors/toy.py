"""Toy's client as it stands on the page ``docs/adding-a-provider.md``, and a bench at it."""

import importlib.util
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import cast

from bot.domain.money import Money
from providers.base import Provider
from providers.http import Deadlines
from tests.conformance.subjects import SHORT, Bench, Subject
from tests.providers.stage import Clock
from tests.vendors.toy_sandbox import SECRET, ToySandbox

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-provider.md"
MODULE = "toy_of_the_page"


def blocks(text: str) -> list[str]:
    """The blocks of Python of a page."""
    return re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


@contextmanager
def imported(path: Path) -> Iterator[ModuleType]:
    """The module in this file, known by name as long as it is used."""
    spec = importlib.util.spec_from_file_location(MODULE, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[MODULE] = module
    try:
        spec.loader.exec_module(module)
        yield module
    finally:
        del sys.modules[MODULE]


def client(
    module: ModuleType,
    sandbox: ToySandbox,
    now: Callable[[], datetime],
    *,
    deadlines: Deadlines | None = None,
    **reading: object,
) -> Provider:
    """A client of the page that may come in; ``reading`` is what it should read otherwise."""
    settings = module.ToySettings.model_validate(
        {"base_url": sandbox.base_url, "secret": SECRET, "reading": reading}
    )
    return cast("Provider", module.Toy(settings, now=now, deadlines=deadlines))


def subject(module: ModuleType) -> Subject:
    """How Toy joins the conformance kit."""

    def sit(sandbox: ToySandbox, clock: Clock) -> Bench:
        shelf = sandbox.shelf

        def put(amount: Money, key: str) -> None:
            shelf.buy("btc", amount.amount, reference=key)

        def page(rows: int) -> None:
            sandbox.page_size = rows

        def skew(behind: timedelta) -> None:
            shelf.behind = behind

        def release(quantity: Decimal) -> None:
            shelf.entries[-1].quantity = quantity

        return Bench(
            provider=client(module, sandbox, clock.now, deadlines=SHORT),
            clock=clock,
            sandbox=sandbox,
            bought=lambda: len(shelf.entries),
            posts=lambda: list(sandbox.posts),
            put=put,
            page=page,
            skew=skew,
            release=release,
            expire=lambda: sandbox.faults.next("list", "expired token"),
            secrets=lambda: [SECRET],
            logs_in=False,
        )

    return Subject("toy", lambda clock: ToySandbox(now=clock.now), sit)
