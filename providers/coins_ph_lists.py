"""Coins.ph's lists, read to their last row: the order history, payin outlets, crypto accounts.

Outlets and accounts are documented, with ``meta.next_page``; the history is documented as a page
and its paging only seen (``limit`` and ``offset``). An end is claimed only when it is certain: a
history that counts more rows than it showed, or shows the same page twice, is Unavailable.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal
from typing import Any

from bot.domain.amounts import decimal_text, grouped
from providers.base import ProviderError, Refused, Report, Unavailable
from providers.coins_ph_auth import Signer
from providers.coins_ph_paths import CoinsPhSettings
from providers.coins_ph_words import Page, read_page, reports, words_of
from providers.replies import clean, number
from providers.surveys import Pages

CENTAVO = Decimal("0.01")
"""No amount of ours has smaller steps."""

NAMED = 8
"""Outlets that are named to somebody who has named one that does not exist."""

WIDE = Context(prec=100)
"""Whole steps are counted exactly, however small a step the vendor names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayinOutlet:
    """A way to pay (documented: payin-outlets page). Limits in PHP, where the vendor tells them.

    Its ``denominations`` are not held against an amount: how one looks is not documented.
    """

    id: str
    name: str
    notice: str
    """Why it is disabled; empty when it is open."""
    minimum: Decimal | None
    maximum: Decimal | None
    increment: Decimal | None
    instructions: str

    @property
    def limits(self) -> str:
        """For people: ``15 to 50,000 PHP``."""
        low, high, steps = self.minimum, self.maximum, ""
        if self.increment is not None and self.increment > CENTAVO:
            steps = f" in steps of {grouped(self.increment)}"
        if low is not None and high is not None:
            return f"{grouped(low)} to {grouped(high)} PHP{steps}"
        if high is not None:
            return f"at most {grouped(high)} PHP{steps}"
        return f"any amount{steps}" if low is None else f"at least {grouped(low)} PHP{steps}"

    def takes(self, pesos: Decimal, *, stepwise: bool) -> bool:
        """Within the limits, and for an amount that we choose in pesos a whole number of steps.

        Our reading: steps are counted from nothing or from the minimum; either is taken.
        """
        low, high, step = self.minimum, self.maximum, self.increment
        if (low is not None and pesos < low) or (high is not None and pesos > high):
            return False
        if not stepwise or step is None or step <= 0:
            return True
        return any(WIDE.remainder(pesos - start, step) == 0 for start in (Decimal(0), low or 0))


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
        told = dict[str, Report]()
        async for page in self.pages():
            for one in page:
                told.setdefault(one.ref, one)
        return list(told.values())

    async def pages(self) -> Pages:
        """Page by page, as they come. Raises Unavailable where the list cannot be the whole one."""
        reading, shown, before = self._settings.reading, 0, list[str]()
        for _ in range(reading.pages_at_most):
            page = await self._history(reading.list_limit, shown)
            shown += len(page.rows)
            listed = reports(page)
            refs = [one.ref for one in listed]
            if refs and refs == before:
                raise Unavailable("Coins.ph shows the same page of its history twice")
            before = refs
            yield listed
            if not page.rows or reading.paging == "none":
                if (page.total or 0) > shown or page.more:
                    raise Unavailable("Coins.ph's order history ends before its end")
                return
        raise Unavailable("Coins.ph's order history is longer than we read")

    async def key_works(self) -> None:
        """One harmless read of the history. Raises Unavailable."""
        await self._history(1, 0)

    async def outlet(self, wanted: str) -> PayinOutlet:
        """Raises Refused when there is no such outlet, and names those that are open."""
        rows = await self._all(self._settings.reading.outlets_path, "payin-outlets")
        for row in rows:
            if row.get("id") == wanted:
                return _outlet(wanted, row)
        known = [clean(str(row.get("id")), 40) for row in rows if not row.get("disabled_notice")]
        some = f", it has {', '.join(known[:NAMED])}" if known else ""
        raise Refused(f"Coins.ph has no payin outlet {wanted}{some}: name one with using")

    async def fees(self, outlet: str) -> str:
        """What the outlet adds, for an operator: ``1%``; empty when that cannot be told."""
        reading = self._settings.reading
        try:
            rows = await self._all(reading.outlet_fees_path, "payin-outlet-fees")
        except ProviderError:
            return ""
        mine = [one for one in rows if one.get("payment_outlet") == outlet]
        told = [_fee(one) for one in mine if one.get("currency") == "PHP"]
        return " or ".join(dict.fromkeys(one for one in told if one))

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


def _fee(row: dict[str, Any]) -> str:
    """Documented: an amount and ``fee_percent``, which is a fraction (our reading)."""
    amount, fraction = number(row.get("fee_amount")), number(row.get("fee_percent"))
    if amount is None or fraction is None:
        return ""
    parts = [f"{decimal_text(amount)} PHP"] if amount else []
    if fraction or not amount:
        parts.append(f"{decimal_text(fraction * 100)}%")
    return " + ".join(parts)


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
        increment=number(pesos[0].get("increment")),
        instructions=words_of(row.get("instructions")),
    )
