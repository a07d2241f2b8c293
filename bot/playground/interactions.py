"""What people do: type a command, press a button, mention the bot, look at its home tab.

Each of these is sent to the bot as Slack sends it and comes back as an ``Outcome``; forms stand in
``forms``. A person can only act where they are: a test in which somebody presses a button in a
channel that they are not in is wrong, and is told so.
"""

import copy
from collections.abc import Callable, Mapping
from typing import Any, Literal

from bot.playground import payloads
from bot.playground.dispatch import Dispatch
from bot.playground.errors import SlackError
from bot.playground.escaping import as_sent, as_written
from bot.playground.installation import Installation
from bot.playground.messages import Message, Version, find_element
from bot.playground.outcome import Outcome
from bot.playground.responses import Responses, speak
from bot.playground.views import View, fill, selected
from bot.playground.workspace import Channel, Person, Workspace

Json = dict[str, Any]
Tab = Literal["home", "messages"]
SLACKBOT = "USLACKBOT"


class Interactions:
    """The people at their keyboards."""

    def __init__(
        self,
        *,
        workspace: Workspace,
        dispatch: Dispatch,
        responses: Responses,
        base_url: str,
        installed: Callable[[], Installation],
    ) -> None:
        self._workspace = workspace
        self._dispatch = dispatch
        self._responses = responses
        self._base_url = base_url
        self._installed = installed

    async def slash(self, user: str, command: str, text: str, channel: str) -> Outcome:
        """Type a command in a channel; the acknowledgement may carry the answer."""
        person, place = self._present(user, channel)
        escapes = self._installed().commands.get(command)
        if escapes is None:
            return self._no_command(user, command, channel)
        sent = as_sent(text.strip(), self._workspace) if escapes else text.strip()
        payload = payloads.slash(self._workspace, person, place, command, sent)
        payload["response_url"] = self._base_url + self._responses.open(user, channel, None)
        outcome = await self._dispatch.act(user, "slash_commands", payload, answerable=True)
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
        values: Mapping[str, Any] | None = None,
    ) -> Outcome:
        """Press what is called ``action`` (action_id or label), or choose one of its options.

        In a form ``values`` are what has been filled in so far.
        """
        blocks = stale.blocks if stale is not None else where.blocks
        block, element = find_element(blocks, action)
        quiet = block["type"] == "input" and not block.get("dispatch_action")
        if quiet or (element.get("confirm") and not confirm):
            return self._unsent(user)
        pressed = self._action(block, element, choose)
        if isinstance(where, View):
            chosen = {} if choose is None else {pressed["action_id"]: choose}
            return await self._press_in_view(user, where, pressed, {**chosen, **(values or {})})
        person, _ = self._present(user, where.channel)
        if where.ephemeral_to not in {None, user}:
            raise LookupError(f"{user} does not see what only {where.ephemeral_to} was told")
        payload = payloads.click_on_message(self._workspace, person, where, stale, pressed)
        url = self._base_url + self._responses.open(user, where.channel, where)
        return await self._dispatch.act(user, "interactive", {**payload, "response_url": url})

    async def _press_in_view(
        self, user: str, view: View, pressed: Json, values: Mapping[str, Any]
    ) -> Outcome:
        if view.user != user or not view.open:
            raise LookupError(f"{user} does not see the view of {view.user}")
        self._workspace.uncovered(view)
        view.state, _ = fill(view, values)
        person = self._workspace.person(user)
        payload = payloads.click_on_view(self._workspace, person, view, pressed)
        return await self._dispatch.act(user, "interactive", payload, within=view)

    async def say(self, user: str, text: str, channel: str, thread_ts: str | None) -> Outcome:
        """Write a message; the bot hears of it only if it is mentioned there."""
        person, place = self._present(user, channel)
        if place.is_archived:
            raise LookupError(f"#{place.name} is archived, so nobody can write there")
        written = as_written(text, self._workspace)
        message = self._workspace.post(channel, written, [], user=user, thread_ts=thread_ts)
        bot = self._workspace.identity.bot_user
        mentioned = bot in message.mentions() and bot in place.members and place.im_with is None
        if not (mentioned and self._installed().hears("app_mention")):
            outcome = self._unsent(user)
        else:
            payload = payloads.mention(self._workspace, person, message)
            outcome = await self._dispatch.tell(user, payload)
        outcome.said = message
        return outcome

    async def open_home(self, user: str, tab: Tab) -> Outcome:
        """Look at a tab of the bot's home; both raise the same event."""
        self._workspace.person(user)
        installed = self._installed()
        shown = installed.home_tab if tab == "home" else installed.messages_tab
        if not (shown and installed.hears("app_home_opened")):
            return self._unsent(user)
        return await self._dispatch.tell(user, payloads.home_opened(self._workspace, user, tab))

    async def redeliver(self, outcome: Outcome) -> Outcome:
        """Send the very same envelope once more: same id, same trigger_id, same response_url."""
        again = await self._dispatch.again(outcome)
        if again.envelope["type"] == "slash_commands":
            self._tell(again)
        return again

    def _unsent(self, user: str) -> Outcome:
        """The client, or Slack itself, kept it from the bot."""
        return Outcome(user=user, envelope={}, bell=self._workspace.changed, sent=False)

    def _no_command(self, user: str, command: str, channel: str) -> Outcome:
        """Slack itself answers; the bot never hears of it."""
        told = f"{command} is not a valid command."
        self._workspace.post(channel, told, [], user=SLACKBOT, ephemeral_to=user)
        outcome = self._unsent(user)
        outcome.error = "not_a_command"
        return outcome

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
                outcome.refuse(error)
                self._workspace.rejected.append(f"ack {error.told}")
        self._workspace.changed.ring()

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
