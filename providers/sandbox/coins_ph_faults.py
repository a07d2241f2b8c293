"""How the Coins.ph sandbox can misbehave, and between which readings it can switch.

The vendor documents no error of this page, so almost every fault is our reading. A ``Behaviour`` is
how the sandbox answers when all is well: each field is a question that only the vendor can answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from providers.sandbox.faults import TRANSPORT, Fault, Moment, answers, note

OPS = frozenset({"buy", "list", "pay", "cancel", "outlets", "price"})
"""``list`` is both looks: at the history and at one order; ``outlets`` also the accounts."""
SIGNED = frozenset({"buy", "list", "pay", "cancel", "outlets"})


BUY, LIST = frozenset({"buy"}), frozenset({"list"})
NO = '{"errors":["Something went wrong."],"success":false}'

FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        **TRANSPORT,
        "refused": answers("A plain refusal.", 422, '{"errors":["Daily limit reached."]}', ops=BUY),
        "errors inside before": answers("200 with errors, nothing done.", 200, NO, ops=BUY),
        "errors inside after": answers("Done, 200 with errors.", 200, NO, Moment.AFTER, ops=BUY),
        "stale rate": answers(
            "The rate has moved.", 422, '{"errors":["Rate has changed."]}', ops=BUY
        ),
        "nonce refused": note(SIGNED, "The nonce is refused, see `Behaviour.nonce_status`."),
        "key refused": answers("No such key.", 401, '{"errors":["Unknown key."]}', ops=SIGNED),
        "listed late": note(BUY, "Not shown for `seconds`, or for `reads` if given.", 30),
        "another outlet": note(
            BUY, "Books another outlet, as in the documented sample.", source="documented"
        ),
        "another wallet": note(BUY, "Books another wallet."),
        "another rate": note(BUY, "Books at a rate that is one percent higher."),
        "another amount": note(BUY, "Books one more peso and one more satoshi."),
        "unknown word": note(LIST, "The status is a word that nobody documents."),
        "ends early": note(LIST, "The history counts more rows than it ever shows."),
    }
)


@dataclass(kw_only=True)
class Behaviour:
    """The readings; may be changed while the sandbox runs."""

    numbers: Literal["text", "number"] = "text"
    """Of money and times in replies. Documented: text; one newer sample shows a time as int."""
    deadline_on_create: bool = False
    """Documented samples: ``expiration_time`` and ``instructions`` are told by all other calls."""
    paid_word: Literal["pending_payment", "payment_received"] = "pending_payment"
    """After PUT. Documented sample: the first, with ``marked_paid_time``."""
    canceled_word: Literal["pending_payment", "canceled"] = "pending_payment"
    """After DELETE. Documented sample: the first, with ``canceled_time``; the second is listed."""
    nonces: Literal["increasing", "once"] = "increasing"
    """Documented: usable once, always increasing. ``once``: only the first half is enforced."""
    nonce_status: Literal[400, 401, 403] = 401
    """Our reading, as are the words: how a nonce is refused is not documented."""
    paging: Literal["offset", "none"] = "offset"
    """Seen: ``limit`` and ``offset``; ``none``: the whole history at once."""
    page_size: int = 50
    """Our reading: the most rows on a page, whatever ``limit`` asks for."""
    counts: bool = False
    """Our reading: the history tells its ``total_count``, as newer lists of the vendor do."""
    rate: Literal["ignored", "held against"] = "held against"
    """What a ``rate`` that is sent does is not documented: nothing, or a stale one is refused with
    ``errors``. That it locks the price is played by neither: people would rely on it."""
    rate_tolerance_percent: int = 1
    """Our reading: how far a rate may be from the ask when it is held against it."""
    quote_of_pesos: Literal["fees on top", "fees within", "ignored"] = "fees on top"
    """The buyquote of an amount in pesos is not documented: the fees come on top of it or are
    within it, or the parameter is not known and one bitcoin is quoted."""
