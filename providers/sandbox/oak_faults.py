"""How the Oak sandbox can misbehave, and between which readings it can switch.

The envelope of an error is documented, its status codes are not; so most faults are our reading. A
``Behaviour`` is how the sandbox answers when all is well: each field is a question that only the
vendor can answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from providers.sandbox.faults import TRANSPORT, Fault, Moment, answers, note

OPS = frozenset({"login", "buy", "list"})


BUY, LIST, LOGIN = frozenset({"buy"}), frozenset({"list"}), frozenset({"login"})

WRONG = '{"msg":"Something went wrong","data":null}'

FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        **TRANSPORT,
        "error inside before": answers("200 with no data, nothing done.", 200, WRONG, ops=BUY),
        "error inside after": answers("Done, 200, no data.", 200, WRONG, Moment.AFTER, ops=BUY),
        "refused": answers(
            "A plain refusal.", 422, '{"msg":"Trading is closed.","data":null}', ops=BUY
        ),
        "forbidden": answers(
            "The customer may not trade.", 403, '{"msg":"Not approved.","data":null}', ops=BUY
        ),
        "expired token": note(BUY, "All tokens expire as the call arrives."),
        "listed late": note(BUY, "Not listed for `seconds`, or for `reads` if given.", 30),
        "echo altered": note(BUY, "Done; the reply tells one unit more than was ordered."),
        "echo of another": note(BUY, "Done; the reply carries somebody else's metadata."),
        "only an id": note(BUY, "Done; the reply has nothing but the id."),
        "unknown word": note(LIST, "The status is a word that nobody documents."),
        "ends early": note(LIST, "No rows after the first page, whatever the count says."),
        "repeats": note(LIST, "Every page is the first."),
        "login refused": answers(
            "The secret is wrong.", 401, '{"msg":"Invalid credentials","data":null}', ops=LOGIN
        ),
    }
)


@dataclass(kw_only=True)
class Behaviour:
    """The readings; may be changed while the sandbox runs."""

    expires_in: Literal["ms", "s", "jwt", "untold"] = "ms"
    """Documented both ways; ``jwt``: the token tells its own end and the reply a wrong one."""
    token_seconds: int = 3600
    """Both units are documented with the example of an hour."""
    created: Literal[200, 201] = 200
    """Documented as 2xx only."""
    empty_list: Literal["404", "no rows"] = "404"
    """Both are seen in the vendor's own tests."""
    count: Literal["total", "page", "none"] = "total"
    """Documented as "count" beside the rows; what it counts is our reading."""
    most_rows: int | None = None
    """Our reading: the largest ``limit`` that is kept to, silently; None: none. Documented is the
    least and the default."""
    buy_type: str = "buy"
    """The ``type`` of a wallet trade; not documented."""
    metadata: Literal["whole", "empty", "left out"] = "whole"
    """Documented as stored; what the list shows of it."""
    amounts_as_text: bool = False
    """Numbers are documented; the SDK's sales have text."""
    upper_case: bool = False
    """Lower case is documented for words in replies."""
    amount_unit: Literal["minor", "major"] = "minor"
    """What one unit of ``amount`` is; not documented on this route."""
