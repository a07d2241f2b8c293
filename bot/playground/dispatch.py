"""Envelopes on their way to the bot, and what became of them.

Only events are ever sent again: a command, a click or a form that is not acknowledged in time is
lost, and the person sees that it was.
"""

import asyncio
import copy
from typing import Any

from bot.playground.outcome import Outcome
from bot.playground.responses import Responses
from bot.playground.socketmode import SocketMode
from bot.playground.triggers import Triggers
from bot.playground.views import View
from bot.playground.workspace import Workspace

Json = dict[str, Any]

RETRY_REASONS = {"operation_timeout": "timeout", "dispatch_failed": "connection_failed"}
"""Why an event comes again, by what went wrong before."""


class Dispatch:
    """Sends envelopes; ``retry_seconds`` are the pauses before an event is sent again."""

    def __init__(
        self,
        *,
        workspace: Workspace,
        sockets: SocketMode,
        triggers: Triggers,
        responses: Responses,
    ) -> None:
        self.retry_seconds: tuple[float, ...] = (0.0, 60.0, 300.0)
        self._workspace = workspace
        self._sockets = sockets
        self._triggers = triggers
        self._responses = responses
        self._retries: set[asyncio.Task[None]] = set()

    async def act(
        self,
        user: str,
        kind: str,
        payload: Json,
        *,
        answerable: bool = False,
        within: View | None = None,
    ) -> Outcome:
        """Send what a person has done, with a fresh ``trigger_id``; ``within`` which form."""
        outcome = Outcome(user=user, envelope={}, bell=self._workspace.changed)
        payload["trigger_id"] = self._triggers.issue(user, outcome.show, within)
        outcome.envelope = self._envelope(kind, payload, answerable=answerable)
        await self._deliver(outcome)
        return outcome

    async def tell(self, user: str, payload: Json) -> Outcome:
        """Send an event, and go on sending it in the background until it is acknowledged."""
        outcome = Outcome(user=user, envelope={}, bell=self._workspace.changed)
        outcome.envelope = self._envelope("events_api", payload, answerable=False)
        outcome.envelope |= {"retry_attempt": 0, "retry_reason": ""}
        await self._deliver(outcome)
        lost = self._workspace.readings.event_without_connection == "lost"
        if not outcome.acked and not (lost and outcome.error == "dispatch_failed"):
            task = asyncio.create_task(self._retry(outcome), name="retries of an event")
            self._retries.add(task)
            task.add_done_callback(self._retries.discard)
        return outcome

    async def again(self, outcome: Outcome) -> Outcome:
        """Send the very same envelope once more: same id, same trigger_id, same response_url."""
        if not outcome.sent:
            raise LookupError("this was never sent, so it cannot be sent again")
        again = Outcome(
            user=outcome.user, envelope=copy.deepcopy(outcome.envelope), bell=outcome.bell
        )
        await self._deliver(again)
        return again

    async def stop(self) -> None:
        """Forget what was to be sent again."""
        for task in self._retries:
            task.cancel()
        await asyncio.gather(*self._retries, return_exceptions=True)

    async def _retry(self, outcome: Outcome) -> None:
        for number, seconds in enumerate(self.retry_seconds, 1):
            await asyncio.sleep(seconds)
            outcome.envelope = copy.deepcopy(outcome.envelope)
            if self._workspace.readings.retry_envelope == "new":
                outcome.envelope["envelope_id"] = self._workspace.new_id("envelope")
            outcome.envelope["retry_attempt"] = outcome.retries = number
            outcome.envelope["retry_reason"] = RETRY_REASONS.get(outcome.error or "", "timeout")
            await self._deliver(outcome)
            if outcome.acked:
                return

    def _envelope(self, kind: str, payload: Json, *, answerable: bool) -> Json:
        return {
            "envelope_id": self._workspace.new_id("envelope"),
            "type": kind,
            "accepts_response_payload": answerable,
            "payload": payload,
        }

    async def _deliver(self, outcome: Outcome) -> None:
        url = outcome.envelope["payload"].get("response_url")
        if url is not None:
            self._responses.attach(url, outcome)
        delivery = await self._sockets.deliver(outcome.envelope)
        outcome.acked = delivery.error is None
        outcome.error, outcome.ack_seconds = delivery.error, delivery.seconds
        outcome.ack_payload = delivery.payload
        self._workspace.changed.ring()
