"""Fixtures of the provider tests: success and failure share them, so only the fault differs.

A vendor's sandbox and its client are given the same clock, and every client is closed in the end.
"""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from providers.http import Deadlines, Http
from providers.kriptomat import Kriptomat
from providers.kriptomat_paths import KriptomatReading, KriptomatSettings
from providers.sandbox.kriptomat import KriptomatSandbox
from tests.providers.stage import TOKEN, Clock, RawServer, deadlines_of


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def raw() -> AsyncIterator[RawServer]:
    server = RawServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def deadlines(request: pytest.FixtureRequest) -> Deadlines:
    """The product's own, and short ones where the fault in the test's name is silence."""
    return deadlines_of(request.node.name)


@pytest.fixture
async def raw_http(raw: RawServer, deadlines: Deadlines) -> AsyncIterator[Http]:
    """The seam, pointed at the server that lies."""
    http = Http(raw.url, vendor="raw", now=Clock().now, deadlines=deadlines)
    yield http
    await http.aclose()


@pytest.fixture
async def kriptomat_sandbox(clock: Clock) -> AsyncIterator[KriptomatSandbox]:
    sandbox = KriptomatSandbox(now=clock.now)
    sandbox.book.settle = "at once"
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


def kriptomat_settings(sandbox: KriptomatSandbox, **changes: Any) -> KriptomatSettings:
    """Settings that fit the sandbox, but for ``changes``."""
    known = {
        name.removeprefix("KRIPTOMAT_").lower(): value
        for name, value in sandbox.credentials.items()
    }
    return KriptomatSettings.model_validate(
        {
            "base_url": sandbox.base_url,
            "user_id": sandbox.account.user_id,
            "assets": {"btc", "eth"},
            "fee_allowance": Decimal("0.02"),
            "reading": KriptomatReading(calls_per_minute=None),
            **known,
            **changes,
        }
    )


class KriptomatMaker:
    """Clients of the sandbox, all closed in the end."""

    def __init__(self, sandbox: KriptomatSandbox, clock: Clock, deadlines: Deadlines) -> None:
        self._sandbox = sandbox
        self._clock = clock
        self._deadlines = deadlines
        self.made: list[Kriptomat] = []

    def __call__(self, **changes: Any) -> Kriptomat:
        settings = kriptomat_settings(self._sandbox, **changes)
        clock, times = self._clock, self._deadlines
        client = Kriptomat(settings, now=clock.now, sleep=clock.sleep, deadlines=times)
        self.made.append(client)
        return client


@pytest.fixture
async def make_kriptomat(
    kriptomat_sandbox: KriptomatSandbox, clock: Clock, deadlines: Deadlines
) -> AsyncIterator[KriptomatMaker]:
    maker = KriptomatMaker(kriptomat_sandbox, clock, deadlines)
    yield maker
    for client in maker.made:
        await client.aclose()


@pytest.fixture
def kriptomat(make_kriptomat: KriptomatMaker) -> Kriptomat:
    return make_kriptomat()


@pytest.fixture
async def lied_to(raw: RawServer, clock: Clock, deadlines: Deadlines) -> AsyncIterator[Kriptomat]:
    """A client whose login works and whose every other answer is the test's."""
    raw.replies = [TOKEN]
    settings = KriptomatSettings.model_validate(
        {
            "base_url": raw.url,
            "user_id": "1",
            "assets": ["btc"],
            "email": "a@example.test",
            "password": "p4ssw0rd",
            "client_id": "5",
            "client_secret": "cl13nt",
            "totp_secret": "JBSWY3DPEHPK3PXP",
        }
    )
    client = Kriptomat(settings, now=clock.now, sleep=clock.sleep, deadlines=deadlines)
    yield client
    await client.aclose()
