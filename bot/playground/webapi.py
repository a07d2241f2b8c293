"""The front door of the Web API: tokens, scopes, arguments, rates and faults, then the method.

Arguments are taken the way the SDK sends them (a form whose fields may be JSON, a JSON body, an
empty body, or a query), and answers are Slack's: always 200 with ``ok`` except for 429.
"""

import asyncio
import json
import socket
import struct
from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.playground.errors import SlackError
from bot.playground.faults import Faults, Trouble
from bot.playground.installation import APP_TOKEN_SCOPES, Installation
from bot.playground.methods import Call, Json, Method, Table
from bot.playground.methods_chat import CHAT
from bot.playground.methods_people import PEOPLE
from bot.playground.methods_views import VIEWS
from bot.playground.ratelimits import RateLimits
from bot.playground.traffic import Traffic
from bot.playground.triggers import Triggers
from bot.playground.workspace import Workspace

METHODS: Table = {**CHAT, **PEOPLE, **VIEWS}
_JSON_FIELDS = frozenset({"blocks", "metadata", "view", "attachments"})


class WebApi:
    """``/api/<method>`` of one workspace."""

    def __init__(
        self,
        *,
        workspace: Workspace,
        triggers: Triggers,
        faults: Faults,
        traffic: Traffic,
        tokens: dict[str, str],
        installed: Installation,
        rates: RateLimits | None,
        new_link: Callable[[], str],
    ) -> None:
        self.installed = installed
        self._workspace = workspace
        self._triggers = triggers
        self._faults = faults
        self._traffic = traffic
        self._tokens = tokens
        self._rates = rates
        self._new_link = new_link

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One HTTP request; what goes wrong on purpose goes wrong here."""
        name = request.match_info["method"]
        if self._faults.web_down:
            return cut(request)
        arguments = await _arguments(request)
        self._note("from bot", name, arguments)
        trouble = self._faults.take(name)
        if trouble is not None and not trouble.after:
            spoilt = await self._befall(trouble, request)
            if spoilt is not None:
                return spoilt
        reply, headers, status = self._answer(name, _token(request, arguments), arguments)
        self._note("to bot", name, reply)
        if trouble is not None and trouble.after:
            spoilt = await self._befall(trouble, request)
            if spoilt is not None:
                return spoilt
        return web.json_response(reply, headers=headers, status=status)

    def _answer(
        self, name: str, token: str, arguments: Json | SlackError
    ) -> tuple[Json, dict[str, str], int]:
        headers = {"x-slack-req-id": self._workspace.new_id("req")}
        try:
            method = self._admit(name, token)
            headers["x-oauth-scopes"] = ",".join(sorted(self._scopes(method)))
            headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
            self._within_scopes(method)
            if isinstance(arguments, SlackError):
                raise arguments
            self._within_rate(name, method, str(arguments.get("channel", "")))
            call = Call(
                workspace=self._workspace,
                triggers=self._triggers,
                args=arguments,
                installed=self.installed,
                new_link=self._new_link,
            )
            return {"ok": True, **method.run(call)}, headers, 200
        except SlackError as error:
            reply: Json = {"ok": False, "error": error.error, **error.more}
            if error.error != "ratelimited":
                return reply, headers, 200
            return reply, {**headers, "Retry-After": str(reply.pop("retry_after"))}, 429

    def _admit(self, name: str, token: str) -> Method:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        if not token:
            raise SlackError("not_authed")
        kind = self._tokens.get(token)
        if kind is None:
            raise SlackError("invalid_auth")
        if kind != method.caller:
            raise SlackError("not_allowed_token_type")
        return method

    def _within_scopes(self, method: Method) -> None:
        granted = self._scopes(method)
        if method.scopes and not granted.intersection(method.scopes):
            provided = ",".join(sorted(granted))
            raise SlackError("missing_scope", needed=method.scopes[0], provided=provided)

    def _scopes(self, method: Method) -> frozenset[str]:
        """What the token that this method takes may do."""
        return APP_TOKEN_SCOPES if method.caller == "app" else self.installed.scopes

    def _within_rate(self, name: str, method: Method, channel: str) -> None:
        if self._rates is None:
            return
        wait = self._rates.retry_after(name, method.rate, channel)
        if wait is not None:
            raise SlackError("ratelimited", retry_after=wait)

    async def _befall(self, trouble: Trouble, request: web.Request) -> web.StreamResponse | None:
        if trouble.kind == "reset":
            return cut(request)
        if trouble.kind == "garbage":
            return web.Response(text="<html>not json", content_type="text/html")
        if trouble.kind == "error":
            return web.json_response({"ok": False, "error": trouble.error})
        if trouble.kind == "status" and trouble.status == 429:
            limits = {"Retry-After": str(int(trouble.seconds))}
            body = {"ok": False, "error": "ratelimited"}
            return web.json_response(body, status=429, headers=limits)
        if trouble.kind == "status":
            return web.Response(status=trouble.status, text="upstream connect error")
        await self._hold_up(trouble.seconds if trouble.kind == "slow" else None)
        return cut(request) if trouble.kind == "hang" else None

    async def _hold_up(self, seconds: float | None) -> None:
        """Wait this long, or for ever; a server that stops lets everybody go."""
        try:
            async with asyncio.timeout(seconds):
                await self._faults.lifted.wait()
        except TimeoutError:
            return

    def _note(self, direction: Any, name: str, payload: Any) -> None:
        shown = payload.error if isinstance(payload, SlackError) else payload
        self._traffic.note(self._workspace.clock(), direction, "api", name, shown)


def cut(request: web.BaseRequest) -> web.Response:
    """Reset the TCP connection under a request: the other side sees no reply at all."""
    transport = request.transport
    if transport is not None and not transport.is_closing():
        raw = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=503)


def _token(request: web.Request, arguments: Json | SlackError) -> str:
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return header.removeprefix("Bearer ")
    return "" if isinstance(arguments, SlackError) else str(arguments.get("token") or "")


async def _arguments(request: web.Request) -> Json | SlackError:
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
        return {**arguments, **{k: v for k, v in read.items() if v is not None}}
    arguments |= dict(await request.post())
    for name in _JSON_FIELDS.intersection(arguments):
        try:
            arguments[name] = json.loads(arguments[name])
        except ValueError:
            return SlackError("invalid_blocks" if name == "blocks" else "invalid_arguments")
    return arguments
