"""The words of ``/buy`` become an intent, or ``NotUnderstood`` says where and why not.

``grammar.lark`` is the language, ``parse_verbs`` and ``parse_meaning`` give its trees their
meaning. Nothing is asked here that needs the configuration, and nothing is guessed: what is not
clear is refused with the place, what would fit and what was perhaps meant.
"""

import re
from functools import cache
from pathlib import Path

from lark import Lark, Tree
from lark.exceptions import UnexpectedInput

from commands.intents import Intent
from commands.parse_faults import explain
from commands.parse_schedules import scheduled
from commands.parse_text import readable
from commands.parse_verbs import intent
from commands.render import words
from commands.word_faults import NotUnderstood, WordFault

__all__ = ["NotUnderstood", "WordFault", "parse", "words"]

LONGEST = 1000
"""Characters of a command after unwrapping; ten times as many are looked at before."""


def parse(text: str) -> Intent:
    """Understand the text of one slash command as Slack sent it. Raises NotUnderstood."""
    line = readable(text[: 10 * LONGEST])
    if len(line) > LONGEST or len(text) > 10 * LONGEST:
        start = min(len(line), LONGEST)
        raise NotUnderstood(WordFault.TOO_LONG, line, start, len(line) - start)
    try:
        sentence = language().parse(line).children[0]
    except UnexpectedInput as error:
        raise explain(line, error) from None
    assert isinstance(sentence, Tree)
    return scheduled(line, sentence) or intent(line, sentence)


@cache
def language() -> Lark:
    """The parser, built once. ASCII rules: a Kelvin sign is not a k."""
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", g_regex_flags=re.ASCII)
