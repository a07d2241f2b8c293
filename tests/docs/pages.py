"""A page of documentation as its parts: fenced blocks, tables, links."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its language, its text, and the heading above it."""

    language: str
    text: str
    heading: str


def page(name: str) -> str:
    """The text of a page of this repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str) -> list[Block]:
    """Every fenced block, in order."""
    found, heading = [], ""
    for match in re.finditer(
        r"^## ([^\n]+)$|^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL
    ):
        if match[1]:
            heading = match[1]
        else:
            found.append(Block(match[2], match[3], heading))
    return found


def table(text: str, first: str) -> list[list[str]]:
    """The rows of the table whose first column is called ``first``."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.partition(f"| {first} |")[2].splitlines()[2:]
        if line.startswith("|") or not line
    ]
    end = next((number for number, row in enumerate(rows) if row == [""]), len(rows))
    return rows[:end]


def files_linked(text: str) -> list[str]:
    """The targets of links to files of this repository, without their anchors."""
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    return [
        one.partition("#")[0] for one in targets if "://" not in one and not one.startswith("#")
    ]
