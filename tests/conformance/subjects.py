"""The vendors under test: a ``Subject`` is a name and how to open a ``Bench`` of it.

To add a vendor, write a Bench over its sandbox (whose ``faults`` hold ``TRANSPORT`` and the notes
that are named in ``NOTES``) and add one line to ``SUBJECTS``. The suite does the rest.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Protocol

from bot.domain.capabilities import Lookup
from bot.domain.money import Money
from providers.base import Provider, Purchase
from providers.coins_ph import CoinsPh
from providers.http import Deadlines
from providers.kriptomat import Kriptomat
from providers.oak import Oak
from providers.sandbox.coins_ph import CoinsPhSandbox
from providers.sandbox.faults import Faults
from providers.sandbox.kriptomat import KriptomatSandbox
from providers.sandbox.oak import OakSandbox
from tests.providers.coins_ph_stage import Memory, coins_ph_settings, reading
from tests.providers.conftest import kriptomat_settings
from tests.providers.oak_stage import oak_settings
from tests.providers.stage import KEY, Clock, purchase
from tests.vendors.corner_sandbox import CornerSandbox
from tests.vendors.kinds import Kind

SHORT = Deadlines(
    connect=1, pool=0.2, write=1, read=0.6, total=1.2, read_attempts=2, read_wait=0.01
)
"""The loopback is fast, and silence is wanted often; a busy machine wants a second all the same."""

NOTES = frozenset(
    {
        "refused",
        "error inside before",
        "error inside after",
        "expired token",
        "listed late",
        "unknown word",
        "ends early",
        "login refused",
    }
)
"""What a vendor's sandbox must be able to do beside the faults of ``TRANSPORT``."""


class Sandbox(Protocol):
    """What any sandbox has."""

    faults: Faults
    logins: int

    async def start(self, port: int = 0) -> None: ...
    async def stop(self) -> None: ...


@dataclass(kw_only=True, repr=False)
class Bench:
    """One open subject: the client under test, and the controls of its vendor."""

    provider: Provider
    clock: Clock
    sandbox: Sandbox
    bought: Callable[[], int]
    """How many purchases really happened."""
    posts: Callable[[], list[bytes]]
    """The bodies of all buy requests that arrived."""
    put: Callable[[Money, str], object]
    """A stranger buys for this amount, under this key, past our client."""
    page: Callable[[int], None]
    """Set the number of rows on a page of the list, newest first."""
    skew: Callable[[timedelta], None]
    """Set the vendor's clock back, as its rows tell the time."""
    release: Callable[[Decimal], None]
    """Let the newest purchase have received another quantity than was ordered."""
    expire: Callable[[], None]
    """All tokens that were granted are good no more."""
    secrets: Callable[[], list[str]]
    """What must never be said, tokens included."""
    repeats: Mapping[str, Callable[[], None]] = field(default_factory=dict)
    """Switches between the answers that the vendor may give to a key that it has seen."""
    fault_names: Mapping[str, str] = field(default_factory=dict)
    """Names of ``NOTES`` that the sandbox spells differently."""
    currency: str = "EUR"
    asset: str = "btc"
    sent: bytes = b'"250.00"'
    """How an amount of 250 stands in the body of a draft."""
    logs_in: bool = True
    """False: there is no login; a wrong key is noticed at the first look."""

    def break_next(self, fault: str, op: str = "buy", **more: Any) -> None:
        """Strike the next call of an operation: login, buy, list or price."""
        self.sandbox.faults.next(self._op(op), self.fault_names.get(fault, fault), **more)

    def break_all(self, fault: str, op: str, **more: Any) -> None:
        """Strike every call of an operation from now on."""
        self.sandbox.faults.standing(self._op(op), self.fault_names.get(fault, fault), **more)

    def purchase(self, amount: str = "250", key: str = KEY) -> Purchase:
        """What all tests want to buy."""
        wish = purchase(self.money(amount), asset=self.asset, key=key)
        return replace(wish, currency=self.currency)

    def money(self, amount: str) -> Money:
        """So much of what the vendor takes."""
        return Money.of(amount, self.currency)

    def listed(self, count: int) -> int:
        """How many of so many purchases a vendor of this kind can show in a list."""
        return 0 if self.provider.sheet.lookup is Lookup.NONE else count

    def _op(self, op: str) -> str:
        return "list" if op == "login" and not self.logs_in else op


@dataclass(frozen=True, slots=True)
class Subject:
    """A vendor: ``make`` gives its sandbox, ``sit`` a bench at it once it has started."""

    name: str
    make: Callable[[Clock], Any]
    sit: Callable[[Any, Clock], Bench]


def _kriptomat_sandbox(clock: Clock) -> KriptomatSandbox:
    sandbox = KriptomatSandbox(now=clock.now)
    sandbox.book.settle = "at once"
    sandbox.behaviour.single_use_codes = False
    return sandbox


