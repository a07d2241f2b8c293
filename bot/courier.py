"""A file into somebody's direct messages, in Slack's three steps: address, bytes, sharing."""

from collections.abc import Callable

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from commands.parcels import Parcel

ALT_AT_MOST = 1000
"""Characters; Slack refuses more."""


class NotTaken(Exception):
    """The bytes did not arrive; ``str()`` says why, as a phrase."""


class Courier:
    """Brings them through the bot's own client; ``session`` carries the bytes."""

    def __init__(
        self, client: AsyncWebClient, session: Callable[[], aiohttp.ClientSession]
    ) -> None:
        self._client = client
        self._session = session

    async def send(self, user: str, parcel: Parcel) -> None:
        """Raises NotTaken, and what the Slack client raises; then it may be sent again: what was
        not shared is seen by nobody, and what was is seen twice."""
        opened = await self._client.conversations_open(users=[user])
        asked = await self._client.files_getUploadURLExternal(
            filename=parcel.name,
            length=len(parcel.content),
            alt_txt=parcel.alt_text[:ALT_AT_MOST] or None,
        )
        await self._upload(str(asked["upload_url"]), parcel.content)
        await self._client.files_completeUploadExternal(
            files=[{"id": str(asked["file_id"]), "title": parcel.title}],
            channel_id=str(opened["channel"]["id"]),
            initial_comment=parcel.comment,
        )

    async def _upload(self, url: str, content: bytes) -> None:
        """The address is itself the permission: it is never followed elsewhere, nor told."""
        async with self._session().post(url, data=content, allow_redirects=False) as answer:
            if answer.status != 200:
                raise NotTaken(f"Slack answered {answer.status} to the bytes")
