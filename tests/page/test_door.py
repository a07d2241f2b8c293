"""Who may use the page: nobody but the page itself, at its own address, on this machine."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.playground.files import File
from bot.playground.furniture import ANA, BEN
from bot.playground.page.site import HOST, POLICY, Site
from tests.page.place import botless

CHANGES = ("page/do", "page/curtain", "page/scene")


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """A page that is being served."""
    async with botless(tmp_path) as playground:
        one = Site(playground)
        await one.start(0)
        try:
            yield one
        finally:
            await one.stop()


async def answer(site: Site, method: str, path: str, **how: object) -> tuple[int, str]:
    """The status and what is said."""
    async with aiohttp.ClientSession() as session:
        url = site.url + path
        async with session.request(method, url, **how) as reply:  # type: ignore[arg-type]
            return reply.status, await reply.text()


async def test_the_page_listens_on_this_machine_alone(site: Site) -> None:
    """Everybody in the same network could press Approve otherwise."""
    assert HOST == "127.0.0.1"
    assert site.url.startswith("http://127.0.0.1:")


@pytest.mark.parametrize("path", ["", "static/main.js", "page/team", "page/stream?as=U0ANA"])
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "0.0.0.0:{port}"])
async def test_a_name_that_was_pointed_here_gets_nothing(site: Site, path: str, host: str) -> None:
    """DNS rebinding: a foreign page whose name resolves to 127.0.0.1 sends its own Host."""
    named = host.format(port=site.url.rstrip("/").rpartition(":")[2])
    status, says = await answer(site, "GET", path, headers={"Host": named})

    assert status == 403
    assert "under no other name" in says


async def test_localhost_is_the_same_machine(site: Site) -> None:
    """People type it."""
    port = site.url.rstrip("/").rpartition(":")[2]
    status, says = await answer(site, "GET", "", headers={"Host": f"localhost:{port}"})

    assert status == 200
    assert "<title>Countersign playground</title>" in says


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:{port}"])
async def test_another_site_cannot_press_anything(site: Site, path: str, origin: str) -> None:
    """A page in the next tab may send requests here, but its browser says where it comes from."""
    named = origin.format(port=site.url.rstrip("/").rpartition(":")[2])
    status, says = await answer(site, "POST", path, json={}, headers={"Origin": named})

    assert status == 403
    assert "Another site" in says


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"]
)
async def test_a_form_cannot_press_anything(site: Site, path: str, kind: str) -> None:
    """These are what a foreign page may send without asking first."""
    sent = json.dumps({"do": "kill"})
    status, _ = await answer(site, "POST", path, data=sent, headers={"Content-Type": kind})

    assert status == 415


@pytest.mark.parametrize("path", CHANGES)
async def test_asking_first_gets_no_permission(site: Site, path: str) -> None:
    """The preflight of a foreign page; without CORS headers its browser gives up."""
    asked = {
        "Origin": "http://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    async with (
        aiohttp.ClientSession() as session,
        session.options(site.url + path, headers=asked) as reply,
    ):
        assert reply.status == 403
        assert not [one for one in reply.headers if one.startswith("Access-Control")]


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize("sent", [b"", b"{", b"[]", b"7", b'"words"', b"\xff\xfe"])
async def test_what_is_no_json_object_is_refused_with_a_sentence(
    site: Site, path: str, sent: bytes
) -> None:
    """Whoever writes a script against the page reads what is wrong."""
    how = {"data": sent, "headers": {"Content-Type": "application/json"}}
    status, says = await answer(site, "POST", path, **how)

    assert (status, json.loads(says)["says"]) == (409, "Send a JSON object.")


async def test_a_body_without_end_is_not_read(site: Site) -> None:
    """It would fill the memory of somebody who only wanted to try the bot."""
    sent = json.dumps({"do": "say", "words": "x" * 100_000})
    how = {"data": sent, "headers": {"Content-Type": "application/json"}}
    status, says = await answer(site, "POST", "page/do", **how)

    assert (status, json.loads(says)["says"]) == (413, "That is too long.")


@pytest.mark.parametrize(
    "path",
    [
        "static/../site.py",
        "static/..%2fsite.py",
        "static/%2e%2e/site.py",
        "static/..\\site.py",
        "static/%00index.html",
        "static//etc/passwd",
        "static/",
        "site.py",
        "static/index.html/..%2f..%2fsite.py",
    ],
)
async def test_no_path_leads_to_another_file(site: Site, path: str) -> None:
    """Files are looked up by name among those that were read at the start, never opened."""
    from yarl import URL  # noqa: PLC0415 - to send the path as it stands

    async with (
        aiohttp.ClientSession() as session,
        session.get(URL(site.url + path, encoded=True)) as reply,
    ):
        assert reply.status == 404
        assert (await reply.json())["says"] == "There is nothing here."


@pytest.mark.parametrize("path", ["", "static/base.css", "page/team", "nowhere", "page/do"])
async def test_every_answer_tells_the_browser_to_load_nothing_else(site: Site, path: str) -> None:
    """Refusals included: they are pages as well."""
    async with aiohttp.ClientSession() as session, session.get(site.url + path) as reply:
        assert reply.headers["Content-Security-Policy"] == POLICY
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Referrer-Policy"] == "no-referrer"
        assert reply.headers["Cache-Control"] == "no-store"


def test_the_policy_allows_nothing_inline_and_nobody_else() -> None:
    """One unsafe word would undo the rest of it."""
    assert "unsafe" not in POLICY
    assert "*" not in POLICY
    assert "http" not in POLICY
    assert "default-src 'none'" in POLICY
    assert "frame-ancestors 'none'" in POLICY


async def test_a_taken_port_is_said_and_leaves_nothing_behind(site: Site, tmp_path: Path) -> None:
    """Two demos at once are an everyday mistake."""
    port = int(site.url.rstrip("/").rpartition(":")[2])
    async with botless(tmp_path) as playground:
        with pytest.raises(OSError, match="address already in use"):
            await Site(playground).start(port)


async def test_nobody_looks_through_the_eyes_of_a_stranger(site: Site) -> None:
    """An id that does not exist is a mistake, not an empty page."""
    status, says = await answer(site, "GET", "page/stream?as=U0NOBODY")

    assert (status, json.loads(says)["says"]) == (409, "There is nobody of that name here.")


@pytest.mark.parametrize(
    ("name", "kind", "saved"),
    [("2031-05.csv", "application/octet-stream", True), ("prices.png", "image/png", False)],
)
async def test_a_shared_file_is_handed_to_those_who_see_it(
    tmp_path: Path, name: str, kind: str, saved: bool
) -> None:
    """Exports go to one person; a file of unknown kind never becomes a page of ours."""
    async with botless(tmp_path) as playground:
        workspace = playground.slack.workspace
        file = File(id="F1", ticket="t", name=name, length=3, alt_text="", title=name)
        file.content = b"a,b"
        workspace.post(workspace.direct(ANA).id, "", []).files = [file]
        site = Site(playground)
        await site.start(0)
        url = site.url + "page/file/F1"
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{url}?as={ANA}") as reply:
                assert (reply.status, reply.content_type) == (200, kind)
                assert ("attachment" in reply.headers.get("Content-Disposition", "")) is saved
                assert reply.headers["X-Content-Type-Options"] == "nosniff"
                assert await reply.read() == b"a,b"
            for nobody in (f"?as={BEN}", "", "?as=U0NOBODY"):
                async with session.get(url + nobody) as reply:
                    assert reply.status == 404
        await site.stop()
