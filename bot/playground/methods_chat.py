"""``chat.*``: posting, editing and deleting messages, with every refusal that Slack has for it.

A message that the shared checker faults is refused here, and so is one without ``text``: Slack only
warns about that, but a card that no notification and no screen reader can read is a fault to us.
"""

from typing import Any

from bot.playground.errors import SlackError
from bot.playground.messages import Message
from bot.playground.methods import Call, Json, Method, Table
from bot.playground.ratelimits import POSTING, SPECIAL, TIER_3, TIER_4
from bot.playground.workspace import Channel
from commands.limits import MAX_TEXT, validate_message


def checked(args: Json) -> tuple[str, list[Json], Json | None]:
    """Text, blocks and metadata of a message, or the error that Slack would give."""
    text, blocks, metadata = args.get("text"), args.get("blocks"), args.get("metadata")
    if not isinstance(text, str) or not text.strip():
        raise SlackError("no_text")
    if len(text) > MAX_TEXT:
        raise SlackError("msg_too_long")
    if faults := validate_message(text, blocks or []):
        raise SlackError("invalid_blocks", faults)
    if faults := validate_message("text", None, metadata=metadata):
        too_large = any("more than" in fault for fault in faults)
        raise SlackError("metadata_too_large" if too_large else "invalid_metadata_format", faults)
    return text, blocks or [], metadata


def _target(call: Call) -> Channel:
    """Where to post: a channel, or a person's direct messages when a user id is given."""
    wanted = call.need("channel", "channel_not_found")
    person = call.workspace.people.get(wanted)
    if person is not None:
        if person.is_bot:
            raise SlackError("cannot_dm_bot")
        channel = call.workspace.direct(wanted)
    else:
        channel = call.channel(write=True)
    if channel.im_with is not None:
        _reachable(call, channel.im_with)
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def _reachable(call: Call, user: str) -> None:
    """A person can be written to while they have an account and the app a Messages tab."""
    if call.workspace.person(user).deleted:
        raise SlackError("user_disabled")
    if not call.installed.messages_tab:
        raise SlackError("messages_tab_disabled")


def _own(call: Call, channel: Channel, ts_name: str, refusal: str) -> Message:
    message = call.workspace.find(channel.id, call.need(ts_name, "message_not_found"))
    if message is None:
        raise SlackError("message_not_found")
    if message.user != call.workspace.identity.bot_user:
        raise SlackError(refusal)
    return message


def _wire(call: Call, message: Message) -> Json:
    identity = call.workspace.identity
    return message.wire(bot_id=identity.bot, app_id=identity.app, team=identity.team)


def _post_message(call: Call) -> Json:
    channel = _target(call)
    text, blocks, metadata = checked(call.args)
    thread = call.args.get("thread_ts")
    if thread is not None:
        root = call.workspace.find(channel.id, str(thread))
        if root is None or root.thread_ts is not None:
            raise SlackError("cannot_reply_to_message")
    message = call.workspace.post(channel.id, text, blocks, thread_ts=thread, metadata=metadata)
    return {"channel": channel.id, "ts": message.ts, "message": _wire(call, message)}


def _update(call: Call) -> Json:
    channel = call.channel(write=True)
    if channel.is_archived:
        raise SlackError("is_inactive")
    message = _own(call, channel, "ts", "cant_update_message")
    text, blocks, metadata = checked(call.args)
    call.workspace.rewrite(message, text, blocks, metadata)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": text,
        "message": _wire(call, message),
    }


def _post_ephemeral(call: Call) -> Json:
    channel = call.channel(write=True)
    if channel.is_archived:
        raise SlackError("is_archived")
    user: Any = call.need("user", "user_not_found")
    if user not in call.workspace.people:
        raise SlackError("user_not_found")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks, _ = checked(call.args)
    message = call.workspace.post(channel.id, text, blocks, ephemeral_to=user)
    return {"message_ts": message.ts}


def _permalink(call: Call) -> Json:
    channel = call.channel()
    ts = call.need("message_ts", "message_not_found")
    if call.workspace.find(channel.id, ts) is None:
        raise SlackError("message_not_found")
    host = f"https://{call.workspace.identity.domain}.slack.com"
    link = f"{host}/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


def _delete(call: Call) -> Json:
    channel = call.channel(write=True)
    message = _own(call, channel, "ts", "cant_delete_message")
    call.workspace.remove(message)
    return {"channel": channel.id, "ts": message.ts}


CHAT: Table = {
    "chat.postMessage": Method(_post_message, POSTING, ("chat:write",)),
    "chat.update": Method(_update, TIER_3, ("chat:write",)),
    "chat.postEphemeral": Method(_post_ephemeral, TIER_4, ("chat:write",)),
    "chat.getPermalink": Method(_permalink, SPECIAL),
    "chat.delete": Method(_delete, TIER_3, ("chat:write",)),
}
