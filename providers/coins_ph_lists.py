"""Coins.ph's lists, read to their last row: the order history, payin outlets, crypto accounts.

Outlets and accounts are documented, with ``meta.next_page``; the history is documented as a page
and its paging only seen (``limit`` and ``offset``). An end is claimed only when it is certain: a
history that counts more rows than it showed, or shows the same page twice, is Unavailable.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.domain.amounts import grouped
from providers.base import Refused, Report, Unavailable
from providers.coins_ph_auth import Signer
from providers.coins_ph_paths import CoinsPhSettings
from providers.coins_ph_words import Page, read_page, reports, words_of
from providers.replies import clean, number


@dataclass(frozen=True, slots=True, kw_only=True)
class PayinOutlet:
    """A way to pay (documented: payin-outlets page). Limits in PHP, where the vendor tells them."""

    id: str
    name: str
    notice: str
    """Why it is disabled; empty when it is open."""
    minimum: Decimal | None
    maximum: Decimal | None
    instructions: str

    @property
    def limits(self) -> str:
        """For people: ``15 to 50,000 PHP``."""
        if self.minimum is None and self.maximum is None:
            return "any amount"
        low, high = ("?" if one is None else grouped(one) for one in (self.minimum, self.maximum))
        return f"{low} to {high} PHP"


class Lists:
    """Reads the lists of one account."""

    def __init__(
        self, signer: Signer, settings: CoinsPhSettings, *, now: Callable[[], datetime]
    ) -> None:
        self._signer = signer
        self._settings = settings
        self._now = now

    async def orders(self) -> list[Report]:
        """All orders there are, each once. Raises Unavailable rather than end before the list does.

        While pages are read a new order may push a row from one page to the next.
        """
        reading, shown, told = self._settings.reading, 0, dict[str, Report]()
        before: list[str] = []
        for _ in range(reading.pages_at_most):
            page = await self._history(reading.list_limit, shown)
            shown += len(page.rows)
            listed = reports(page)
            refs = [one.ref for one in listed]
            if refs and refs == before:
                raise Unavailable("Coins.ph shows the same page of its history twice")
            before = refs
            for one in listed:
                told.setdefault(one.ref, one)
            if not page.rows or reading.paging == "none":
                if (page.total or 0) > shown or page.more:
                    raise Unavailable("Coins.ph's order history ends before its end")
                return list(told.values())
        raise Unavailable("Coins.ph's order history is longer than we read")

    async def key_works(self) -> None:
        """One harmless read of the history. Raises Unavailable."""
        await self._history(1, 0)

    async def outlet(self, wanted: str) -> PayinOutlet:
        """Raises Refused when there is no such outlet."""
        for row in await self._all(self._settings.reading.outlets_path, "payin-outlets"):
            if row.get("id") == wanted:
                return _outlet(wanted, row)
        raise Refused(f"Coins.ph has no payin outlet {wanted}")

    async def proves_btc(self, account: str) -> None:
        """The account is ours and holds BTC. Raises Refused when it is not or does not."""
        for row in await self._all(self._settings.reading.accounts_path, "crypto-accounts"):
            if row.get("id") == account:
                if row.get("currency") != "BTC":
                    raise Refused(f"the Coins.ph account {account} is no BTC account")
                return
        raise Refused(f"Coins.ph lists no BTC account {account} of ours")

    async def _history(self, limit: int, offset: int) -> Page:
        reading = self._settings.reading
        query = f"?limit={limit}&offset={offset}" if reading.paging == "offset" else ""
        path = self._settings.order_path()
        reply = await self._signer.read(path + query, template=path)
        return read_page(reply, reading.list_key, self._now())

    async def _all(self, path: str, key: str) -> list[dict[str, Any]]:
        """The rows of a list that says whether there is a next page."""
        rows: list[dict[str, Any]] = []
        joint = "&" if "?" in path else "?"
        for nth in range(1, self._settings.reading.pages_at_most + 1):
            query = f"{joint}page={nth}" if nth > 1 else ""
            reply = await self._signer.read(path + query, template=path)
            page = read_page(reply, key, self._now())
            rows += page.rows
            if not page.more:
                return rows
        raise Unavailable(f"Coins.ph's list of {key} is longer than we read")


def _outlet(wanted: str, row: dict[str, Any]) -> PayinOutlet:
    limits = row.get("amount_limits")
    known = limits if isinstance(limits, list) else []
    pesos = [one for one in known if isinstance(one, dict) and one.get("currency") == "PHP"]
    pesos.append({})
    return PayinOutlet(
        id=wanted,
        name=clean(str(row.get("name") or wanted), 80),
        notice=clean(str(row.get("disabled_notice") or ""), 80),
        minimum=number(pesos[0].get("minimum")),
        maximum=number(pesos[0].get("maximum")),
        instructions=words_of(row.get("instructions")),
    )
