"""HTTP as Slack speaks it: where the token stands, how arguments come, how a connection breaks.

Arguments are taken the way the SDK sends them: a form whose fields may be JSON, a JSON body, an
empty body, or a query. Methods that only read take no JSON; what is said in it is not heard.
"""

import json
from typing import Any

from aiohttp import web

from bot.playground.errors import SlackError
from providers.sandbox.server import reset

Json = dict[str, Any]

_JSON_FIELDS = frozenset({"blocks", "metadata", "view", "attachments"})


def cut(request: web.BaseRequest) -> web.Response:
    """Reset the TCP connection under a request: the other side sees no reply at all."""
    reset(request)
    return web.Response(status=503)


def token_of(request: web.Request, arguments: Json | SlackError) -> str:
    """The token in the header, or among the arguments; empty without one."""
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return header.removeprefix("Bearer ")
    return "" if isinstance(arguments, SlackError) else str(arguments.get("token") or "")


async def arguments_of(request: web.Request, *, takes_json: bool) -> Json | SlackError:
    """The arguments of a call, or the error that says why they cannot be read."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        body = await request.text()
        try:
            read = json.loads(body) if body.strip() else {}
        except ValueError:
            return SlackError("invalid_json")
        if not isinstance(read, dict):
            return SlackError("json_not_object")
        heard = read if takes_json else {}
        return {**arguments, **{k: v for k, v in heard.items() if v is not None}}
    arguments |= dict(await request.post())
    for name in _JSON_FIELDS.intersection(arguments):
        try:
            arguments[name] = json.loads(arguments[name])
        except ValueError:
            return SlackError("invalid_blocks" if name == "blocks" else "invalid_arguments")
    return arguments
