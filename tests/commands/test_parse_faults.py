"""What is not understood is answered with the place, what would fit, and what was meant."""

import pytest

from bot.domain.money import AmountFault
from commands.intents import Buy
from commands.parse import NotUnderstood, WordFault, parse

OPTIONS = ("via", "max", "using", "to", "for")
ANY = ("in", "via", "using", "to", "for")
START = (
    "AMOUNT", "ORDER", "status", "list", "cancel", "help", "freeze", "unfreeze", "providers",
    "every", "remind", "schedules", "budget", "report", "export", "explain", "policy",
)  # fmt: skip


def fault(text: str) -> NotUnderstood:
    with pytest.raises(NotUnderstood) as refused:
        parse(text)
    return refused.value


@pytest.mark.parametrize(
    ("text", "kind", "found", "expected", "suggestion"),
    [
        ("250 EUR btc vai kriptomat", WordFault.UNEXPECTED, "vai", OPTIONS, "via"),
        ("250 EUR btc kriptomat", WordFault.UNEXPECTED, "kriptomat", OPTIONS, "via kriptomat"),
        ("0.005 btc ni php", WordFault.UNEXPECTED, "ni", ("in", *OPTIONS), None),
        ("0.005 btc vai coins", WordFault.UNEXPECTED, "vai", ("in", *OPTIONS), "via"),
        ("0.005 btc coins", WordFault.UNEXPECTED, "coins", ("in", *OPTIONS), "via coins"),
        ("5 EUR btc via oak mx 5", WordFault.UNEXPECTED, "mx", OPTIONS[1:], "max"),
        ("0.5 eth max 2k usnig gcash", WordFault.UNEXPECTED, "usnig", ANY, "using"),
        ("0.5 eth on a max 2k fro rent", WordFault.UNEXPECTED, "fro", ANY[:1] + ANY[2:], "for"),
        ("0.5 eth max 2k vai", WordFault.UNEXPECTED, "vai", ANY, "via"),
        ("5 EUR btc max 2k vai oak", WordFault.UNEXPECTED, "vai", ANY[1:], "via"),
        ("stauts", WordFault.UNEXPECTED, "stauts", START, "status"),
        ("polcy", WordFault.UNEXPECTED, "polcy", START, "policy"),
        ("via oak", WordFault.UNEXPECTED, "via", START, None),
        ("list mne", WordFault.UNEXPECTED, "mne", ("open", "mine", "all"), "mine"),
        ("please 250 EUR btc", WordFault.UNEXPECTED, "please", START, "250 EUR btc"),
        ("7K3FQ", WordFault.UNEXPECTED, "7K3FQ", START, "status BUY-7K3FQ"),
        ("status 7K3FQ now", WordFault.UNEXPECTED, "now", (), None),
        ("250", WordFault.INCOMPLETE, "", ("CURRENCY", "ASSET"), None),
        ("250 via", WordFault.UNEXPECTED, "via", ("CURRENCY", "ASSET"), None),
        ("250 EUR btc via", WordFault.INCOMPLETE, "", ("PROVIDER",), None),
        ("250 EUR btc max", WordFault.INCOMPLETE, "", ("AMOUNT",), None),
        ("250 EUR btc to", WordFault.INCOMPLETE, "", ("TARGET",), None),
        ("250 EUR btc using", WordFault.INCOMPLETE, "", ("OUTLET",), None),
        ("250 EUR btc for ", WordFault.INCOMPLETE, "", ("REASON",), None),
        ("cancel", WordFault.INCOMPLETE, "", ("ORDER",), None),
        ("250 btc", WordFault.MISSING_CURRENCY, "btc", ("CURRENCY", "in"), None),
        ("2 btc via coins", WordFault.MISSING_CURRENCY, "btc", ("CURRENCY", "in"), None),
        ("250 of btc", WordFault.MISSING_CURRENCY, "250", ("CURRENCY",), None),
        ("250 EUR", WordFault.MISSING_ASSET, "", ("ASSET",), None),
        ("250 EUR via oak", WordFault.MISSING_ASSET, "", ("ASSET",), None),
        ("250 EUR for btc", WordFault.MISSING_ASSET, "", ("ASSET",), None),
        ("250 EUR usd", WordFault.NOT_AN_ASSET, "usd", ("ASSET",), None),
        ("250 EUR b-t-c", WordFault.NOT_AN_ASSET, "b-t-c", ("ASSET",), None),
        ("250 EUX btc", WordFault.UNKNOWN_CURRENCY, "EUX", ("CURRENCY",), "EUR"),
        ("250 qqqq btc", WordFault.UNKNOWN_CURRENCY, "qqqq", ("CURRENCY",), None),
        ("0.005 btc in phq", WordFault.UNKNOWN_CURRENCY, "phq", ("CURRENCY",), "PHP"),
        ("\u00a5250 btc", WordFault.AMBIGUOUS_SYMBOL, "\u00a5", ("CURRENCY",), None),
        ("€250 USD btc", WordFault.OTHER_CURRENCY, "USD", ("EUR",), None),
        ("250 EUR btc max $5", WordFault.OTHER_CURRENCY, "$", ("EUR",), None),
        ("250 EUR btc max 5 usd", WordFault.OTHER_CURRENCY, "usd", ("EUR",), None),
        ("0.5 btc max 5 usd", WordFault.OTHER_CURRENCY, "usd", ("in",), None),
        ("250 EUR btc in php", WordFault.NEEDLESS_CURRENCY, "php", (), None),
        ("btc 250 EUR via oak", WordFault.WORD_ORDER, "btc", (), "250 EUR btc via oak"),
        ("250 btc EUR", WordFault.WORD_ORDER, "btc", ("CURRENCY",), "250 EUR btc"),
        ("buy 250 EUR btc", WordFault.NEEDLESS_BUY, "buy", (), "250 EUR btc"),
        ("/buy 250 EUR btc", WordFault.NEEDLESS_BUY, "/buy", (), "250 EUR btc"),
        ("250 EUR btc via a on b", WordFault.REPEATED, "on", (), None),
        ("250 EUR btc max 5 to a max 5", WordFault.REPEATED, "max", (), None),
        ("250 EUR btc to " + "a1" * 13, WordFault.TYPED_ADDRESS, "a1" * 13, ("TARGET",), None),
        ("BUY-7K3", WordFault.BAD_ORDER_ID, "BUY-7K3", ("ORDER",), None),
        ("freeze", WordFault.INCOMPLETE, "", ("REASON", "only"), None),
        ("freeze only kriptomat", WordFault.UNEXPECTED, "kriptomat", ("SCOPE",), None),
        ("freeze only kriptomat:", WordFault.INCOMPLETE, "", ("REASON",), None),
        ("unfreeze kriptomat", WordFault.UNEXPECTED, "kriptomat", ("only",), None),
        ("frezee it", WordFault.UNEXPECTED, "frezee", START, "freeze"),
        ("status nonsense", WordFault.BAD_ORDER_ID, "nonsense", ("ORDER",), None),
    ],
    ids=range(56),
)
def test_a_fault_names_its_place_what_fits_and_what_was_meant(
    text: str, kind: WordFault, found: str, expected: tuple[str, ...], suggestion: str | None
) -> None:
    """A refusal that does not help is typed again the same way."""
    refused = fault(text)
    told = (refused.kind, refused.found, refused.expected, refused.suggestion)
    assert told == (kind, found, expected, suggestion)


