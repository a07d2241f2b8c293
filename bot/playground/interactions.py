"""What people do: type a command, press a button, hand in a form. And what they then see.

Each of these is sent to the bot as Slack sends it and comes back as an ``Outcome``. A person can
only act where they are: a test in which somebody presses a button in a channel that they are not in
is wrong, and is told so.
"""

import copy
from collections.abc import Mapping
from typing import Any

from bot.playground import payloads
from bot.playground.errors import SlackError
from bot.playground.messages import Message, Version, find_element
from bot.playground.methods_views import change_view, check_view, make_view
from bot.playground.outcome import Outcome
from bot.playground.responses import Responses, speak
from bot.playground.socketmode import SocketMode
from bot.playground.triggers import Triggers
from bot.playground.typed import as_sent
from bot.playground.views import View, fill, selected
from bot.playground.workspace import Channel, Person, Workspace

Json = dict[str, Any]
SLACKBOT = "USLACKBOT"


class Interactions:
    """The people at their keyboards."""

    def __init__(
        self,
        *,
        workspace: Workspace,
        sockets: SocketMode,
        triggers: Triggers,
        responses: Responses,
        base_url: str,
        should_escape: bool,
    ) -> None:
        self._workspace = workspace
        self._sockets = sockets
        self._triggers = triggers
        self._responses = responses
        self._base_url = base_url
        self._should_escape = should_escape

    async def slash(self, user: str, command: str, text: str, channel: str) -> Outcome:
        """Type a command in a channel; the acknowledgement may carry the answer."""
        person, place = self._present(user, channel)
        sent = as_sent(text.strip(), self._workspace) if self._should_escape else text.strip()
        payload = payloads.slash(self._workspace, person, place, command, sent)
        payload["response_url"] = self._base_url + self._responses.open(user, channel, None)
        outcome = await self._send(user, "slash_commands", payload, answerable=True)
        self._tell(outcome)
        return outcome

    async def click(
        self,
        user: str,
        where: Message | View,
        action: str,
        *,
        stale: Version | None = None,
        confirm: bool = True,
        choose: Any = None,
    ) -> Outcome:
        """Press what is called ``action`` (action_id or label), or choose one of its options."""
        blocks = stale.blocks if stale is not None else where.blocks
        block, element = find_element(blocks, action)
        if element.get("confirm") and not confirm:
            return Outcome(user=user, envelope={}, bell=self._workspace.changed, sent=False)
        pressed = self._action(block, element, choose)
        if isinstance(where, View):
            if where.user != user or not where.open:
                raise LookupError(f"{user} does not see the view of {where.user}")
            person = self._workspace.person(user)
            payload = payloads.click_on_view(self._workspace, person, where, pressed)
            return await self._send(user, "interactive", payload)
        person, _ = self._present(user, where.channel)
        if where.ephemeral_to not in {None, user}:
            raise LookupError(f"{user} does not see what only {where.ephemeral_to} was told")
        payload = payloads.click_on_message(self._workspace, person, where, stale, pressed)
        url = self._base_url + self._responses.open(user, where.channel, where)
        return await self._send(user, "interactive", {**payload, "response_url": url})

    async def submit(self, user: str, view: View, values: Mapping[str, Any]) -> Outcome:
        """Hand in a modal with these answers, named by block_id or action_id."""
        if view.user != user or not view.open:
            raise LookupError(f"{user} has no open view {view.id}")
        state, complaints = fill(view, values)
        if complaints:
            outcome = Outcome(user=user, envelope={}, bell=self._workspace.changed, sent=False)
            outcome.view_errors = complaints
            return outcome
        view.state = state
        person = self._workspace.person(user)
        payload = payloads.submission(self._workspace, person, view)
        outcome = await self._send(user, "interactive", payload, answerable=True)
        if outcome.acked:
            try:
                self._respond(outcome, view)
            except SlackError as error:
                self._refuse(outcome, error)
        self._workspace.changed.ring()
        return outcome

    async def close_view(self, user: str, view: View) -> Outcome | None:
        """Close a modal without handing it in; the bot hears of it only if it asked to."""
        self._shut(view)
        if not view.source.get("notify_on_close"):
            return None
        payload = payloads.closing(self._workspace, self._workspace.person(user), view)
        return await self._send(user, "interactive", payload)

    async def open_home(self, user: str) -> Outcome:
        """Look at the bot's home tab."""
        self._workspace.person(user)
        event_id, ts = self._workspace.new_id("Ev"), self._workspace.new_ts()
        payload = payloads.home_opened(self._workspace, user, event_id, ts)
        return await self._send(user, "events_api", payload, trigger=False)

    async def redeliver(self, outcome: Outcome) -> Outcome:
        """Send the very same envelope once more: same id, same trigger_id, same response_url."""
        if not outcome.sent:
            raise LookupError("this was never sent, so it cannot be sent again")
        again = Outcome(
            user=outcome.user, envelope=copy.deepcopy(outcome.envelope), bell=outcome.bell
        )
        await self._deliver(again)
        if again.envelope["type"] == "slash_commands":
            self._tell(again)
        return again

    def _tell(self, outcome: Outcome) -> None:
        """Show the person what the acknowledgement of a command said, or why there was none."""
        payload = outcome.envelope["payload"]
        user, channel = outcome.user, str(payload["channel_id"])
        if outcome.error is not None:
            excuse = f'{payload["command"]} failed with the error "{outcome.error}"'
            self._workspace.post(channel, excuse, [], user=SLACKBOT, ephemeral_to=user)
        elif outcome.ack_payload:
            try:
                outcome.ack_message = speak(self._workspace, user, channel, outcome.ack_payload)
            except SlackError as error:
                self._refuse(outcome, error)
        self._workspace.changed.ring()

    async def _send(
        self, user: str, kind: str, payload: Json, *, answerable: bool = False, trigger: bool = True
    ) -> Outcome:
        outcome = Outcome(user=user, envelope={}, bell=self._workspace.changed)
        if trigger:
            payload["trigger_id"] = self._triggers.issue(user, outcome.show)
        outcome.envelope = {
            "envelope_id": self._workspace.new_id("envelope"),
            "type": kind,
            "accepts_response_payload": answerable,
            "payload": payload,
        }
        if kind == "events_api":
            outcome.envelope |= {"retry_attempt": 0, "retry_reason": ""}
        await self._deliver(outcome)
        return outcome

    async def _deliver(self, outcome: Outcome) -> None:
        url = outcome.envelope["payload"].get("response_url")
        if url is not None:
            self._responses.attach(url, outcome)
        delivery = await self._sockets.deliver(outcome.envelope)
        outcome.acked = delivery.error is None
        outcome.error, outcome.ack_seconds = delivery.error, delivery.seconds
        outcome.ack_payload = delivery.payload
        self._workspace.changed.ring()

    def _respond(self, outcome: Outcome, view: View) -> None:
        """Do what the acknowledgement of a submission says; without a word the modal closes."""
        said = outcome.ack_payload or {}
        action = said.get("response_action")
        if action == "errors":
            errors = said.get("errors")
            inputs = {b["block_id"] for b in view.blocks if b["type"] == "input"}
            if not isinstance(errors, dict) or not errors or set(errors) - inputs:
                faults = [f"errors must name input blocks, of which there is {sorted(inputs)}."]
                raise SlackError("invalid_arguments", faults)
            outcome.view_errors = errors
        elif action == "update":
            change_view(self._workspace, view, check_view(said.get("view"), "modal"))
            outcome.view = view
        elif action == "push":
            source = check_view(said.get("view"), "modal")
            outcome.view = make_view(self._workspace, outcome.user, source)
        elif action == "clear":
            for other in list(self._workspace.views.values()):
                if other.user == outcome.user:
                    self._shut(other)
        elif said:
            raise SlackError("invalid_arguments", [f"response_action {action!r} is unknown."])
        else:
            self._shut(view)

    def _shut(self, view: View) -> None:
        view.open = False
        self._workspace.views.pop(view.id, None)
        self._workspace.changed.ring()

    def _refuse(self, outcome: Outcome, error: SlackError) -> None:
        """The bot answered in time with something that Slack cannot show."""
        outcome.error = "invalid_response"
        outcome.faults = [error.error, *error.more.get("errors", [])]

    def _action(self, block: Json, element: Json, choose: Any) -> Json:
        action: Json = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "action_ts": self._workspace.new_ts(),
        }
        if element["type"] != "button":
            return {**action, **selected(element, choose)}
        action["text"] = copy.deepcopy(element["text"])
        return action | {key: element[key] for key in ("value", "style", "url") if key in element}

    def _present(self, user: str, channel: str) -> tuple[Person, Channel]:
        person = self._workspace.person(user)
        place = self._workspace.channels.get(channel)
        if place is None:
            raise LookupError(f"there is no channel {channel}")
        if user not in place.members:
            raise LookupError(f"{person.name} is not in #{place.name}, so they cannot act there")
        return person, place
