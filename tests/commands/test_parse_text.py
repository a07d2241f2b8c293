"""Slack's wrapping is undone before the words are read, and nothing else is changed."""

import pytest

from commands.intents import Buy
from commands.parse import parse
from commands.parse_text import escaped, readable


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("  250\u00a0EUR \u2009 btc\n", "250 EUR btc"),
        ("<http://coins.ph|coins.ph>", "coins.ph"),
        ("<https://a.example/x?a=1&amp;b=2>", "https://a.example/x?a=1&b=2"),
        ("<mailto:ana@a.example|ana@a.example>", "ana@a.example"),
        ("<@U012ABC|ben> <@U012ABC>", "@ben @U012ABC"),
        ("<#C012|money> <#C012|>", "#money #C012"),
        ("<!subteam^S1|@treasury> <!subteam^S1> <!here> <!here|here>", "@treasury @S1 @here @here"),
        ("<!date^1392734382^{date}|yesterday>", "yesterday"),
        ("R&amp;D &lt;b&gt; &amp;lt; &eacute;", "R&D <b> &lt; &eacute;"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("\u201cquoted\u201d \u2018it\u2019s\u2019 9\u201310 \u22125", "\"quoted\" 'it's' 9-10 -5"),
        ("in\u200bvisi\ufeffble \u202eback", "invisible back"),
        ("half \ud83d and null\x00 \x7f", "half \ufffd and null"),
        ("family \U0001f468\u200d\U0001f469", "family \U0001f468\u200d\U0001f469"),
    ],
    ids=range(14),
)
def test_the_words_are_read_as_the_person_saw_them(sent: str, seen: str) -> None:
    """Slack sends links, mentions, entities and its editor's typography in their place."""
    assert readable(sent) == seen
    assert readable(escaped(seen)) == seen


def test_a_reason_keeps_its_mentions_and_links_as_readable_text() -> None:
    """It is shown on a card as plain text, where an angle bracket would be noise."""
    intent = parse("5 EUR btc for <@U1|ben> &amp; <https://a.example|the   plan>\u2014now")
    assert isinstance(intent, Buy)
    assert intent.reason == "@ben & the plan-now"


def test_digits_of_other_scripts_are_not_translated() -> None:
    """They must be refused as amounts, not guessed."""
    assert readable("\uff12\uff15\uff10 \u0662") == "\uff12\uff15\uff10 \u0662"
