"""``files.*``: the two calls between which the bytes of a file travel.

A file that was never sent, or not as long as was said, cannot be shared; a ticket is good once.
"""

import json

from bot.playground.errors import SlackError
from bot.playground.files import File
from bot.playground.methods import Call, Json, Method, Table
from bot.playground.ratelimits import TIER_4
from bot.playground.workspace import Channel, Workspace

MAX_ALT_TEXT = 1000
"""Characters of the description for those who do not see a picture."""


def _ask(call: Call) -> Json:
    name = call.need("filename", "missing_argument")
    try:
        length = int(call.need("length", "missing_argument"))
    except ValueError:
        raise SlackError("invalid_arguments", ["length must be a number of bytes"]) from None
    if length < 1:
        raise SlackError("missing_argument", ["length must be more than 0"])
    alt_text = str(call.args.get("alt_txt") or "")
    if len(alt_text) > MAX_ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    workspace = call.workspace
    if not workspace.takes_files:
        raise SlackError("file_uploads_disabled")
    ticket = workspace.new_id("upload")
    file = File(
        id=workspace.new_id("F"),
        ticket=ticket,
        name=name,
        length=length,
        alt_text=alt_text,
        title=name,
    )
    workspace.files[file.id] = file
    return {"upload_url": call.address(f"/upload/{ticket}"), "file_id": file.id}


def _share(call: Call) -> Json:
    if "blocks" in call.args:
        raise SlackError("invalid_arguments", ["the pretend Slack shares files without blocks"])
    files = [_uploaded(call.workspace, one) for one in _listed(call.args.get("files"))]
    channel = _place(call)
    for file, title in files:
        file.shared, file.title = True, title or file.title
    if channel is not None:
        thread = call.args.get("thread_ts")
        text = str(call.args.get("initial_comment") or "")
        message = call.workspace.post(channel.id, text, [], thread_ts=thread)
        message.files = [file for file, _ in files]
    call.workspace.changed.ring()
    return {"files": [{"id": file.id, "title": file.title} for file, _ in files]}


def _place(call: Call) -> Channel | None:
    """Where they are shared; without a channel they stay private."""
    if not (wanted := call.args.get("channel_id")):
        return None
    channel = call.workspace.channels.get(str(wanted))
    bot = call.workspace.identity.bot_user
    if channel is None or (channel.is_private and bot not in channel.members):
        raise SlackError("invalid_channel")
    person = call.workspace.people.get(channel.im_with or "")
    gone = person is not None and (person.deleted or not call.installed.messages_tab)
    if bot not in channel.members or channel.is_archived or channel.only_admins_post or gone:
        raise SlackError("posting_to_channel_denied")
    thread = call.args.get("thread_ts")
    if thread is not None and call.workspace.find(channel.id, str(thread)) is None:
        raise SlackError("invalid_arguments", ["thread_ts names no message"])
    return channel


def _listed(given: object) -> list[Json]:
    try:
        files = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        files = None
    if not isinstance(files, list) or not files or not all(isinstance(f, dict) for f in files):
        raise SlackError("invalid_arguments", ["files must be a list of ids and titles"])
    return files


def _uploaded(workspace: Workspace, wanted: Json) -> tuple[File, str]:
    file = workspace.files.get(str(wanted.get("id")))
    if file is None or file.content is None or file.shared:
        raise SlackError("file_not_found")
    return file, str(wanted.get("title") or "")


FILES: Table = {
    "files.getUploadURLExternal": Method(_ask, TIER_4, ("files:write",), takes_json=False),
    "files.completeUploadExternal": Method(_share, TIER_4, ("files:write",)),
}
