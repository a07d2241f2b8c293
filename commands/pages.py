"""A long private answer: parts become blocks that Slack takes, and a text as long as it may be."""

from collections.abc import Sequence

from commands.blocks import section
from commands.limits import MAX_BLOCKS
from commands.room import Reply
from commands.words import LONGEST_SECTION, LONGEST_TEXT, cut

MORE = "… and more, which Slack has no room for."


def paged(parts: Sequence[str]) -> Reply:
    """Each part in a block of its own, or in several, cut only between lines."""
    if len(parts) == 1 and len(parts[0]) <= LONGEST_SECTION:
        return Reply(text=parts[0])
    chunks = [chunk for part in parts for chunk in cut(part)]
    most = MAX_BLOCKS["message"]
    if len(chunks) > most:
        chunks = [*chunks[: most - 1], MORE]
    text = next(cut("\n\n".join(parts), longest=LONGEST_TEXT))
    return Reply(text=text, blocks=[section(chunk) for chunk in chunks])
