"""``views.*``: opening, changing and publishing what a person fills in or reads.

A view that the shared checker faults is ``invalid_arguments``, with each fault in
``response_metadata``; a stale ``hash`` is ``hash_conflict``.
"""

import json

from bot.playground.errors import SlackError
from bot.playground.messages import with_ids
from bot.playground.methods import Call, Json, Method, Table
from bot.playground.ratelimits import TIER_4
from bot.playground.views import View
from bot.playground.workspace import Workspace
from commands.limits import MAX_VIEW_BYTES, Surface, validate_message


def make_view(workspace: Workspace, user: str, source: Json) -> View:
    """A checked modal, open in front of this person."""
    view = View(
        workspace.new_id("V"), user, _with_ids(source), workspace.new_ts(), names=workspace.names
    )
    workspace.views[view.id] = view
    workspace.changed.ring()
    return view


def change_view(workspace: Workspace, view: View, source: Json) -> None:
    """The same modal shows something else; its hash changes with it."""
    view.source, view.hash, view.state = _with_ids(source), workspace.new_ts(), {}
    workspace.changed.ring()


def check_view(source: object, surface: Surface) -> Json:
    """The view, or the error that Slack would give for it."""
    if not isinstance(source, dict):
        raise SlackError("invalid_arguments", ["view: an object is needed."])
    if len(json.dumps(source)) > MAX_VIEW_BYTES:
        raise SlackError("view_too_large")
    if faults := validate_message(None, None, surface=surface, view=source):
        raise SlackError("invalid_arguments", faults)
    return source


def _with_ids(source: Json) -> Json:
    return {**source, "blocks": with_ids(source["blocks"])}


def _wire(call: Call, view: View) -> Json:
    identity = call.workspace.identity
    return {"view": view.wire(team=identity.team, app=identity.app, bot=identity.bot)}


def _open(call: Call) -> Json:
    source = check_view(call.args.get("view"), "modal")
    trigger = call.triggers.exchange(call.need("trigger_id", "invalid_trigger_id"))
    view = make_view(call.workspace, trigger.user, source)
    trigger.opened(view)
    return _wire(call, view)


def _update(call: Call) -> Json:
    source = check_view(call.args.get("view"), "modal")
    wanted = call.args.get("view_id")
    external = call.args.get("external_id")
    for view in call.workspace.views.values():
        named = external is not None and view.source.get("external_id") == external
        if view.id == wanted or named:
            break
    else:
        raise SlackError("not_found")
    if call.args.get("hash") not in {None, view.hash}:
        raise SlackError("hash_conflict")
    change_view(call.workspace, view, source)
    return _wire(call, view)


def _publish(call: Call) -> Json:
    user = call.need("user_id", "user_not_found")
    if user not in call.workspace.people:
        raise SlackError("user_not_found")
    source = check_view(call.args.get("view"), "home")
    workspace = call.workspace
    known = workspace.homes.get(user)
    if known is not None:
        if call.args.get("hash") not in {None, known.hash}:
            raise SlackError("hash_conflict")
        change_view(workspace, known, source)
        return _wire(call, known)
    view = make_view(workspace, user, source)
    workspace.homes[user] = workspace.views.pop(view.id)
    workspace.changed.ring()
    return _wire(call, view)


VIEWS: Table = {
    "views.open": Method(_open, TIER_4),
    "views.update": Method(_update, TIER_4),
    "views.publish": Method(_publish, TIER_4),
}
