"""Our records against a provider's list: what nothing explains, and what to do about it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.comparisons import Last
from bot.workflow.comparing import Comparison, Finding, Kind
from commands.words import count, duration, escape, listed

LONGEST = 120
"""Characters of one finding's own words."""

SIDES = {
    Kind.THEIRS: "there and not here",
    Kind.OURS: "here and not there",
    Kind.DIFFERS: "differs",
}


def news(facts: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """To an operator, once: what a comparison has found that nobody was told of before."""
    name, total = facts["provider"], int(facts["count"])
    title = escape(titles.get(name, name))
    lines = [f"• {_line(Kind(kind), one, what)}" for kind, one, what in facts["found"]]
    more = total - len(lines)
    rest = [f"… and {more} more"] if more > 0 else []
    things = count(total, "difference", "differences")
    return "\n".join(
        [
            f"*My records and {title}'s list: {things} that nothing explains.*",
            *lines,
            *rest,
            (
                f"I have changed nothing because of it. Look at {title}'s own pages: was something"
                " bought by hand, or by another program on the same account?"
                " `countersign reconcile` on the machine compares again;"
                ' `countersign reconcile --explain NUMBER --because "..."` writes down what it was.'
            ),
        ]
    )


def _line(kind: Kind, name: str, what: str) -> str:
    return f"*{escape(name, longest=64)}* {SIDES[kind]}: {escape(what, longest=LONGEST)}"


def digest_line(last: Last, title: str, now: datetime) -> str:
    """One provider in the digest. What was not compared is never told as zero."""
    if last.compared_at is None:
        return f"• {title}: not compared yet ({escape(last.trouble or 'not tried', longest=80)})"
    ago = duration((now - last.compared_at).total_seconds())
    explained = f", {last.explained} explained" if last.explained else ""
    text = f"• {title}: {last.unexplained} unexplained{explained}, compared {ago} ago"
    return f"{text}; not since ({escape(last.trouble, longest=80)})" if last.trouble else text


def figures(done: Comparison) -> str:
    """``12 listed: 11 ours, 1 may be an order in doubt``; the parts add up."""
    theirs = sum(one.kind is Kind.THEIRS for one in done.findings)
    parts = [f"{done.matched} ours"]
    parts += [f"{done.doubted} may be of an order in doubt"] if done.doubted else []
    parts += [f"{done.void} of nobody that came to nothing"] if done.void else []
    parts += [f"{done.young} too young to tell"] if done.young else []
    parts += [f"{theirs} of nobody"] if theirs else []
    return f"{done.listed} listed there: {listed(parts)}; {done.ours} of ours had to be there"


def plain_lines(done: Comparison) -> list[str]:
    """Every finding for a terminal, what nobody explains first."""
    lines = [f"  unexplained: {len(done.unexplained)}"]
    lines += [f"  {plain_line(one)}" for one in done.unexplained]
    lines += [f"  explained: {len(done.explained)}"] if done.explained else []
    return lines + [f"  {plain_line(one)}" for one in done.explained]


def plain_line(finding: Finding) -> str:
    """For a terminal."""
    when = "" if finding.at is None else f"{finding.at:%Y-%m-%d %H:%M} UTC  "
    text = "".join(one if one.isprintable() else " " for one in finding.what)
    line = f"{when}{finding.name} {SIDES[finding.kind]}: {text}"
    said = finding.explanation
    if said is None:
        return line
    return f"{line}; {said.because} ({said.by} {said.at:%Y-%m-%d %H:%M} UTC)"
