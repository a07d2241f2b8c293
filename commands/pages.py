"""A long private answer: parts become blocks that Slack takes, and a text as long as it may be."""

from collections.abc import Iterator, Sequence

from commands.blocks import section
from commands.limits import MAX_BLOCKS
from commands.room import Reply

BLOCK = 2900
"""Characters of one block; Slack takes 3000."""

TEXT = 3900
"""Characters of the text beside the blocks; Slack takes 4000."""

MORE = "… and more, which Slack has no room for."


def paged(parts: Sequence[str]) -> Reply:
    """Each part in a block of its own, or in several, cut only between lines."""
    if len(parts) == 1 and len(parts[0]) <= BLOCK:
        return Reply(text=parts[0])
    chunks = [chunk for part in parts for chunk in cut(part)]
    most = MAX_BLOCKS["message"]
    if len(chunks) > most:
        chunks = [*chunks[: most - 1], MORE]
    text = next(cut("\n\n".join(parts), at_most=TEXT))
    return Reply(text=text, blocks=[section(chunk) for chunk in chunks])


def cut(part: str, *, at_most: int = BLOCK) -> Iterator[str]:
    """Whole lines, as many as fit; half a line could be half a mention. A line that is too long by
    itself loses its end."""
    held: list[str] = []
    for line in part.split("\n"):
        short = line if len(line) <= at_most else f"{line[: at_most - 1].rsplit(' ', 1)[0]}…"
        if held and sum(len(one) + 1 for one in held) + len(short) > at_most:
            yield "\n".join(held)
            held = []
        held.append(short)
    yield "\n".join(held)
