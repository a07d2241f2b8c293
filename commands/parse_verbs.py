"""Which verb a sentence of the grammar has: its tree becomes the intent of that verb.

What the words of a purchase mean is asked of ``parse_meaning.Reading``; the other verbs are short
enough to stand here whole.
"""

from collections.abc import Callable, Mapping

from lark import Token, Tree

from commands.intents import (
    Budgets,
    Cancel,
    Explain,
    Export,
    Freeze,
    Help,
    Intent,
    List,
    Providers,
    Report,
    ShowPolicy,
    Status,
    Unfreeze,
)
from commands.parse_faults import PROVIDERS
from commands.parse_meaning import Reading, Sentence

ALONE: Mapping[str, Callable[[], Intent]] = {
    "providers": Providers,
    "budget": Budgets,
    "policy": ShowPolicy,
}
"""Verbs with nothing after them."""


def intent(line: str, sentence: Sentence) -> Intent:
    """What the sentence asks for. Raises NotUnderstood, which points into ``line``."""
    reading = Reading(line)
    words = [token for token in sentence.children if isinstance(token, Token)]
    match sentence.data:
        case "buy":
            return reading.buy(sentence)
        case "status":
            ids = [token for token in words if token.type != "STATUS"]
            return Status(reading.order(ids[0])) if ids else Status()
        case "list":
            return List(words[1].lower()) if len(words) > 1 else List()
        case "cancel":
            return Cancel(reading.order(words[1]))
        case "freeze":
            only = [_scope(word) for word in words if word.type == "SCOPE"]
            return Freeze(reading.reason(words[-1]) or "", only[0] if only else None)
        case "unfreeze":
            return Unfreeze(_scope(words[-1]) if len(words) > 1 else None)
        case "providers" | "budget" | "policy" as verb:
            return ALONE[verb]()
        case "report":
            return Report(reading.month(words[1:]))
        case "export":
            return Export(reading.month(words[1:]))
        case "explain":
            return _explain(reading, sentence)
        case "help":
            return Help(words[1].lower()) if len(words) > 1 else Help()
    return Help()


def _explain(reading: Reading, sentence: Sentence) -> Explain:
    match sentence.children[1:]:
        case [Tree() as purchase]:
            return Explain(reading.buy(purchase))
        case [Token() as order]:
            return Explain(reading.order(order))
        case _:
            return Explain()


def _scope(token: Token) -> str:
    """A provider however it is spelt, or the code of an asset."""
    name = token.strip().lower()
    return PROVIDERS.get(name, name)
