"""The seam: what each failure of the wire proves, and what never gets out.

Everything runs over a real loopback connection to a server that resets, drips, stays silent or
lies; no transport is replaced.
"""

import asyncio
import inspect
import logging
import re
import ssl
from collections.abc import Iterator

import httpx
import pytest
import structlog

from providers.addresses import pinned
from providers.base import ProviderError, Unavailable, Uncertain
from providers.http import BODY_CAP, Call, Http
from providers.verdicts import VERDICTS, Verdict, plainly, verdict
from tests.providers.stage import PATIENT, Clock, RawServer, http_reply

SECRET = {"Authorization": "Bearer s3cr3t"}


def httpx_errors() -> Iterator[type[Exception]]:
    for name in dir(httpx):
        thing = getattr(httpx, name)
        if inspect.isclass(thing) and issubclass(thing, Exception):
            yield thing


async def buy(http: Http) -> object:
    return await http.send_once("POST", "/buy", body=b"{}", headers=SECRET)


@pytest.mark.parametrize("kind", list(httpx_errors()), ids=lambda kind: kind.__name__)
def test_every_exception_of_httpx_has_a_verdict_of_its_own(kind: type[Exception]) -> None:
    """A new class in a new httpx must be thought about, not inherit a guess."""
    assert kind in VERDICTS


