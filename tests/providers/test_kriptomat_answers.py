"""What each answer to a buy means: the table, over a server that says whatever it is told.

The sandbox would never say most of this. Each row is a status, a body, and the error it must be;
None is a purchase.
"""

import json

import pytest

from providers.base import ProviderError, Refused, Unavailable, Uncertain
from providers.kriptomat import Kriptomat
from tests.providers.stage import TOKEN, RawServer, http_reply, purchase

YES = {"status": True, "data": {"transaction_id": 12}}
ANSWERS: list[tuple[int, object, type[ProviderError] | None]] = [
    (200, YES, None),
    (201, YES, None),
    (200, {"status": True, "data": {"transaction_id": "12"}}, None),
    (202, YES, Uncertain),
    (204, "", Uncertain),
    (200, {"status": True, "data": {}}, Uncertain),
    (200, {"status": True, "data": []}, Uncertain),
    (200, {"status": True, "data": {"transaction_id": True}}, Uncertain),
    (200, {"status": True, "data": {"transaction_id": "../1"}}, Uncertain),
    (200, {"data": {"transaction_id": 12}}, Uncertain),
    (200, {"status": "true", "data": {"transaction_id": 12}}, Uncertain),
    (200, {**YES, "errors": {"pair": ["?"]}}, Uncertain),
    (200, [YES], Uncertain),
    (200, "OK", Uncertain),
    (400, {"message": "Bad pair"}, Refused),
    (400, {"status": False, "message": "Bad pair"}, Refused),
    (402, {"error": "No money"}, Refused),
    (403, {"message": "Forbidden"}, Refused),
    (404, {"message": "No such user"}, Refused),
    (422, {"errors": {"amount": ["too small"]}}, Refused),
    (400, "<html>Bad Request</html>", Uncertain),
    (403, "", Uncertain),
    (404, {}, Uncertain),
    (422, {"message": ""}, Uncertain),
    (422, {"message": "no", **YES}, Uncertain),
    (400, {"message": "no", "data": {"transaction_id": 3}}, Uncertain),
    (405, {"message": "Method"}, Uncertain),
    (408, {"message": "Timeout"}, Uncertain),
    (409, {"message": "Conflict"}, Uncertain),
    (423, {"message": "Locked"}, Uncertain),
    (425, {"message": "Early"}, Uncertain),
    (301, "", Uncertain),
    (500, {"message": "Server Error"}, Uncertain),
    (503, {"message": "Maintenance"}, Uncertain),
    (401, {"message": "Unauthenticated."}, Unavailable),
    (429, "<html>", Unavailable),
]


@pytest.mark.parametrize(("status", "document", "verdict"), ANSWERS, ids=str)
async def test_the_table_of_answers(
    raw: RawServer,
    lied_to: Kriptomat,
    status: int,
    document: object,
    verdict: type[ProviderError] | None,
) -> None:
    """Only a documented yes is a yes, only the vendor's own no is a no; the rest is doubt."""
    body = document if isinstance(document, str) else json.dumps(document)
    answer = http_reply(status, body)
    # After a 401 comes a login and the same bytes again; otherwise the last two go unused.
    raw.replies = [TOKEN, answer, TOKEN, answer]
    if verdict is None:
        assert (await lied_to.buy(lied_to.draft(purchase()))).ref == "12"
    else:
        with pytest.raises(verdict) as caught:
            await lied_to.buy(lied_to.draft(purchase()))
        assert type(caught.value) is verdict
    assert sum(b"/buy" in r for r in raw.requests) == (2 if status == 401 else 1)


async def test_a_refusal_is_one_clean_short_line(raw: RawServer, lied_to: Kriptomat) -> None:
    """The vendor's words go onto a card: no control characters, no novels."""
    words = json.dumps({"message": "No\n\u0007 way " + "x" * 500})
    raw.replies = [TOKEN, http_reply(422, words)]
    with pytest.raises(Refused) as caught:
        await lied_to.buy(lied_to.draft(purchase()))
    assert caught.value.reason.startswith("No way xxx")
    assert len(caught.value.reason) == 200
