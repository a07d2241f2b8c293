"""What people do with a form: hand it in, close it; and the stack of forms that lie on each other.

A form that was not acknowledged in time stays open with what was typed; so does one whose answer
Slack cannot show.
"""

from collections.abc import Mapping
from typing import Any

from bot.playground import payloads
from bot.playground.dispatch import Dispatch
from bot.playground.errors import SlackError
from bot.playground.methods_views import change_view, check_view, make_view, may_push
from bot.playground.outcome import Outcome
from bot.playground.views import View, fill
from bot.playground.workspace import Workspace

Json = dict[str, Any]


class Forms:
    """The modals that people have open."""

    def __init__(self, *, workspace: Workspace, dispatch: Dispatch) -> None:
        self._workspace = workspace
        self._dispatch = dispatch

    async def submit(self, user: str, view: View, values: Mapping[str, Any]) -> Outcome:
        """Hand in a modal with these answers, named by block_id or action_id."""
        if view.user != user or not view.open:
            raise LookupError(f"{user} has no open view {view.id}")
        self._workspace.uncovered(view)
        state, complaints = fill(view, values)
        if complaints:
            outcome = Outcome(user=user, envelope={}, bell=self._workspace.changed, sent=False)
            outcome.view_errors = complaints
            return outcome
        view.state = state
        person = self._workspace.person(user)
        payload = payloads.submission(self._workspace, person, view)
        outcome = await self._dispatch.act(
            user, "interactive", payload, answerable=True, within=view
        )
        if outcome.acked:
            try:
                self._respond(outcome, view)
            except SlackError as error:
                outcome.refuse(error)
                self._workspace.rejected.append(f"ack {error.told}")
        self._workspace.changed.ring()
        return outcome

    async def close(self, user: str, view: View) -> Outcome | None:
        """Close a modal without handing it in; the bot hears of it only if it asked to."""
        clears = bool(view.source.get("clear_on_close"))
        for one in self._workspace.stack(user) if clears else [view]:
            self._shut(one)
        if not view.source.get("notify_on_close"):
            return None
        person = self._workspace.person(user)
        payload = payloads.closing(self._workspace, person, view, cleared=clears)
        return await self._dispatch.act(user, "interactive", payload)

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
            may_push(self._workspace, view)
            outcome.view = make_view(self._workspace, outcome.user, source, under=view)
        elif action == "clear":
            for one in self._workspace.stack(outcome.user):
                self._shut(one)
        elif said:
            raise SlackError("invalid_arguments", [f"response_action {action!r} is unknown."])
        else:
            self._shut(view)

    def _shut(self, view: View) -> None:
        view.open = False
        self._workspace.views.pop(view.id, None)
        self._workspace.changed.ring()
