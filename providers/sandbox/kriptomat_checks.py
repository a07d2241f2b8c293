"""What the Kriptomat sandbox demands of a buy request, as field -> complaints.

Documented (Buy Order page): the three required parameters, the amount as text with two decimals,
the pair in lower case. The words of the complaints and the 422 that carries them are our reading.
"""

import re
from decimal import Decimal
from typing import Any

Problems = dict[str, list[str]]

AMOUNT = re.compile(r"[0-9]{1,12}\.[0-9]{2}")


def purchase_problems(fields: dict[str, Any], pairs: frozenset[str]) -> Problems:
    """Complaints about the body, empty when it is as documented."""
    problems: Problems = {}
    amount, pair, key = (fields.get(name) for name in ("amount", "pair", "idempotency_key"))
    if not isinstance(amount, str) or not AMOUNT.fullmatch(amount):
        problems["amount"] = ["The amount must be a string with two decimals."]
    elif Decimal(amount) <= 0:
        problems["amount"] = ["The amount must be greater than 0."]
    if not isinstance(pair, str) or pair not in pairs:
        problems["pair"] = ["The selected pair is invalid."]
    if not isinstance(key, str) or not key:
        problems["idempotency_key"] = ["The idempotency key field is required."]
    return problems
