"""A file on its way into the workspace: asked for, sent to its own address, then shared.

The three steps are Slack's: ``files.getUploadURLExternal`` names the size and gives an address, a
POST brings the bytes there, ``files.completeUploadExternal`` makes it a file that people see.
"""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(eq=False, slots=True, kw_only=True)
class File:
    """One file; people see it once it is ``shared``."""

    id: str
    ticket: str
    name: str
    length: int
    alt_text: str
    title: str
    content: bytes | None = None
    """None until the bytes have come."""
    shared: bool = False

    @property
    def kind(self) -> str:
        """The ending of its name: ``png``, ``csv``."""
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""

    def wire(self) -> Json:
        """The file as it stands in replies and in messages."""
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title,
            "filetype": self.kind,
            "size": self.length,
            "alt_txt": self.alt_text,
        }
