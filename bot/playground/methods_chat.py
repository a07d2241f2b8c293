"""``chat.*``: posting, editing and deleting messages, with every refusal that Slack has for it.

A message that the shared checker faults is refused here, and so is one without ``text``: Slack only
warns about that, but a card that no notification and no screen reader can read is a fault to us.
"""

from datetime import UTC, datetime
from typing import Any

from bot.playground.errors import SlackError
from bot.playground.messages import Message
from bot.playground.methods import Call, Json, Method, Table
from bot.playground.ratelimits import POSTING, SPECIAL, TIER_3, TIER_4
from bot.playground.workspace import Channel
from commands.limits import MAX_TEXT, validate_message

UNKNOWN = frozenset({"as_user", "attachments", "file_ids", "icon_emoji", "icon_url", "link_names"})
UNKNOWN |= {"markdown_text", "mrkdwn", "parse", "reply_broadcast", "username"}
"""What Slack takes and we do not: refused, so that nobody believes that it was shown."""


def checked(args: Json, *, sdk: bool) -> tuple[str, list[Json], Json | None]:
    """Text, blocks and metadata of a message, or the error that Slack would give.

    ``sdk``: the SDK's models are asked as well; see ``Workspace.asks_sdk``.
    """
    if unknown := sorted(UNKNOWN.intersection(args)):
        raise SlackError("invalid_arguments", [f"the pretend Slack knows no {unknown[0]}"])
    text, blocks, metadata = args.get("text"), args.get("blocks"), args.get("metadata")
    if not isinstance(text, str) or not text.strip():
        raise SlackError("no_text")
    if len(text) > MAX_TEXT:
        raise SlackError("msg_too_long")
    if faults := validate_message(text, blocks or [], sdk=sdk):
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
    if channel.only_admins_post:
        raise SlackError("restricted_action")
    return channel


def _reachable(call: Call, user: str) -> None:
    """A person can be written to while they have an account and the app a Messages tab."""
    if call.workspace.person(user).deleted:
        raise SlackError("user_disabled")
    if not call.installed.messages_tab:
        raise SlackError("messages_tab_disabled")


def _thread(call: Call, channel: Channel) -> str | None:
    """The ts of the message that is replied to; None when it is not a reply."""
    thread = call.args.get("thread_ts")
    if thread is None:
        return None
    root = call.workspace.find(channel.id, str(thread))
    if root is None and call.workspace.readings.lost_thread == "channel":
        return None
    if root is None or root.thread_ts is not None:
        raise SlackError("cannot_reply_to_message")
    return root.ts


def _pictured(call: Call, blocks: list[Json]) -> None:
    """A picture may be a file, if that file is there."""
    for block in blocks:
        wanted = (block.get("slack_file") or {}).get("id")
        if (
            wanted is not None
            and getattr(call.workspace.files.get(wanted), "content", None) is None
        ):
            raise SlackError("invalid_blocks", [f"invalid slack_file: {wanted}"])


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
    text, blocks, metadata = checked(call.args, sdk=call.workspace.asks_sdk)
    _pictured(call, blocks)
    thread = _thread(call, channel)
    message = call.workspace.post(channel.id, text, blocks, thread_ts=thread, metadata=metadata)
    return {"channel": channel.id, "ts": message.ts, "message": _wire(call, message)}


def _update(call: Call) -> Json:
    channel = call.channel()
    if channel.is_archived:
        raise SlackError("is_inactive")
    inside = call.workspace.identity.bot_user in channel.members
    if not inside and call.workspace.readings.edit_after_leaving == "refused":
        raise SlackError("cant_update_message")
    message = _own(call, channel, "ts", "cant_update_message")
    window = call.workspace.edit_window
    posted = datetime.fromtimestamp(float(message.ts), UTC)
    if window is not None and call.workspace.clock() > posted + window:
        raise SlackError("edit_window_closed")
    # Here alone empty metadata means something: it takes away what was there.
    empty = {"metadata": None} if call.args.get("metadata") == {} else {}
    args = {**call.args, **empty}
    text, blocks, metadata = checked(args, sdk=call.workspace.asks_sdk)
    metadata = {} if empty else metadata
    _pictured(call, blocks)
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
    text, blocks, _ = checked(call.args, sdk=call.workspace.asks_sdk)
    thread = _thread(call, channel)
    message = call.workspace.post(channel.id, text, blocks, thread_ts=thread, ephemeral_to=user)
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
    "chat.getPermalink": Method(_permalink, SPECIAL, takes_json=False),
    "chat.delete": Method(_delete, TIER_3, ("chat:write",)),
}
