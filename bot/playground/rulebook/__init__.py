"""The rules of Slack that the playground keeps, in part keeps, or does not keep: one table.

``docs/playground.md`` shows it; tests hold the two together and every supported rule to its proof.
"""

from collections.abc import Mapping

from bot.playground.rulebook import acting, calling, hearing, speaking
from bot.playground.rulebook.rule import Rule

BOOK: Mapping[str, tuple[Rule, ...]] = {
    "Answering in time": hearing.IN_TIME,
    "Socket Mode": hearing.SOCKET_MODE,
    "Commands": acting.COMMANDS,
    "Buttons": acting.BUTTONS,
    "Forms": acting.FORMS,
    "Home tab": acting.HOME,
    "Events": hearing.EVENTS,
    "Limits of messages": speaking.LIMITS,
    "Messages": speaking.MESSAGES,
    "Private answers": speaking.PRIVATE,
    "People and channels": calling.PEOPLE,
    "Files": calling.FILES,
    "Tokens and scopes": calling.PERMISSION,
    "Calls": calling.CALLS,
}
"""Every rule under the heading where a reader looks for it."""


def tables() -> str:
    """The book in Markdown: a table under each heading."""
    return "\n".join(_table(heading, rules) for heading, rules in BOOK.items())


def _table(heading: str, rules: tuple[Rule, ...]) -> str:
    lines = [
        f"### {heading}",
        "",
        "| rule | Slack | known | here | proof |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *(_row(rule) for rule in rules), ""])


def _row(rule: Rule) -> str:
    files = dict.fromkeys(proof.partition("::")[0] for proof in rule.proofs)
    links = ", ".join(f"[{file.rpartition('/')[2]}](../{file})" for file in files)
    return f"| {rule.name} | {rule.slack} | {rule.known} | {rule.here} | {links} |"
