"""Who is who: ``users.*``, ``usergroups.*``, ``conversations.*``, and who the bot itself is."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.playground.errors import SlackError
from bot.playground.methods import Call, Json, Method, Run, Table
from bot.playground.ratelimits import SPECIAL, TIER_2, TIER_3, TIER_4, Rate
from bot.playground.workspace import Channel, Person

_READ = ("channels:read", "groups:read", "im:read")
_OPEN = ("im:write",)


def person_wire(person: Person, home_team: str, now: datetime) -> Json:
    """A user object; ``is_stranger`` says that they belong to another company."""
    offset = now.astimezone(ZoneInfo(person.tz)).utcoffset()
    return {
        "id": person.id,
        "team_id": person.team,
        "name": person.handle,
        "real_name": person.name,
        "deleted": person.deleted,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "is_restricted": person.is_guest,
        "is_ultra_restricted": person.is_single_channel_guest,
        "is_stranger": person.team != home_team,
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": 0 if offset is None else int(offset.total_seconds()),
        "profile": {"real_name": person.name, "display_name": person.name},
    }


def _users_info(call: Call) -> Json:
    workspace = call.workspace
    return {"user": person_wire(call.person(), workspace.identity.team, workspace.clock())}


def _users_list(call: Call) -> Json:
    home = call.workspace.identity.team
    everybody = [person for person in call.workspace.people.values() if person.team == home]
    page, cursor = _page(call, [person.id for person in everybody])
    now = call.workspace.clock()
    members = [person_wire(p, home, now) for p in everybody if p.id in page]
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


def _page(call: Call, ids: list[str]) -> tuple[list[str], str]:
    cursor = str(call.args.get("cursor") or "")
    start = 0
    if cursor:
        after = cursor.removeprefix("after:")
        if after not in ids:
            raise SlackError("invalid_cursor")
        start = ids.index(after) + 1
    end = start + call.page_size(1000)
    return ids[start:end], f"after:{ids[end - 1]}" if end < len(ids) else ""


def _paid(call: Call) -> None:
    if not call.workspace.paid:
        raise SlackError("plan_upgrade_required")


def _groups_list(call: Call) -> Json:
    _paid(call)
    wanted = str(call.args.get("include_users", "")).lower() in {"true", "1"}
    groups = []
    for group in call.workspace.groups.values():
        wire: Json = {
            "id": group.id,
            "team_id": call.workspace.identity.team,
            "name": group.handle,
            "handle": group.handle,
            "is_usergroup": True,
            "date_delete": 0,
            "user_count": len(group.people),
        }
        groups.append({**wire, "users": list(group.people)} if wanted else wire)
    return {"usergroups": groups}


def _group_people(call: Call) -> Json:
    _paid(call)
    group = call.workspace.groups.get(call.need("usergroup", "no_such_subteam"))
    if group is None:
        raise SlackError("no_such_subteam")
    gone = {user for user, person in call.workspace.people.items() if person.deleted}
    return {"users": [user for user in group.people if user not in gone]}


def _readable(call: Call) -> Channel:
    channel = call.channel()
    kind = "channels" if not channel.is_private else "groups"
    scope = "im:read" if channel.im_with else f"{kind}:read"
    if scope not in call.scopes:
        provided = ",".join(sorted(call.scopes))
        raise SlackError("missing_scope", needed=scope, provided=provided)
    return channel


def channel_wire(channel: Channel, bot_user: str) -> Json:
    """A conversation object as ``conversations.info`` gives it."""
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.im_with is None and not channel.is_private,
        "is_group": channel.im_with is None and channel.is_private,
        "is_im": channel.im_with is not None,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_ext_shared": channel.is_ext_shared,
        "is_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "is_member": bot_user in channel.members,
        **({"user": channel.im_with} if channel.im_with else {}),
    }


def _channel_info(call: Call) -> Json:
    channel = _readable(call)
    return {"channel": channel_wire(channel, call.workspace.identity.bot_user)}


def _channel_members(call: Call) -> Json:
    members, cursor = _page(call, _readable(call).members)
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


def _open(call: Call) -> Json:
    user = call.need("users", "users_list_not_supplied")
    if "," in user:
        raise SlackError("too_many_users", ["the pretend Slack opens one conversation at a time"])
    person = call.workspace.people.get(user)
    if person is None:
        raise SlackError("user_not_found")
    if person.deleted:
        raise SlackError("user_disabled")
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    home, bot = call.workspace.identity.team, call.workspace.identity.bot_user
    rooms = [c for c in call.workspace.channels.values() if c.im_with is None]
    meeting = [room for room in rooms if {user, bot} <= set(room.members)]
    if person.team != home and not meeting:
        raise SlackError("invalid_user_combination")
    return {"channel": {"id": call.workspace.direct(user).id}}


def _auth_test(call: Call) -> Json:
    identity = call.workspace.identity
    return {
        "url": f"https://{identity.domain}.slack.com/",
        "team": identity.domain,
        "team_id": identity.team,
        "user": "countersign",
        "user_id": identity.bot_user,
        "bot_id": identity.bot,
        "app_id": identity.app,
        "is_enterprise_install": False,
    }


def _connections_open(call: Call) -> Json:
    return {"url": call.new_link()}


def _reads(run: Run, rate: Rate, *scopes: str) -> Method:
    """A method that changes nothing, and takes no JSON."""
    return Method(run, rate, scopes, takes_json=False)


PEOPLE: Table = {
    "auth.test": Method(_auth_test, SPECIAL),
    "apps.connections.open": Method(
        _connections_open,
        TIER_3,
        ("connections:write",),
        caller="app",
    ),
    "users.info": _reads(_users_info, TIER_4, "users:read"),
    "users.list": _reads(_users_list, TIER_2, "users:read"),
    "usergroups.list": _reads(_groups_list, TIER_2, "usergroups:read"),
    "usergroups.users.list": _reads(_group_people, TIER_2, "usergroups:read"),
    "conversations.info": _reads(_channel_info, TIER_3, *_READ),
    "conversations.members": _reads(_channel_members, TIER_4, *_READ),
    "conversations.open": Method(_open, TIER_3, _OPEN),
}
