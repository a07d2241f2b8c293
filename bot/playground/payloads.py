"""The payloads that Slack sends when somebody does something, field by field.

Pure functions of the workspace and of what was done; who may do it and what becomes of it is asked
in ``interactions``.
"""

from typing import Any

from bot.playground.messages import Message, Version
from bot.playground.views import View
from bot.playground.workspace import Channel, Person, Workspace

Json = dict[str, Any]


def slash(workspace: Workspace, person: Person, channel: Channel, command: str, text: str) -> Json:
    """A slash command; note the string ``"false"``, which is how Slack writes it here.

    The team is the person's own: Slack offers no commands to strangers, but a bot that trusts in
    that has no second lock.
    """
    identity = workspace.identity
    return {
        "token": identity.verification,
        "team_id": person.team,
        "team_domain": identity.domain,
        "channel_id": channel.id,
        "channel_name": channel.payload_name,
        "user_id": person.id,
        "user_name": person.handle,
        "command": command,
        "text": text,
        "api_app_id": identity.app,
        "is_enterprise_install": "false",
    }


def common(workspace: Workspace, person: Person, kind: str) -> Json:
    """What every interaction but a slash command has."""
    identity = workspace.identity
    return {
        "type": kind,
        "user": {
            "id": person.id,
            "username": person.handle,
            "name": person.handle,
            "team_id": person.team,
        },
        "api_app_id": identity.app,
        "token": identity.verification,
        "team": {"id": identity.team, "domain": identity.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def click_on_message(
    workspace: Workspace, person: Person, message: Message, version: Version | None, action: Json
) -> Json:
    """A press in a message; an ephemeral message is not quoted, only located."""
    identity = workspace.identity
    ephemeral = message.ephemeral_to is not None
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": ephemeral,
    }
    if message.thread_ts is not None:
        container["thread_ts"] = message.thread_ts
    channel = workspace.channels[message.channel]
    payload: Json = {
        **common(workspace, person, "block_actions"),
        "container": container,
        "channel": {"id": channel.id, "name": channel.payload_name},
        "state": {"values": {}},
        "actions": [action],
    }
    if not ephemeral:
        payload["message"] = message.wire(
            bot_id=identity.bot, app_id=identity.app, team=identity.team, version=version
        )
    return payload


def click_on_view(workspace: Workspace, person: Person, view: View, action: Json) -> Json:
    """A press in a modal or a home tab."""
    return {
        **common(workspace, person, "block_actions"),
        "container": {"type": "view", "view_id": view.id},
        "view": view_wire(workspace, view),
        "actions": [action],
    }


def submission(workspace: Workspace, person: Person, view: View) -> Json:
    """A modal handed in, with ``state.values`` as filled."""
    return {
        **common(workspace, person, "view_submission"),
        "view": view_wire(workspace, view),
        "response_urls": [],
    }


def closing(workspace: Workspace, person: Person, view: View, *, cleared: bool) -> Json:
    """A modal closed without handing it in; sent only if the view asked for it."""
    return {
        **common(workspace, person, "view_closed"),
        "view": view_wire(workspace, view),
        "is_cleared": cleared,
    }


def home_opened(workspace: Workspace, user: str, tab: str) -> Json:
    """The event that somebody looks at the bot's home, with what is published there."""
    ts = workspace.new_ts()
    event: Json = {
        "type": "app_home_opened",
        "user": user,
        "channel": workspace.direct(user).id,
        "tab": tab,
        "event_ts": ts,
    }
    if tab == "home" and (view := workspace.homes.get(user)) is not None:
        event["view"] = view_wire(workspace, view)
    return _event(workspace, event)


def mention(workspace: Workspace, person: Person, message: Message) -> Json:
    """The event that somebody mentions the bot in a channel."""
    event: Json = {
        "type": "app_mention",
        "user": person.id,
        "text": message.text,
        "ts": message.ts,
        "team": person.team,
        "channel": message.channel,
        "event_ts": message.ts,
    }
    if message.thread_ts is not None:
        event["thread_ts"] = message.thread_ts
    return _event(workspace, event)


def _event(workspace: Workspace, event: Json) -> Json:
    """What stands round every event; ``event_id`` stays the same when it is sent again."""
    identity = workspace.identity
    installed = {"team_id": identity.team, "user_id": identity.bot_user, "is_bot": True}
    return {
        "token": identity.verification,
        "team_id": identity.team,
        "api_app_id": identity.app,
        "type": "event_callback",
        "event_id": workspace.new_id("Ev"),
        "event_time": int(float(event["event_ts"])),
        "authorizations": [{"enterprise_id": None, "is_enterprise_install": False, **installed}],
        "is_ext_shared_channel": False,
        "event": event,
    }


def view_wire(workspace: Workspace, view: View) -> Json:
    """A view as this workspace writes it."""
    identity = workspace.identity
    return view.wire(team=identity.team, app=identity.app, bot=identity.bot)