@pytest.mark.parametrize(
    ("text", "found", "kind", "hint"),
    [
        ("1,50 EUR btc", "1,50", AmountFault.DECIMAL_COMMA, "1.50"),
        ("1.250,50EUR btc", "1.250,50", AmountFault.DECIMAL_COMMA, "1,250.50"),
        ("€-5 btc", "-5", AmountFault.NEGATIVE, None),
        ("\u22125 EUR btc", "-5", AmountFault.NEGATIVE, None),
        ("-€5 btc", "-€5", AmountFault.NEGATIVE, None),
        ("1e3 EUR btc", "1e3", AmountFault.EXPONENT, "1000"),
        ("NaN EUR btc", "NaN", AmountFault.NOT_A_NUMBER, None),
        ("0x10 EUR btc", "0x10", AmountFault.NOT_A_NUMBER, None),
        ("\u0662\u0665 EUR btc", "\u0662\u0665", AmountFault.FOREIGN_DIGITS, "25"),
        (".5 EUR btc", ".5", AmountFault.BARE_POINT, "0.5"),
        ("1_000EUR btc", "1_000EUR", AmountFault.SEPARATOR, "1,000"),
        ("0 EUR btc", "0", AmountFault.NOT_POSITIVE, None),
        ("1.250 EUR btc", "1.250", AmountFault.TOO_MANY_DECIMALS, "1,250"),
        ("10.5 JPY btc", "10.5", AmountFault.TOO_MANY_DECIMALS, None),
        ("0.123456789 btc", "0.123456789", AmountFault.TOO_MANY_DECIMALS, None),
        ("9999999999999999 EUR btc", "9999999999999999", AmountFault.TOO_LARGE, None),
        ("5 EUR btc max 65.000,00", "65.000,00", AmountFault.DECIMAL_COMMA, "65,000.00"),
        ("5 EUR btc max -1", "-1", AmountFault.NEGATIVE, None),
        ("5 EUR btc max 0." + "1" * 19, "0." + "1" * 19, AmountFault.TOO_MANY_DECIMALS, None),
    ],
    ids=range(19),
)
def test_a_bad_amount_is_told_with_its_own_reason(
    text: str, found: str, kind: AmountFault, hint: str | None
) -> None:
    """Here a guess costs money, so the person gets the exact reason."""
    refused = fault(text)
    assert (refused.kind, refused.found) == (WordFault.BAD_AMOUNT, found)
    assert refused.amount is not None
    assert (refused.amount.kind, refused.amount.hint) == (kind, hint)


def test_a_missing_word_is_placed_where_it_belongs() -> None:
    """The marker in the answer stands behind the currency, not at the end of the line."""
    refused = fault("250 EUR via oak")
    assert (refused.position, refused.length) == (7, 0)


def test_a_reason_of_300_characters_is_taken_and_one_more_is_not() -> None:
    """It must fit on the card; cutting it silently would change what people approve."""
    intent = parse("5 EUR btc for " + "&amp;" * 300)
    assert isinstance(intent, Buy)
    assert intent.reason == "&" * 300
    assert fault("5 EUR btc for " + "x" * 301).kind is WordFault.REASON_TOO_LONG


@pytest.mark.parametrize("text", ["x" * 1001, "<@U1|b>" * 2000, "5 EUR btc for " + "y " * 10**6])
def test_endless_words_are_refused_unread(text: str) -> None:
    """Nobody types a thousand characters; whoever sends a million gets one cheap answer."""
    assert fault(text).kind is WordFault.TOO_LONG


def test_letters_that_only_look_like_ours_are_not_ours() -> None:
    """A Kelvin sign folds to k and a long s to s; neither multiplies or commands."""
    assert fault("2\u212a EUR btc").kind is WordFault.UNEXPECTED
    assert fault("\u017ftatus").kind is WordFault.UNEXPECTED
