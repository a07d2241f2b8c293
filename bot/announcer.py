"""Pay what we owe Slack: take the outbox in order, post or edit, mark it paid.

``letters`` makes each message, ``postbox`` sends it at a pace that Slack takes. Only one message is
under way at a time, which keeps their order; Slack's rate limit or an outage pauses all of them and
loses none. A post whose reply was lost is posted again: the spare copy is closed as soon as
somebody clicks on it.
"""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.letters import Answers, Letters
from bot.parcels import Parcels
from bot.postbox import Postbox
from bot.refusals import Meaning, NoPlace, code_of, meaning_of, seconds_to_wait
from bot.workflow.desk import Desk, backoff
from bot.workflow.unseen import cancel_unseen, tell_operators
from commands.cards import Setting
from storage import outbox
from storage.database import DatabaseClosed, Tx
from storage.outbox import Debt, Kind

log = structlog.get_logger()

PAUSES = (1, 2, 5, 10, 30, 60)
"""Seconds to wait in an outage from one try to the next; the last repeats."""

IDLE_SECONDS = 30.0
"""The longest sleep: a wake-up that got lost is made good after that."""


class Announcer:
    """One worker. ``posts_per_second`` None: no pacing (tests and benchmarks)."""

    def __init__(
        self,
        desk: Desk,
        client: AsyncWebClient,
        clock: Clock,
        setting: Callable[[], Setting],
        *,
        channel: str,
        answers: Answers,
        parcels: Parcels,
        obstacle: Callable[[], str | None] = lambda: None,
        woken: Callable[[], None] = lambda: None,
        posts_per_second: float | None = 1.0,
        pauses: tuple[int, ...] = PAUSES,
    ) -> None:
        self._desk = desk
        self._postbox = Postbox(client, clock.now, posts_per_second=posts_per_second)
        self._letters = Letters(desk, self._postbox, setting, channel, answers, obstacle, parcels)
        self._clock = clock
        self._woken = woken
        """Whoever else shows in Slack what has changed."""
        self._pauses = pauses
        self._bell = asyncio.Event()
        self._troubles = 0
        self._reachable = asyncio.Event()
        """Set when Slack has opened a connection since the last try began."""
        self._closed: str | None = None
        """Why the channel took nothing when it was last tried; operators know of it."""
        self._finishing = False

    def wake(self) -> None:
        """Something is owed: look now."""
        self._bell.set()
        self._woken()

    def resume(self) -> None:
        """Slack was just heard again: an outage is waited out no longer."""
        self._reachable.set()

    def finish(self) -> None:
        """Pay what is due and let ``run`` end; a message cut off in the middle would come twice."""
        self._finishing = True
        self._postbox.hurry()
        self._bell.set()

    async def run(self) -> None:
        """Pay until finished or cancelled."""
        while not self._finishing or self._bell.is_set():
            self._bell.clear()
            try:
                pause = await self.drain()
            except DatabaseClosed:
                return
            except Exception:
                # The database or a fault of ours: the bot must not fall silent for good.
                log.exception("the announcer failed and tries again")
                pause = float(backoff(self._pauses, self._next_trouble()).total_seconds())
                await asyncio.sleep(pause)
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0 if self._finishing else pause):
                    await self._bell.wait()

    async def drain(self) -> float:
        """Pay everything that is due; seconds until the next debt is."""
        while True:
            debts, next_due = await self._desk.db.read(self._owed)
            if not debts:
                break
            for debt in debts:
                self._reachable.clear()
                if (wait := await self._pay(debt)) is not None:
                    # In order, or not at all: what comes after this one waits as well.
                    await self._rest(wait)
                    break
        wait = IDLE_SECONDS if next_due is None else self._clock.seconds_until(next_due)
        return min(IDLE_SECONDS, wait)

    def _owed(self, tx: Tx) -> tuple[list[Debt], datetime | None]:
        """What is due now, and when the next debt of all is."""
        return outbox.due(tx, now=self._desk.now()), outbox.next_due(tx)

    async def _rest(self, seconds: float) -> None:
        """Wait until an outage may be over; shorter, when Slack is heard before."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._reachable.wait()

    async def _pay(self, debt: Debt) -> float | None:
        """Send one message; the seconds to rest when Slack does not take it now."""
        try:
            await self._letters.send(debt)
        except SlackApiError as error:
            return await self._refused(debt, error)
        except NoPlace as error:
            await self._without_place(debt, str(error))
            return None
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("Slack cannot be reached", debt=debt.key, reason=type(error).__name__)
            return backoff(self._pauses, self._next_trouble()).total_seconds()
        except DatabaseClosed:
            raise
        except Exception as error:
            # One strange row must not silence the bot: it stays owed, and the others go first.
            log.exception("a message cannot be made", debt=debt.key, order=debt.order_id)
            await self._put_off(debt, type(error).__name__)
            return None
        self._troubles = 0
        if debt.kind not in {Kind.DIRECT, Kind.ANSWER}:
            self._closed = None
        return None

    async def _put_off(self, debt: Debt, trouble: str) -> None:
        """Owe it still, later and later, while the messages behind it are sent."""
        until = self._desk.now() + backoff(self._pauses, debt.tries + 3)
        await self._desk.db.write(
            lambda tx: outbox.postponed(tx, debt, until=until, trouble=trouble)
        )

    def _next_trouble(self) -> int:
        self._troubles += 1
        return self._troubles - 1

    async def _refused(self, debt: Debt, error: SlackApiError) -> float | None:
        """Slack has answered with an error: pause, mend, or give this message up loudly."""
        code, meaning = code_of(error), meaning_of(error)
        match meaning:
            case Meaning.SLOWER:
                log.info("Slack asks to slow down", debt=debt.key, code=code)
                # Slack has named the time itself, so that being heard again does not shorten it.
                await asyncio.sleep(seconds_to_wait(error))
                return 0.0
            case Meaning.AWAY:
                return backoff(self._pauses, self._next_trouble()).total_seconds()
            case Meaning.LOCKED_OUT:
                log.error("Slack does not let us in", debt=debt.key, code=code)
                return backoff(self._pauses, self._next_trouble()).total_seconds()
            case _ if debt.kind is Kind.ANSWER:
                log.error("Slack does not take an answer", debt=debt.key, code=code)
                await self._paid(debt)
            case Meaning.NO_PLACE:
                await self._without_place(debt, f"Slack says {code}")
            case Meaning.NOBODY if debt.kind is Kind.DIRECT:
                log.error("somebody cannot be written to", debt=debt.key, code=code)
                await self._paid(debt)
            case _:
                log.error("Slack does not take a message", debt=debt.key, code=code)
                await self._put_off(debt, code)
        return None

    async def _without_place(self, debt: Debt, why: str) -> None:
        """The channel takes nothing: end what nobody can see, tell privately what must be heard."""
        if debt.kind is Kind.DIRECT:
            await self._put_off(debt, why)
            return
        log.error("the channel takes no messages", debt=debt.key, reason=why)
        if self._closed != why:
            self._closed = why
            await tell_operators(self._desk, why)
        if debt.kind is Kind.CARD and await cancel_unseen(self._desk, debt, why):
            return
        if debt.kind is Kind.NOTICE and await self._letters.divert(debt, why):
            return
        await self._put_off(debt, why)

    async def _paid(self, debt: Debt) -> None:
        await self._desk.db.write(lambda tx: outbox.paid(tx, debt))
