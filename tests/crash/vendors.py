"""The sandboxes as the drama sees them: those of real vendors, and Corner of any kind."""

import json
from typing import Protocol

from providers.sandbox.oak import OakSandbox
from tests.crash.counter import AtCoinsPh
from tests.journeys.oak import RULE, WORDS
from tests.stage import TOML, Stage
from tests.vendors.corner_sandbox import CornerSandbox
from tests.vendors.kinds import Kind


class Vendor(Protocol):
    """What really happened at the vendor, and what can be done to it."""

    asks: str
    """What Ana types to buy there."""
    has_counter: bool
    """An order is paid there by a person whom the bot has told how."""

    async def start(self) -> None:
        """Open its doors, and let the stage's configuration know of it if need be."""
        ...

    async def stop(self) -> None: ...

    def words(self) -> list[str]:
        """What the child's command line says about it."""
        ...

    def arm(self, fault: str, call: str) -> None:
        """Let this happen to the next such request."""
        ...

    @property
    def struck(self) -> bool:
        """No fault waits any more, and what it lets be done is done."""
        ...

    @property
    def posts(self) -> list[bytes]:
        """The body of every request that arrived."""
        ...

    @property
    def keys(self) -> set[str]:
        """The ids of ours in those bodies."""
        ...

    @property
    def entries(self) -> list[str]:
        """The vendor's number of everything that it has booked."""
        ...

    @property
    def bought(self) -> list[str]:
        """The numbers of what has cost money."""
        ...

    @property
    def delivered(self) -> list[str]:
        """The numbers of what has been bought to the end."""
        ...

    def pay(self) -> None:
        """Pay what waits to be paid, if anything does."""
        ...


class AtKriptomat:
    """The stage's own sandbox."""

    asks = "250 EUR btc via kriptomat"
    has_counter = False

    def __init__(self, stage: Stage) -> None:
        self._sandbox = stage.kriptomat
        self._sandbox.book.settle = "at once"

    async def start(self) -> None:
        """The stage has started it."""

    async def stop(self) -> None:
        """The stage stops it."""

    def words(self) -> list[str]:
        return []

    def arm(self, fault: str, call: str) -> None:
        self._sandbox.faults.next(call, fault)

    @property
    def struck(self) -> bool:
        return not self._sandbox.faults.armed()["buy"]["next"]

    @property
    def posts(self) -> list[bytes]:
        return [post.body for post in self._sandbox.posts]

    @property
    def keys(self) -> set[str]:
        return {json.loads(body)["idempotency_key"] for body in self.posts}

    @property
    def entries(self) -> list[str]:
        return [str(entry.id) for entry in self._sandbox.purchases]

    @property
    def bought(self) -> list[str]:
        return [str(entry.id) for entry in self._sandbox.purchases if entry.state != "ERROR"]

    @property
    def delivered(self) -> list[str]:
        return [str(entry.id) for entry in self._sandbox.purchases if entry.state == "SUCCESS"]

    def pay(self) -> None:
        """Nothing is paid by people here."""


class AtOak:
    """Oak Network by the stage's configuration; its purchases are polled for as Corner's are."""

    asks = WORDS
    has_counter = False

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._sandbox = OakSandbox(now=stage.clock.now)
        self._sandbox.book.settle = "after reads"

    async def start(self) -> None:
        await self._sandbox.start()
        self._stage.toml = TOML + RULE.replace("OAK_URL", self._sandbox.base_url)
        self._stage.credentials = self._sandbox.credentials

    async def stop(self) -> None:
        await self._sandbox.stop()

    def words(self) -> list[str]:
        return []

    def arm(self, fault: str, call: str) -> None:
        self._sandbox.faults.next(call, fault)

    @property
    def struck(self) -> bool:
        return not self._sandbox.faults.armed()["buy"]["next"]

    @property
    def posts(self) -> list[bytes]:
        return [post.body for post in self._sandbox.posts]

    @property
    def keys(self) -> set[str]:
        return {json.loads(body)["metadata"]["client_order_id"] for body in self.posts}

    @property
    def entries(self) -> list[str]:
        return [entry.id for entry in self._sandbox.purchases]

    @property
    def bought(self) -> list[str]:
        return [entry.id for entry in self._sandbox.purchases if entry.status != "failed"]

    @property
    def delivered(self) -> list[str]:
        return [one.id for one in self._sandbox.purchases if one.status == "succeeded"]

    def pay(self) -> None:
        """Nothing is paid by people here."""


class AtCorner:
    """Corner of one kind; its purchases need two reads, so that they are polled for."""

    asks = "250 EUR btc via corner"
    has_counter = False

    def __init__(self, stage: Stage, kind: Kind, believed: Kind | None = None) -> None:
        """``believed``: what the bot is told that it is, where that is not so."""
        self._believed = believed or kind
        self._sandbox = CornerSandbox(kind=kind, now=stage.clock.now)
        self._sandbox.shelf.settle = "after reads"

    async def start(self) -> None:
        await self._sandbox.start()

    async def stop(self) -> None:
        await self._sandbox.stop()

    def words(self) -> list[str]:
        return ["--corner", self._sandbox.base_url, "--kind", self._believed.value]

    def arm(self, fault: str, call: str) -> None:
        self._sandbox.faults.next(call, fault)

    @property
    def struck(self) -> bool:
        return not self._sandbox.faults.armed()["buy"]["next"]

    @property
    def posts(self) -> list[bytes]:
        return self._sandbox.posts

    @property
    def keys(self) -> set[str]:
        """Only two kinds are told an id of ours."""
        fields = [json.loads(body) for body in self.posts]
        told = {one.get("key") or one.get("reference") for one in fields}
        return {one for one in told if one is not None}

    @property
    def entries(self) -> list[str]:
        return [str(entry.id) for entry in self._sandbox.purchases]

    @property
    def bought(self) -> list[str]:
        free = {"waiting", "expired", "failed"}
        return [str(one.id) for one in self._sandbox.purchases if one.state not in free]

    @property
    def delivered(self) -> list[str]:
        return [str(one.id) for one in self._sandbox.purchases if one.state == "done"]

    def pay(self) -> None:
        for one in self._sandbox.purchases:
            if one.state == "waiting":
                self._sandbox.shelf.pay(one.id)


def vendor_of(stage: Stage, name: str, believed: Kind | None = None) -> Vendor:
    """A real vendor, or a kind of Corner."""
    match name:
        case "kriptomat":
            return AtKriptomat(stage)
        case "oak":
            return AtOak(stage)
        case "coins_ph":
            return AtCoinsPh(stage)
        case _:
            return AtCorner(stage, Kind(name), believed)
