"""Oak's list of transactions, read to its end or not at all.

Documented: ``limit`` and ``offset``, ``count`` beside the rows, and a filter by ``type_list``. How
rows are sorted, the largest ``limit``, what ``count`` counts and which type a wallet trade has are
not. So a page that may be full is never taken for the last, a list that shows fewer rows than it
counts is no list, and what is missing among the purchases is looked for among everything.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from providers.base import Unavailable
from providers.oak_paths import OakSettings
from providers.oak_words import part, read_page, text
from providers.replies import Reply

Row = dict[str, Any]

SURELY_SHORT = 10
"""Documented: the size of a page unless told otherwise. A page with fewer rows is no full one."""


class Listing:
    """The list, through ``read``: a GET of a path that logs in by itself."""

    def __init__(
        self,
        settings: OakSettings,
        read: Callable[[str, str], Awaitable[Reply]],
        *,
        now: Callable[[], datetime],
    ) -> None:
        """``read`` takes a path with its query, and the same without for the log."""
        self._settings = settings
        self._read = read
        self._now = now

    @property
    def queries(self) -> tuple[dict[str, str], ...]:
        """What is filtered as purchases, then everything. Stop when the first is enough."""
        known = self._settings
        scope = {"customer_id": str(known.customer_id)} if known.reading.list_by_customer else {}
        return {"type_list": known.reading.buy_type, **scope}, scope

    def is_buy(self, row: Row) -> bool:
        """Whether a row may be a purchase: it says so, does not say, or delivers our asset."""
        word, gets = text(row.get("type")).lower(), text(part(row, "destination").get("currency"))
        known = self._settings
        return not word or known.reading.buy_type.lower() in word or gets.lower() == known.asset

    async def whole(self, query: dict[str, str]) -> list[Row]:
        """Every row once. Raises Unavailable rather than return fewer than there are."""
        return [row async for page in self.pages(query) for row in page]

    async def pages(self, query: dict[str, str]) -> AsyncGenerator[list[Row], None]:
        """Page by page. Raises Unavailable where the list cannot be the whole one.

        While pages are read a new purchase may push a row from one page to the next, and another
        may have gone unseen in exchange: whoever shows a row twice is asked again later.
        """
        reading, seen = self._settings.reading, dict[str, Row]()
        offset = most = 0
        for _ in range(reading.pages_at_most):
            asked = urlencode({**query, "limit": reading.list_limit, "offset": offset})
            reply = await self._read(
                f"{reading.transactions_path}?{asked}", reading.transactions_path
            )
            page = read_page(reply, self._now())
            before, offset = len(seen), offset + len(page.rows)
            most = max(most, page.count or 0)
            seen.update((_id(row), row) for row in page.rows)
            if len(seen) < before + len(page.rows):
                raise Unavailable("Oak's transaction list shows a transaction twice")
            yield page.rows
            told_all = page.count is not None and offset >= page.count
            if not page.rows or (told_all and len(page.rows) < SURELY_SHORT):
                if len(seen) < most:
                    raise Unavailable("Oak's transaction list ends before its end")
                return
        raise Unavailable("Oak's transaction list is longer than we read")


def _id(row: Row) -> str:
    ref = text(row.get("id")).lower()
    if not ref:
        raise Unavailable("Oak lists a transaction whose id we cannot read")
    return ref
