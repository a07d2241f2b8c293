"""``/upload/<ticket>``: where the bytes of a file go; the address itself is the permission."""

from aiohttp import web

from bot.playground.faults import Faults
from bot.playground.traffic import Traffic
from bot.playground.wire import cut
from bot.playground.workspace import Workspace


class Uploads:
    """Takes each file once, and only as long as was said before."""

    def __init__(self, *, workspace: Workspace, faults: Faults, traffic: Traffic) -> None:
        self._workspace = workspace
        self._faults = faults
        self._traffic = traffic

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One POST of bytes, bare or as the one part of a form."""
        if self._faults.web_down or self._faults.take("upload") is not None:
            return cut(request)
        ticket = request.match_info["ticket"]
        file = next((f for f in self._workspace.files.values() if f.ticket == ticket), None)
        content = await _bytes(request)
        said = f"{len(content)} bytes"
        self._traffic.note(self._workspace.clock(), "from bot", "upload", "upload", said)
        if file is None or file.content is not None:
            return web.Response(status=404, text="no such upload")
        if len(content) != file.length:
            return web.Response(status=400, text="not as long as was said")
        file.content = content
        return web.Response(text=f"OK - {len(content)}")


async def _bytes(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    for part in (await request.post()).values():
        if isinstance(part, web.FileField):
            return bytes(part.file.read())
    return b""
