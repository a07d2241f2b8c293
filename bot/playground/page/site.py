"""The page's own little web server: on 127.0.0.1 alone, for requests that name it so.

A page of another site in the same browser cannot use it: the Host must be ours (so that a name
which is pointed at 127.0.0.1 does not help), what changes something must be JSON from our own
origin, and the policy in the headers lets the page load and ask nothing but itself.
"""

import json
from collections.abc import Awaitable, Callable
from importlib import resources
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.playground.files import File
from bot.playground.furniture import CHANNEL, PEOPLE
from bot.playground.ground import Playground
from bot.playground.page.booths import booths
from bot.playground.page.curtain import Curtain
from bot.playground.page.deeds import Deeds, NotDone
from bot.playground.page.hints import HINTS
from bot.playground.page.picture import Picture
from bot.playground.page.scene_book import BOOK
from bot.playground.page.scenes import Scenes
from bot.playground.page.stream import Stream
from bot.playground.page.tape import Tape
from commands.slash import COMMAND

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HOST = "127.0.0.1"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The browser's orders: load and ask nothing but ourselves."""

PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif"}
"""Files that are shown; any other is only handed out to be saved."""

TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}

BODY_BYTES = 64 * 1024


class Site:
    """``await start(port)``, open ``url`` in a browser, ``await stop()``."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        slack = playground.slack
        bell = slack.workspace.changed
        self._booths = booths(playground)
        for booth in self._booths.values():
            booth.sandbox.wire.changed = bell.ring
        playground.bot.changed = bell.ring
        wires = {name: (booth.title, booth.sandbox.wire) for name, booth in self._booths.items()}
        self._curtain = Curtain(playground, self._booths)
        self._scenes = Scenes(playground, self._curtain, BOOK)
        self._picture = Picture(playground, self._booths, Tape(slack.traffic, wires), self._scenes)
        self._stream = Stream(bell)
        self._deeds = Deeds(slack)
        self._files = {
            file.name: file.read_bytes()
            for file in (resources.files("bot.playground.page") / "static").iterdir()
            if file.is_file()
        }
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """What to open in a browser."""
        return f"http://{HOST}:{self._port}/"

    async def start(self, port: int) -> None:
        """Listen on 127.0.0.1; port 0 takes any free one. Raises OSError when it is taken."""
        app = web.Application(middlewares=[self._guarded], client_max_size=BODY_BYTES)
        app.add_routes(
            [
                web.get("/", self._index),
                web.get("/static/{name}", self._static),
                web.get("/page/team", self._team),
                web.get("/page/stream", self._things),
                web.get("/page/file/{id}", self._shared),
                web.post("/page/do", self._do),
                web.post("/page/curtain", self._behind),
                web.post("/page/scene", self._scene),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, port).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner, self._port = runner, int(runner.addresses[0][1])

    async def stop(self) -> None:
        """Let every browser go and close the port."""
        self._stream.end()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Who may ask, and what a browser may do with the answer."""
        ours = {f"{HOST}:{self._port}", f"localhost:{self._port}"}
        origin = request.headers.get("Origin")
        if request.host not in ours:
            return _refused(f"This is the playground of {self.url}, under no other name.", 403)
        if origin is not None and origin not in {f"http://{one}" for one in ours}:
            return _refused("Another site may not use the playground.", 403)
        if request.method == "POST" and request.content_type != "application/json":
            return _refused("Send JSON.", 415)
        try:
            response = await handler(request)
        except NotDone as error:
            response = _refused(str(error), 409)
        except web.HTTPNotFound:
            response = _refused("There is nothing here.", 404)
        except web.HTTPMethodNotAllowed:
            response = _refused("That cannot be done here.", 405)
        except web.HTTPRequestEntityTooLarge:
            response = _refused("That is too long.", 413)
        except web.HTTPException as error:
            response = _refused("The playground does not understand that.", error.status)
        if not response.prepared:
            response.headers["Content-Security-Policy"] = POLICY
            response.headers["X-Content-Type-Options"] = "nosniff"
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["Cache-Control"] = "no-store"
        return response

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return self._file("index.html")

    async def _static(self, request: web.Request) -> web.StreamResponse:
        return self._file(request.match_info["name"])

    def _file(self, name: str) -> web.Response:
        body = self._files.get(name)
        kind = TYPES.get(f".{name.rpartition('.')[2]}")
        if body is None or kind is None:
            raise web.HTTPNotFound
        return web.Response(body=body, content_type=kind, charset="utf-8")

    async def _team(self, _request: web.Request) -> web.StreamResponse:
        workspace, installed = (
            self._playground.slack.workspace,
            self._playground.slack.web.installed,
        )
        bot = workspace.identity.bot_user
        return web.json_response(
            {
                "team": "Example team",
                "people": [{**one, "dm": workspace.direct(one["id"]).id} for one in PEOPLE],
                "command": COMMAND,
                "home_tab": installed.home_tab,
                "read_only": installed.messages_read_only,
                "heard": installed.hears("app_mention"),
                "channel": {"id": CHANNEL, "name": workspace.names[CHANNEL]},
                "bot": {"id": bot, "name": workspace.names[bot]},
                "names": workspace.names,
                "hints": HINTS,
                "scenes": self._scenes.listed,
            }
        )

    async def _things(self, request: web.Request) -> web.StreamResponse:
        user = request.query.get("as", "")
        if user not in {one["id"] for one in PEOPLE}:
            raise NotDone("There is nobody of that name here.")
        return await self._stream.serve(request, lambda: self._picture.things(user))

    async def _shared(self, request: web.Request) -> web.StreamResponse:
        """A file that stands in a message which this person sees."""
        user, wanted = request.query.get("as", ""), request.match_info["id"]
        workspace = self._playground.slack.workspace
        for message in workspace.posted:
            for file in message.files:
                members = workspace.channels[message.channel].members
                if file.id == wanted and user in members and file.content is not None:
                    return _attached(file)
        raise web.HTTPNotFound

    async def _do(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(await self._deeds.do(await _wish(request)))

    async def _behind(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"says": await self._curtain.do(await _wish(request))})

    async def _scene(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"says": await self._scenes.do(await _wish(request))})


def _attached(file: File) -> web.Response:
    """Saved under its name; what is no picture never becomes a page of ours."""
    kind = PICTURES.get(file.kind)
    name = quote(file.name)
    how = {} if kind else {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return web.Response(
        body=file.content, content_type=kind or "application/octet-stream", headers=how
    )


async def _wish(request: web.Request) -> Json:
    """The JSON object that was sent. Raises NotDone."""
    try:
        wish = json.loads(await request.read())
    except ValueError:
        wish = None
    if not isinstance(wish, dict):
        raise NotDone("Send a JSON object.")
    return wish


def _refused(says: str, status: int) -> web.Response:
    return web.json_response({"says": says}, status=status)
