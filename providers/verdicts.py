"""What an exception of httpx proves about a request: the one table behind every doubt.

Beside ``providers.http`` the only module that imports httpx, and it only names its exceptions. A
class that is new in httpx fails a test until it has a verdict of its own.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

import httpx


class Verdict(Enum):
    """What an exception proves about a request that was being sent."""

    NOT_SENT = "not sent"
    UNKNOWN = "unknown"
    BUG = "bug"


class ReplyTooLong(Exception):
    """The reply passed ``BODY_CAP``."""


VERDICTS: Mapping[type[Exception], Verdict] = MappingProxyType(
    {
        # No connection, so no byte of the request. TLS failures on connect arrive as ConnectError.
        httpx.ConnectError: Verdict.NOT_SENT,
        httpx.ConnectTimeout: Verdict.NOT_SENT,
        httpx.PoolTimeout: Verdict.NOT_SENT,
        # Some bytes may have left, or all of them.
        httpx.ReadError: Verdict.UNKNOWN,
        httpx.ReadTimeout: Verdict.UNKNOWN,
        httpx.WriteError: Verdict.UNKNOWN,
        httpx.WriteTimeout: Verdict.UNKNOWN,
        httpx.CloseError: Verdict.UNKNOWN,
        httpx.RemoteProtocolError: Verdict.UNKNOWN,
        # h11 may say this before or in the middle of sending; its text quotes headers.
        httpx.LocalProtocolError: Verdict.UNKNOWN,
        httpx.DecodingError: Verdict.UNKNOWN,
        # Never raised as we use httpx (no proxy, no redirects, no raise_for_status), or the
        # general classes that a new httpx may subclass: the careful answer.
        httpx.ProxyError: Verdict.UNKNOWN,
        httpx.TooManyRedirects: Verdict.UNKNOWN,
        httpx.HTTPStatusError: Verdict.UNKNOWN,
        httpx.TimeoutException: Verdict.UNKNOWN,
        httpx.NetworkError: Verdict.UNKNOWN,
        httpx.ProtocolError: Verdict.UNKNOWN,
        httpx.TransportError: Verdict.UNKNOWN,
        httpx.RequestError: Verdict.UNKNOWN,
        httpx.HTTPError: Verdict.UNKNOWN,
        # Ours, and what the standard library may let through: TimeoutError is our own deadline.
        ReplyTooLong: Verdict.UNKNOWN,
        TimeoutError: Verdict.UNKNOWN,
        OSError: Verdict.UNKNOWN,
        # Mistakes in our code or configuration: loud.
        httpx.UnsupportedProtocol: Verdict.BUG,
        httpx.InvalidURL: Verdict.BUG,
        httpx.CookieConflict: Verdict.BUG,
        httpx.StreamError: Verdict.BUG,
        httpx.StreamClosed: Verdict.BUG,
        httpx.StreamConsumed: Verdict.BUG,
        httpx.RequestNotRead: Verdict.BUG,
        httpx.ResponseNotRead: Verdict.BUG,
    }
)


def verdict(error: Exception) -> Verdict:
    """What ``error`` proves, by its most specific class in the table; not in it is a BUG."""
    known = (VERDICTS[kind] for kind in type(error).__mro__ if kind in VERDICTS)
    return next(known, Verdict.BUG)


PLAIN: Mapping[type[Exception], str] = MappingProxyType(
    {
        httpx.ConnectTimeout: "the provider could not be reached in time",
        httpx.ConnectError: "the provider could not be reached",
        httpx.PoolTimeout: "no connection was free in time",
        httpx.WriteTimeout: "the request could not be sent in time",
        httpx.WriteError: "the connection broke while the request was sent",
        httpx.ReadTimeout: "no answer came in time",
        httpx.TimeoutException: "no answer came in time",
        TimeoutError: "no answer came in time",
        httpx.DecodingError: "the answer could not be read",
        ReplyTooLong: "the answer was too long to be read",
    }
)
"""The same for people; which of the others it was helps nobody who does not have the log."""


def plainly(error: Exception) -> str:
    """What has happened, as a clause of people's language."""
    told = (PLAIN[kind] for kind in type(error).__mro__ if kind in PLAIN)
    return next(told, "the connection broke before the answer came")
