"""How the Kriptomat sandbox can misbehave, and between which readings it can switch.

The vendor documents no error at all, so every fault is our reading. A ``Behaviour`` is how the
sandbox answers when all is well: each field is a question that only the vendor can answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from providers.sandbox.faults import TRANSPORT, Fault, Moment, answers, note

OPS = frozenset({"login", "buy", "list", "price"})


BUY, LIST, LOGIN = frozenset({"buy"}), frozenset({"list"}), frozenset({"login"})

NO = '{"status":false}'
BAD_CODE = '{"message":"Invalid data.","errors":{"security_code":["The code is invalid."]}}'

FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        **TRANSPORT,
        "status false before": answers("200 but status false, nothing done.", 200, NO, ops=BUY),
        "status false after": answers("Done, 200, status false.", 200, NO, Moment.AFTER, ops=BUY),
        "refused": answers("A plain refusal.", 422, '{"message":"Trading is closed."}', ops=BUY),
        "expired token": note(BUY, "All tokens expire as the call arrives."),
        "listed late": note(BUY, "Not listed for `seconds`, or for `reads` if given.", 30),
        "unknown word": note(LIST, "The state is a word that nobody documents."),
        "ends early": note(LIST, "A page of many says that it is the last."),
        "wrong total": note(LIST, "The listed total is one EUR too high."),
        "login refused": answers(
            "The password is wrong.", 401, '{"message":"Unauthenticated."}', ops=LOGIN
        ),
        "code refused": answers("The one-time code is wrong.", 422, BAD_CODE, ops=LOGIN),
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