@pytest.mark.parametrize("kind", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
def test_only_what_never_got_a_connection_is_surely_not_sent(kind: type[Exception]) -> None:
    """NOT_SENT lets the workflow send again, so the list of three is closed."""
    assert [k for k, v in VERDICTS.items() if v is Verdict.NOT_SENT].count(kind) == 1
    assert sum(v is Verdict.NOT_SENT for v in VERDICTS.values()) == 3


def test_a_strange_error_is_a_bug_and_a_tls_error_in_flight_is_doubt() -> None:
    """A programming error must be loud; an OSError that slipped through must not be."""
    assert verdict(KeyError("x")) is Verdict.BUG
    assert verdict(ssl.SSLError("bad record mac")) is Verdict.UNKNOWN


@pytest.mark.parametrize("kind", VERDICTS, ids=lambda kind: kind.__name__)
def test_people_are_told_in_words_and_operators_by_name(kind: type[Exception]) -> None:
    """A class name or an address on a card tells nobody what to do."""
    words = plainly(kind.__new__(kind))
    assert kind.__name__ not in words
    assert re.fullmatch(r"[a-z ]{20,60}", words)


async def test_what_operators_want_to_know_is_kept_beside_the_words(
    raw: RawServer, raw_http: Http
) -> None:
    """The records name the class and the host; the reason on the card names neither."""
    raw.replies = [None]
    with pytest.raises(Uncertain) as caught:
        await buy(raw_http)
    assert caught.value.reason == "the connection broke before the answer came"
    assert caught.value.in_full == f"{caught.value.reason} (ReadError at 127.0.0.1)"


async def test_nobody_listening_is_surely_not_sent(raw: RawServer) -> None:
    """A refused connection carries no byte of the purchase."""
    await raw.stop()
    http = Http(raw.url, vendor="raw", now=Clock().now, deadlines=PATIENT)
    with pytest.raises(Unavailable, match="the provider could not be reached, so nothing was sent"):
        await buy(http)
    await http.aclose()


async def test_a_tls_handshake_that_fails_is_surely_not_sent(raw: RawServer) -> None:
    """The request goes out only after the handshake."""
    raw.greeting = b"this is no handshake\r\n\r\n"
    http = Http(
        raw.url.replace("http:", "https:"), vendor="raw", now=Clock().now, deadlines=PATIENT
    )
    with pytest.raises(Unavailable, match="nothing was sent"):
        await buy(http)
    await http.aclose()


HALF = b"HTTP/1.1 200 X\r\nContent-Length: 99\r\n\r\nhalf"
BROKEN: dict[str, list[bytes | None]] = {
    "reset": [None],
    "silence": [],
    "closed without a reply": [b""],
    "half a body": [HALF],
    "no HTTP": [b"SMTP ready\r\n\r\n"],
    "a body that is no gzip": [http_reply(200, b"xx", "Content-Encoding: gzip")],
    "an endless body": [http_reply(200, b"x" * (BODY_CAP + 1))],
}


@pytest.mark.parametrize("replies", list(BROKEN.values()), ids=list(BROKEN))
async def test_a_purchase_that_left_and_got_no_whole_reply_is_uncertain(
    raw: RawServer, raw_http: Http, replies: list[bytes | None]
) -> None:
    """The vendor had the request in hand; what it did with it is not known. Sent exactly once."""
    raw.replies = replies
    with pytest.raises(Uncertain):
        await buy(raw_http)
    assert len(raw.requests) == 1


@pytest.mark.parametrize("replies", list(BROKEN.values()), ids=list(BROKEN))
async def test_a_read_that_got_no_whole_reply_is_unavailable(
    raw: RawServer, raw_http: Http, replies: list[bytes | None]
) -> None:
    """Nothing was at stake, so it was tried three times and the caller may wait."""
    raw.replies = replies
    with pytest.raises(Unavailable):
        await raw_http.read("/list", headers=SECRET)
    assert len(raw.requests) == 3


async def test_a_drip_of_bytes_ends_at_our_own_deadline(raw_http: Http, raw: RawServer) -> None:
    """httpx's read timeout starts anew with each byte; only a total deadline ends this."""

    raw.replies, raw.drip = [http_reply(200, b"x" * 400)], 0.05
    with pytest.raises(Uncertain, match="no answer came in time"):
        await buy(raw_http)


async def test_a_read_is_tried_again_and_a_purchase_never(raw: RawServer, raw_http: Http) -> None:
    """A 503 on a list is worth another try; a 503 on a buy is the caller's to judge."""
    raw.replies = [http_reply(503, ""), http_reply(200, "[]"), http_reply(503, "")]
    assert (await raw_http.read("/list")).status == 200
    assert len(raw.requests) == 2
    await buy(raw_http)
    assert len(raw.requests) == 3


async def test_cancellation_goes_through(raw: RawServer, raw_http: Http) -> None:
    """A cancelled task must end; that its purchase is unknown is for the caller to conclude."""
    task = asyncio.create_task(buy(raw_http))
    await raw.arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_redirect_is_returned_and_not_followed(raw: RawServer, raw_http: Http) -> None:
    """Following would send the purchase, and the token, a second time and to somewhere else."""
    raw.replies = [http_reply(302, "", f"Location: {raw.url}/other")]
    reply = await raw_http.send_once("POST", "/buy", body=b"{}", headers=SECRET)
    assert reply.status == 302
    assert len(raw.requests) == 1


async def test_no_cookie_comes_back_to_the_vendor(raw: RawServer, raw_http: Http) -> None:
    """Who we are is in the token; a session cookie could say something else."""
    raw.replies = [http_reply(200, "{}", "Set-Cookie: session=1; Path=/")]
    await raw_http.read("/list")
    await raw_http.read("/list")
    assert b"cookie" not in raw.requests[1].lower()


async def test_a_proxy_of_the_environment_is_not_used(
    raw: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sets a variable must not get to see purchases."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    raw.replies = [http_reply(200, "{}")]
    http = Http(raw.url, vendor="raw", now=Clock().now, deadlines=PATIENT)
    await buy(http)
    await http.aclose()
    assert len(raw.requests) == 1


async def test_headers_are_asked_for_at_each_attempt(raw: RawServer, raw_http: Http) -> None:
    """A nonce in a signature is good for one attempt."""
    nonces = iter(["1", "2", "3"])
    raw.replies = [http_reply(500, ""), http_reply(200, "{}")]
    await raw_http.read("/list", headers=lambda: {"Nonce": next(nonces)})
    assert [b"nonce: 1" in raw.requests[0].lower(), b"nonce: 2" in raw.requests[1].lower()] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    "base",
    [
        "http://api.kriptomat.io",
        "ftp://127.0.0.1",
        "https://user:word@api.kriptomat.io",
        "https://api.kriptomat.io/?key=1",
        "https://",
        "http://127.0.0.1.evil.test",
        "api.kriptomat.io",
        "https://api.kriptomat.io\\@evil.test",
        "https://api.kriptomat.io\n",
        "https://api.kriptomat.io/#x",
    ],
)
def test_a_base_url_that_is_not_plain_https_is_refused(base: str) -> None:
    """Credentials would travel in the clear, or in the URL."""
    with pytest.raises(ValueError, match="https://"):
        Http(base, vendor="raw", now=Clock().now)


@pytest.mark.parametrize(
    "base",
    ["https://api.kriptomat.io", "http://127.0.0.1:8080/v1/", "http://[::1]:1", "HTTP://localhost"],
)
def test_a_plain_base_url_is_kept_without_its_last_slash(base: str) -> None:
    """Paths start with a slash; this machine needs no TLS."""
    assert pinned(base) == base.rstrip("/")


@pytest.mark.parametrize("path", ["//evil.test/buy", "https://evil.test/buy", "buy", ""])
async def test_a_path_cannot_leave_the_host(raw_http: Http, path: str) -> None:
    """A path may hold a vendor's id; it must not become another host."""
    with pytest.raises(ValueError, match="slash"):
        await raw_http.send_once("POST", path, body=b"", headers=SECRET)


async def test_no_secret_is_in_a_log_or_an_error(
    raw: RawServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Logs are shipped and errors are shown; neither is a place for a token or a query."""
    caplog.set_level(logging.DEBUG)
    told: list[Call] = []
    http = Http(raw.url, vendor="raw", now=Clock().now, deadlines=PATIENT, observe=told.append)
    said = []
    with structlog.testing.capture_logs() as logged:
        for header in ("Bearer s3cr3t", "Bearer s3cr3t\n"):
            raw.replies = [None]
            with pytest.raises(ProviderError) as caught:
                await http.send_once(
                    "POST",
                    "/users/1/buy?key=s3cr3t",
                    body=b'{"password":"s3cr3t"}',
                    headers={"Authorization": header},
                    template="/users/{user_id}/buy",
                )
            said.append(f"{caught.value!r} {caught.value.reason} {caught.value.__cause__!r}")
    await http.aclose()
    assert "s3cr3t" not in f"{said} {logged} {told} {caplog.text}"
    assert (logged[0]["path"], logged[0]["method"]) == ("/users/{user_id}/buy", "POST")
    assert (logged[0]["host"], logged[0]["status"]) == ("127.0.0.1", None)


async def test_a_call_is_observed_with_its_status(raw: RawServer) -> None:
    """Health and metrics hang on this hook."""
    told: list[Call] = []
    raw.replies = [http_reply(201, "{}")]
    http = Http(raw.url, vendor="raw", now=Clock().now, deadlines=PATIENT, observe=told.append)
    await buy(http)
    await http.aclose()
    assert [(c.vendor, c.outcome, c.status) for c in told] == [("raw", "replied", 201)]