def _kriptomat(sandbox: KriptomatSandbox, clock: Clock) -> Bench:
    def put(amount: Money, key: str) -> None:
        sandbox.book.book(sandbox.account.user_id, key, "btceur", amount.amount)

    def page(rows: int) -> None:
        sandbox.behaviour.page_size = rows

    def skew(behind: timedelta) -> None:
        sandbox.book.now = lambda: clock.now() - behind

    def release(quantity: Decimal) -> None:
        sandbox.book.entries[-1].quantity = quantity

    def secrets() -> list[str]:
        known = {k: v for k, v in sandbox.credentials.items() if k != "KRIPTOMAT_CLIENT_ID"}
        return [*known.values(), *sandbox._tokens]

    settings = kriptomat_settings(sandbox, quote="exchange-rate")
    answers = ("replay", "409 with id", "error without id")
    return Bench(
        provider=Kriptomat(settings, now=clock.now, sleep=clock.sleep, deadlines=SHORT),
        clock=clock,
        sandbox=sandbox,
        bought=lambda: len(sandbox.purchases),
        posts=lambda: [post.body for post in sandbox.posts],
        put=put,
        page=page,
        skew=skew,
        release=release,
        expire=sandbox.expire_tokens,
        secrets=secrets,
        repeats={name: partial(setattr, sandbox.behaviour, "duplicate", name) for name in answers},
        fault_names={
            "error inside before": "status false before",
            "error inside after": "status false after",
        },
    )


def _oak_sandbox(clock: Clock) -> OakSandbox:
    sandbox = OakSandbox(now=clock.now)
    sandbox.book.settle = "at once"
    return sandbox


def _oak(sandbox: OakSandbox, clock: Clock) -> Bench:
    def page(rows: int) -> None:
        sandbox.behaviour.most_rows = rows

    def skew(behind: timedelta) -> None:
        sandbox.book.behind = behind

    def release(quantity: Decimal) -> None:
        sandbox.book.entries[-1].quantity = quantity

    return Bench(
        provider=Oak(oak_settings(sandbox), now=clock.now, deadlines=SHORT),
        clock=clock,
        sandbox=sandbox,
        bought=lambda: len(sandbox.purchases),
        posts=lambda: [post.body for post in sandbox.posts],
        put=lambda amount, key: sandbox.put(amount.amount, {"client_order_id": key}),
        page=page,
        skew=skew,
        release=release,
        expire=sandbox.expire_tokens,
        secrets=lambda: [*sandbox.credentials.values(), *sandbox._tokens],
        currency="USD",
        asset="usdc",
        sent=b'"amount":25000',
    )


def _corner(sandbox: CornerSandbox, clock: Clock) -> Bench:
    def page(rows: int) -> None:
        sandbox.page_size = rows

    def put(amount: Money, key: str) -> None:
        sandbox.shelf.buy("btc", amount.amount, key=key, reference=key)

    def skew(behind: timedelta) -> None:
        sandbox.shelf.behind = behind

    def release(quantity: Decimal) -> None:
        sandbox.shelf.entries[-1].quantity = quantity

    answers = ("replay", "409 with id", "409 without id")
    keyed = sandbox.kind is Kind.NATIVE_KEY
    return Bench(
        provider=sandbox.client(clock.now, deadlines=SHORT),
        clock=clock,
        sandbox=sandbox,
        bought=lambda: len(sandbox.purchases),
        posts=lambda: list(sandbox.posts),
        put=put,
        page=page,
        skew=skew,
        release=release,
        expire=sandbox.tokens.clear,
        secrets=lambda: [sandbox.secret, *sandbox.tokens],
        repeats={name: partial(setattr, sandbox, "duplicate", name) for name in answers}
        if keyed
        else {},
    )


def _corner_sandbox(clock: Clock, *, kind: Kind) -> CornerSandbox:
    return CornerSandbox(kind=kind, now=clock.now)


def _coins_ph(sandbox: CoinsPhSandbox, clock: Clock) -> Bench:
    def page(rows: int) -> None:
        sandbox.behaviour.page_size = rows

    def skew(behind: timedelta) -> None:
        sandbox.book.behind = behind

    settings = coins_ph_settings(sandbox, reading=reading(on_401="again"))
    return Bench(
        provider=CoinsPh(settings, now=clock.now, nonces=Memory(), deadlines=SHORT),
        clock=clock,
        sandbox=sandbox,
        bought=lambda: len(sandbox.purchases),
        posts=lambda: [post.body for post in sandbox.posts],
        put=lambda amount, _key: sandbox.book.create(pesos=amount.amount),
        page=page,
        skew=skew,
        release=lambda quantity: sandbox.release(sandbox.purchases[-1].id, quantity),
        expire=partial(sandbox.faults.next, "list", "nonce refused"),
        secrets=lambda: [*sandbox.credentials.values(), sandbox.account.token],
        fault_names={
            "error inside before": "errors inside before",
            "error inside after": "errors inside after",
            "expired token": "nonce refused",
            "login refused": "key refused",
        },
        currency="PHP",
        logs_in=False,
    )


def _coins_ph_sandbox(clock: Clock) -> CoinsPhSandbox:
    return CoinsPhSandbox(now=clock.now)


SUBJECTS = (
    Subject("kriptomat", _kriptomat_sandbox, _kriptomat),
    Subject("coins_ph", _coins_ph_sandbox, _coins_ph),
    Subject("oak", _oak_sandbox, _oak),
    *(Subject(f"corner {kind}", partial(_corner_sandbox, kind=kind), _corner) for kind in Kind),
)
