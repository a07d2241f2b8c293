"""What people do on the page, done in the pretend Slack on their behalf.

A wish is a JSON object; one that makes no sense, or that this person could not have in Slack (press
a button that is not there), is ``NotDone`` with a sentence for whoever made it.
"""

from collections.abc import Mapping
from typing import Any

from bot.playground.messages import Message, Version
from bot.playground.outcome import Outcome
from bot.playground.slack import PretendSlack
from bot.playground.views import View
from bot.playground.workspace import Channel
from commands.slash import COMMAND

Json = dict[str, Any]

LONGEST = 4000
"""Characters of a message; Slack's own limit for what people type."""

EXCUSES = {
    "operation_timeout": "The bot did not answer within 3 seconds, so Slack gave up waiting.",
    "dispatch_failed": "The bot is not connected to Slack, so nothing reached it. Nothing is"
    " waiting to be delivered either: start the bot, then do it again.",
    "invalid_response": "The bot answered with something that Slack cannot show.",
}
"""What a person is told instead of Slack's own word."""


class NotDone(Exception):
    """It could not be done; the text says why, in one sentence for people."""


class Deeds:
    """The hands and voices of the people."""

    def __init__(self, slack: PretendSlack) -> None:
        self._slack = slack

    async def do(self, wish: Mapping[str, Any]) -> Json:
        """Do one thing. Raises NotDone."""
        user = _text(wish, "as")
        if user not in self._slack.workspace.people:
            raise NotDone("There is nobody of that name here.")
        if self._slack.faults.web_down:
            raise NotDone("Slack is down: nothing can be typed or pressed until it is back.")
        try:
            match wish.get("do"):
                case "slash":
                    words = _text(wish, "words")
                    place = self._place(user, wish)
                    return _told(await self._slack.slash(user, COMMAND, words, channel=place.id))
                case "say":
                    return await self._say(user, wish)
                case "click":
                    return await self._click(user, wish)
                case "submit":
                    view = self._view(user, wish)
                    return _told(await self._slack.submit(user, view, _values(wish)))
                case "close":
                    return _told(await self._slack.close_view(user, self._view(user, wish)))
                case "home":
                    return _told(await self._slack.open_home(user))
        except LookupError as error:
            raise NotDone(_sentence(str(error.args[0] if error.args else error))) from None
        raise NotDone("Nobody can do that here.")

    async def _say(self, user: str, wish: Mapping[str, Any]) -> Json:
        """An ordinary message; the bot hears of it only where it is mentioned."""
        words, place = _text(wish, "words").strip(), self._place(user, wish)
        if not words:
            raise NotDone("Say something first.")
        parent = wish.get("thread")
        if parent is not None and self._slack.workspace.find(place.id, str(parent)) is None:
            raise NotDone("The message that this answers is gone.")
        return _told(await self._slack.say(user, words, channel=place.id, thread_ts=parent))

    async def _click(self, user: str, wish: Mapping[str, Any]) -> Json:
        action, choose = _text(wish, "action"), wish.get("choose")
        if "view" in wish:
            view, values = self._view(user, wish), _values(wish)
            pressed = self._slack.click(user, view, action, choose=choose, values=values)
            return _told(await pressed)
        message = self._message(user, wish)
        stale = _as_seen(message, wish.get("seen"))
        return _told(await self._slack.click(user, message, action, stale=stale, choose=choose))

    def _place(self, user: str, wish: Mapping[str, Any]) -> Channel:
        place = self._slack.workspace.channels.get(_text(wish, "place"))
        if place is None or user not in place.members:
            raise NotDone("This person is not in that channel.")
        return place

    def _view(self, user: str, wish: Mapping[str, Any]) -> View:
        workspace = self._slack.workspace
        home = workspace.homes.get(user)
        wanted = _text(wish, "view")
        view = workspace.views.get(wanted)
        if view is None and home is not None and home.id == wanted:
            return home
        if view is None or view.user != user:
            raise NotDone("That form is closed already.")
        return view

    def _message(self, user: str, wish: Mapping[str, Any]) -> Message:
        place, ts = self._place(user, wish), _text(wish, "ts")
        if not wish.get("private"):
            found = self._slack.workspace.find(place.id, ts)
        else:
            told = self._slack.private(user)
            found = next((m for m in told if (m.channel, m.ts) == (place.id, ts)), None)
        if found is None:
            raise NotDone("That message is gone.")
        return found


def _as_seen(message: Message, seen: object) -> Version | None:
    """The version that was on the screen, when the message has been edited since."""
    if not isinstance(seen, int) or isinstance(seen, bool) or not 0 <= seen < len(message.history):
        return None
    return message.history[seen]


def _told(outcome: Outcome | None) -> Json:
    """What the page needs to know of an outcome; the messages come by the stream."""
    if outcome is None:
        return {"error": None, "says": None, "errors": {}, "ms": None}
    error = outcome.error
    return {
        "error": error,
        "says": None if error is None else EXCUSES.get(error, f"Slack says: {error}."),
        "errors": outcome.view_errors,
        "ms": None if outcome.ack_seconds is None else round(outcome.ack_seconds * 1000, 1),
    }


def _values(wish: Mapping[str, Any]) -> Json:
    values = wish.get("values")
    if not isinstance(values, dict):
        raise NotDone("The form came without its values.")
    return values


def _text(wish: Mapping[str, Any], name: str) -> str:
    value = wish.get(name)
    if not isinstance(value, str):
        raise NotDone(f"The page sent no {name}.")
    if len(value) > LONGEST:
        raise NotDone(f"That is longer than {LONGEST} characters.")
    return value


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."
