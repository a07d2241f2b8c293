"""``views.*``: opening, changing and publishing what a person fills in or reads.

A view that the shared checker faults is ``invalid_arguments``, with each fault in
``response_metadata``; a stale ``hash`` is ``hash_conflict``.
"""

import json

from bot.playground.errors import SlackError
from bot.playground.messages import pressable, with_ids
from bot.playground.methods import Call, Json, Method, Table
from bot.playground.ratelimits import TIER_4
from bot.playground.views import View
from bot.playground.workspace import Workspace
from commands.limits import MAX_VIEW_BYTES, Surface, validate_message

MAX_STACK = 3
"""Modals that may lie on each other."""


def make_view(workspace: Workspace, user: str, source: Json, *, under: View | None = None) -> View:
    """A checked modal, open in front of this person; ``under``: over which other one."""
    external = source.get("external_id")
    living = [*workspace.views.values(), *workspace.homes.values()]
    if external and any(view.source.get("external_id") == external for view in living):
        raise SlackError("duplicate_external_id")
    view = View(
        workspace.new_id("V"), user, _with_ids(source), workspace.new_ts(), names=workspace.names
    )
    view.under = under
    workspace.views[view.id] = view
    workspace.changed.ring()
    return view


def change_view(workspace: Workspace, view: View, source: Json) -> None:
    """The same modal shows something else; its hash changes with it.

    What was typed stays in the fields that are still there, by block_id and action_id.
    """
    view.source, view.hash = _with_ids(source), workspace.new_ts()
    there = {(b["block_id"], e["action_id"]) for b, e in pressable(view.blocks)}
    view.state = {
        block: kept
        for block, fields in view.state.items()
        if (kept := {name: one for name, one in fields.items() if (block, name) in there})
    }
    workspace.changed.ring()


def may_push(workspace: Workspace, over: View) -> None:
    """``SlackError`` if the stack under ``over`` is as high as it may be."""
    if len(workspace.stack(over.user)) >= MAX_STACK:
        raise SlackError("push_limit_reached")


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


def _push(call: Call) -> Json:
    source = check_view(call.args.get("view"), "modal")
    trigger = call.triggers.exchange(call.need("trigger_id", "invalid_trigger_id"))
    if trigger.within is None or not trigger.within.open:
        faults = ["a view can only be pushed over an open modal in which somebody has acted."]
        raise SlackError("invalid_trigger_id", faults)
    may_push(call.workspace, trigger.within)
    view = make_view(call.workspace, trigger.user, source, under=trigger.within)
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
    user = call.need("user_id")
    person = call.workspace.people.get(user)
    if person is None or person.deleted or person.is_bot:
        raise SlackError("invalid_arguments", ["invalid `user_id`"])
    if not call.installed.home_tab:
        raise SlackError("not_enabled")
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
    "views.push": Method(_push, TIER_4),
    "views.update": Method(_update, TIER_4),
    "views.publish": Method(_publish, TIER_4),
}
