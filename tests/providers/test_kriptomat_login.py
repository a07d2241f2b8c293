"""Kriptomat's login: shared, renewed in time, careful with one-time codes, silent about secrets.

No login buys anything, so whatever goes wrong here the order waits.
"""

import asyncio
import json
from typing import Any

import pytest
import structlog
from pydantic import ValidationError

from providers.base import Unavailable
from providers.kriptomat import Kriptomat
from providers.kriptomat_paths import KriptomatReading
from providers.sandbox.kriptomat import KriptomatSandbox
from tests.providers.conftest import KriptomatMaker, kriptomat_settings
from tests.providers.stage import Clock, purchase


async def test_one_login_serves_everybody_who_waits(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox
) -> None:
    """A one-time code is good for one login: ten callers must not make ten."""
    await asyncio.gather(*(kriptomat.check() for _ in range(10)))
    assert kriptomat_sandbox.logins == 1


async def test_one_login_replaces_the_token_that_all_of_them_lost(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox, clock: Clock
) -> None:
    """Ten 401s are one stale token."""
    await kriptomat.check()
    kriptomat_sandbox.expire_tokens()
    clock.advance(30)
    await asyncio.gather(*(kriptomat.check() for _ in range(10)))
    assert kriptomat_sandbox.logins == 2


async def test_a_token_is_renewed_a_minute_before_its_end(
    kriptomat: Kriptomat, clock: Clock, kriptomat_sandbox: KriptomatSandbox
) -> None:
    """A purchase should not be the one to find out that the session is over."""
    await kriptomat.check()
    clock.advance(3539)
    await kriptomat.check()
    assert kriptomat_sandbox.logins == 1
    clock.advance(2)
    await kriptomat.check()
    assert kriptomat_sandbox.logins == 2


async def test_a_code_used_up_is_followed_by_one_of_the_next_window(
    make_kriptomat: KriptomatMaker, clock: Clock
) -> None:
    """Two clients, or a restart, within thirty seconds: the second waits for its own code."""
    await make_kriptomat().check()
    await make_kriptomat().check()
    assert clock.slept == [20.5]


async def test_a_code_refused_twice_is_a_reason_to_stop(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox, clock: Clock
) -> None:
    """The secret or the clock is wrong; the reason says which field the vendor dislikes."""
    kriptomat_sandbox.faults.standing("login", "code refused")
    with pytest.raises(Unavailable, match="security_code"):
        await kriptomat.check()
    assert kriptomat_sandbox.logins == 2


async def test_a_refused_login_is_not_repeated_for_a_minute(
    make_kriptomat: KriptomatMaker,
    kriptomat_sandbox: KriptomatSandbox,
    clock: Clock,
) -> None:
    """Many orders wait on one wrong password; vendors lock accounts that guess."""
    kriptomat = make_kriptomat(password="wrong")
    for _ in range(3):
        with pytest.raises(Unavailable, match="refuses the login") as caught:
            await kriptomat.buy(kriptomat.draft(purchase()))
    assert caught.value.after == 60
    assert kriptomat_sandbox.logins == 1
    clock.advance(61)
    with pytest.raises(Unavailable):
        await kriptomat.check()
    assert kriptomat_sandbox.logins == 2
    assert kriptomat_sandbox.posts == []


@pytest.mark.parametrize("family", ["partners", "old"])
@pytest.mark.parametrize("envelope", ["flat", "wrapped"])
async def test_both_families_and_both_envelopes_log_in(
    make_kriptomat: KriptomatMaker, kriptomat_sandbox: KriptomatSandbox, family: Any, envelope: Any
) -> None:
    """The vendor's pages contradict each other; one option away is near enough."""
    kriptomat_sandbox.behaviour.login = family
    kriptomat_sandbox.behaviour.envelope = envelope
    assert "logged in" in await make_kriptomat(login=family).check()


async def test_a_path_of_our_reading_can_be_overridden(make_kriptomat: KriptomatMaker) -> None:
    """What we guessed wrongly must be a line of configuration, not a release."""
    moved = make_kriptomat(reading=KriptomatReading(login_path="/v2/login"))
    with pytest.raises(Unavailable, match="404"):
        await moved.check()


async def test_too_many_logins_waits_as_asked(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox
) -> None:
    """Retry-After is honoured on the login as well."""
    kriptomat_sandbox.faults.next("login", "429 retry-after")
    with pytest.raises(Unavailable) as caught:
        await kriptomat.check()
    assert caught.value.after == 7


async def test_no_secret_is_said_anywhere(
    make_kriptomat: KriptomatMaker, kriptomat_sandbox: KriptomatSandbox
) -> None:
    """Not in a log line, an error, a repr of settings, or what the sandbox keeps."""
    secrets = [v for k, v in kriptomat_sandbox.credentials.items() if k != "KRIPTOMAT_CLIENT_ID"]
    with structlog.testing.capture_logs() as logged:
        kriptomat = make_kriptomat()
        await kriptomat.buy(kriptomat.draft(purchase()))
        with pytest.raises(Unavailable) as caught:
            await make_kriptomat(password="wrong").check()
    settings = kriptomat_settings(kriptomat_sandbox)
    ledger = f"{kriptomat_sandbox.posts} {kriptomat_sandbox.ledger()}"
    said = f"{logged} {caught.value!r} {settings!r} {ledger}"
    assert [s for s in secrets if s in said] == []
    assert "Bearer" not in said


def test_settings_that_cannot_work_are_refused_without_showing_secrets(
    kriptomat_sandbox: KriptomatSandbox,
) -> None:
    """A typo is told at start; the message lands in a log."""
    wrong: list[dict[str, Any]] = [
        {"user_id": "../2"},
        {"assets": []},
        {"fee_allowance": "2"},
        {"colour": "red"},
        {"totp_secret": f"{kriptomat_sandbox.account.password}!"},  # never base32 by chance
        {"base_url": "http://api.kriptomat.io"},
    ]
    for changes in wrong:
        with pytest.raises(ValidationError) as caught:
            kriptomat_settings(kriptomat_sandbox, **changes)
        assert kriptomat_sandbox.account.password not in json.dumps(str(caught.value))
