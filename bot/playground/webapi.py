"""The front door of the Web API: tokens, scopes, arguments, rates and faults, then the method.

Answers are Slack's: always 200 with ``ok`` except for 429.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.playground.errors import UNSHOWABLE, SlackError
from bot.playground.faults import Faults, Trouble
from bot.playground.installation import APP_TOKEN_SCOPES, Installation
from bot.playground.methods import Call, Json, Method, Table
from bot.playground.methods_chat import CHAT
from bot.playground.methods_files import FILES
from bot.playground.methods_people import PEOPLE
from bot.playground.methods_views import VIEWS
from bot.playground.ratelimits import RateLimits
from bot.playground.traffic import Traffic
from bot.playground.triggers import Triggers
from bot.playground.wire import arguments_of, cut, token_of
from bot.playground.workspace import Workspace

METHODS: Table = {**CHAT, **FILES, **PEOPLE, **VIEWS}


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
        address: Callable[[str], str],
    ) -> None:
        self.installed = installed
        self._workspace = workspace
        self._triggers = triggers
        self._faults = faults
        self._traffic = traffic
        self._tokens = tokens
        self._rates = rates
        self._new_link = new_link
        self._address = address
        self.revoked: str | None = None
        """``account_inactive`` or ``token_revoked`` once the app was taken away."""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One HTTP request; what goes wrong on purpose goes wrong here."""
        name = request.match_info["method"]
        if self._faults.web_down:
            return cut(request)
        known = METHODS.get(name)
        takes_json = known is None or known.takes_json
        arguments = await arguments_of(request, takes_json=takes_json)
        self._note("from bot", name, arguments)
        trouble = self._faults.take(name)
        if trouble is not None and not trouble.after:
            spoilt = await self._befall(trouble, request)
            if spoilt is not None:
                return spoilt
        reply, headers, status = self._answer(request, name, arguments)
        self._note("to bot", name, reply)
        if trouble is not None and trouble.after:
            spoilt = await self._befall(trouble, request)
            if spoilt is not None:
                return spoilt
        return web.json_response(reply, headers=headers, status=status)

    def _answer(
        self, request: web.Request, name: str, arguments: Json | SlackError
    ) -> tuple[Json, dict[str, str], int]:
        headers = {"x-slack-req-id": self._workspace.new_id("req")}
        try:
            method = self._admit(name, token_of(request, arguments))
            headers["x-oauth-scopes"] = ",".join(sorted(self._scopes(method)))
            headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
            self._within_scopes(method)
            heard = _heard(method, request, arguments)
            self._within_rate(name, method, str(heard.get("channel", "")))
            call = Call(
                workspace=self._workspace,
                triggers=self._triggers,
                args=heard,
                installed=self.installed,
                new_link=self._new_link,
                address=self._address,
            )
            return {"ok": True, **method.run(call)}, headers, 200
        except SlackError as error:
            if error.error in UNSHOWABLE:
                self._workspace.rejected.append(f"{name} {error.told}")
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
        if self.revoked is not None:
            raise SlackError(self.revoked)
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
        if trouble.kind == "cut short":
            return web.Response(text='{"ok": tr', content_type="application/json")
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


def _heard(method: Method, request: web.Request, arguments: Json | SlackError) -> Json:
    """The arguments, if they could be read and came the right way."""
    if method.caller == "app" and request.method != "POST":
        raise SlackError("insecure_request")
    if isinstance(arguments, SlackError):
        raise arguments
    return arguments
