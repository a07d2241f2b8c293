"""How the Kriptomat sandbox can misbehave, and between which readings it can switch.

The vendor documents no error at all, so every fault is our reading. A ``Behaviour`` is how the
sandbox answers when all is well: each field is a question that only the vendor can answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from providers.sandbox.faults import TRANSPORT, Act, Fault, Moment

OPS = frozenset({"login", "buy", "list", "price"})


def _answers(op: str, says: str, status: int, body: str, moment: Moment = Moment.BEFORE) -> Fault:
    return Fault(
        says=says,
        source="our reading",
        moment=moment,
        act=Act.ANSWER,
        ops=frozenset({op}),
        status=status,
        body=body,
        headers=MappingProxyType({"Content-Type": "application/json"}),
    )


def _note(op: str, says: str, seconds: float = 0) -> Fault:
    return Fault(
        says=says,
        source="our reading",
        moment=Moment.NOTE,
        act=Act.NOTE,
        ops=frozenset({op}),
        seconds=seconds,
    )


NO = '{"status":false}'
BAD_CODE = '{"message":"Invalid data.","errors":{"security_code":["The code is invalid."]}}'

FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        **TRANSPORT,
        "status false before": _answers("buy", "200 but status false, nothing done.", 200, NO),
        "status false after": _answers("buy", "Done, 200, status false.", 200, NO, Moment.AFTER),
        "refused": _answers("buy", "A plain refusal.", 422, '{"message":"Trading is closed."}'),
        "expired token": _note("buy", "All tokens expire as the call arrives."),
        "listed late": _note("buy", "Not listed for `seconds`, or for `reads` if given.", 30),
        "unknown word": _note("list", "The state is a word that nobody documents."),
        "ends early": _note("list", "A page of many says that it is the last."),
        "wrong total": _note("list", "The listed total is one EUR too high."),
        "login refused": _answers(
            "login", "The password is wrong.", 401, '{"message":"Unauthenticated."}'
        ),
        "code refused": _answers("login", "The one-time code is wrong.", 422, BAD_CODE),
    }
)


@dataclass(kw_only=True)
class Behaviour:
    """The readings; may be changed while the sandbox runs."""

    login: Literal["partners", "old"] = "partners"
    envelope: Literal["flat", "wrapped"] = "flat"
    """Of the login's reply: ``{"access_token"}``, or that under ``{"status":true,"data":...}``."""
    token_seconds: int = 3600
    single_use_codes: bool = True
    duplicate: Literal["replay", "409 with id", "error without id"] = "replay"
    """The reply to a key and body seen before. Another body under the key is always a 422."""
    page_size: int | None = None
    """None: all rows under ``data``; else Laravel's pages."""
    numbers_as_text: bool = False
