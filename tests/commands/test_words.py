"""Sentences: there is one for every fact, it is finished, and foreign text in it is harmless."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import commands.words
from bot.domain.money import AmountFault, BadAmount, Money
from bot.domain.orders import Event, State
from bot.domain.people import Standing
from bot.domain.policy import Absent, Denied, Fault, Mismatch, Requirement, Rule, Tried
from bot.domain.quotes import PriceBand, Told
from bot.domain.requests import Refusal, Why
from bot.domain.voting import Answer, Verdict
from commands.limits import validate_message
from commands.parse import parse
from commands.word_faults import NotUnderstood, WordFault
from commands.words import (
    clicks,
    history,
    misunderstood,
    notices,
    refused,
    requests,
    telling,
    unable,
)
from commands.words import help as help_words
from tests.commands.made import BEN, NASTY, NOW, RULE, TITLES, brackets, formats, full, order

FOREIGN = st.text(max_size=400) | st.sampled_from([NASTY, "&<>*_~`" * 700, "x" * 5000])
SUBJECTS = (
    "asked again", "in doubt", "completed", "failed", "denied", "expired", "cancelled", "no card",
    "something new",
)  # fmt: skip
NEED = (Requirement(group="approvers", count=2),)


def finished(sentence: str) -> bool:
    """Slack takes it, no place was left unfilled, and no part of the program shows through."""
    said = re.sub(r"<!date[^<>]*>", "", sentence)
    leaks = re.search(r"[{}]|\bNone\b|<[A-Z]\w+\.|\b[A-Z][A-Za-z]+\.[A-Z_]{3,}\b", said)
    return validate_message(sentence, None) == [] and leaks is None


def denial(fault: Fault) -> Denied:
    """A refusal by the policy, with all facts that it can have."""
    absent = tuple(Absent(who=f"U0{one.name}", standing=one) for one in Standing)
    nobody = Absent(who="S0EMPTY", standing=Standing.UNKNOWN)
    return Denied(
        fault=fault,
        rule=RULE,
        standing=Standing.GUEST,
        missing=NEED,
        able=frozenset({BEN}),
        absent=(*absent, nobody),
    )


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("answer", list(Answer))
def test_every_answer_to_a_click_has_a_finished_sentence(answer: Answer, state: State) -> None:
    """A click that does nothing and says nothing is pressed again, and again."""
    for one in (order(state), full(state, "why")):
        standing = Standing.GUEST if answer is Answer.NOT_A_MEMBER else None
        verdict = Verdict(answer=answer, order=one, standing=standing, missing=NEED, voted_at=NOW)
        assert finished(clicks.sentence(verdict))
    assert finished(clicks.sentence(Verdict(answer=Answer.NO_SUCH_ORDER)))


@pytest.mark.parametrize("why", list(unable.UNABLE))
def test_every_refusal_by_a_provider_names_what_was_given_and_what_would_do(why: Why) -> None:
    """A refusal that does not say what would be taken is a dead end."""
    refusal = Refusal(why=why, given="GIVEN", allowed=("first", "second"), provider="Kriptomat")
    sentence = refused.sentence(refusal, TITLES)
    bare = refused.sentence(replace(refusal, allowed=()), TITLES)
    assert finished(sentence)
    assert finished(bare)
    assert "GIVEN" in sentence
    assert all(part in sentence for part in ("*Asked:*", "*Allowed:*", "*To do:*"))
    assert sentence.endswith(refused.NOTHING)


def test_every_other_refusal_has_facts_of_its_own() -> None:
    """What neither names a provider's capability nor carries a denial or budgets has no words."""
    assert set(Why) - unable.UNABLE.keys() == {Why.POLICY, Why.BUDGET}


@pytest.mark.parametrize("fault", list(Fault))
def test_every_refusal_by_the_policy_has_a_finished_sentence(fault: Fault) -> None:
    """The policy decides by facts; people read why."""
    no = denial(fault)
    refusal = Refusal(why=Why.POLICY, given="2,040.00 EUR", provider="Kriptomat", denied=no)
    sentence = refused.sentence(refusal, TITLES)
    assert finished(sentence)
    assert sentence.endswith(refused.NOTHING)


@pytest.mark.parametrize("mismatch", list(Mismatch))
def test_every_reason_why_a_rule_did_not_fit_is_told(mismatch: Mismatch) -> None:
    """Somebody whom no rule allows must see which rule comes closest."""
    rule = Rule(
        name="narrow",
        up_to=Money.of(Decimal(1000), "EUR"),
        approvals=NEED,
        requesters=("buyers",),
        providers=("kriptomat",),
        assets=("btc",),
    )
    no = Denied(fault=Fault.NO_RULE, tried=(Tried(rule=rule, mismatch=mismatch),))
    refusal = Refusal(why=Why.POLICY, given="2,040.00 EUR", denied=no)
    sentence = refused.sentence(refusal, TITLES)
    assert finished(sentence)
    assert "“narrow”" in sentence
    assert "kriptomat" not in sentence, "people call it Kriptomat"


def test_everybody_who_is_not_a_member_is_told_why() -> None:
    """Five ways of not belonging, five sentences."""
    others = set(Standing) - {Standing.MEMBER}
    assert refused.STANDINGS.keys() == others
    assert all(finished(sentence) for sentence in refused.STANDINGS.values())


@pytest.mark.parametrize("kind", list(AmountFault))
def test_every_fault_of_an_amount_has_a_sentence(kind: AmountFault) -> None:
    """A person who types an amount wrongly must not guess what was wrong about it."""
    assert finished(misunderstood.amount_sentence(BadAmount(kind, "1.250,50")))


@pytest.mark.parametrize("kind", list(WordFault))
def test_every_fault_of_the_words_has_a_sentence(kind: WordFault) -> None:
    """Words that are not understood are answered with the place and an example."""
    amount = BadAmount(AmountFault.EXPONENT, "1e3", "1000")
    fault = NotUnderstood(kind, "250 EUR btc", 4, 3, expected=("CURRENCY", "in"), amount=amount)
    sentence = misunderstood.sentence(fault)
    assert finished(sentence)
    assert misunderstood.EXAMPLE in sentence


@pytest.mark.parametrize("event", list(Event))
def test_every_event_of_a_history_is_told_in_its_own_words(event: Event) -> None:
    """An event that falls back to its column's name reads like a log, not like a story."""
    assert event.value in history.EVENTS
    assert finished(history.history_words(event, BEN, {"reason": "because"}))


def test_every_state_has_a_sign() -> None:
    """A card without a sign raises, and a card that raises is an order that nobody sees."""
    assert telling.SIGNS.keys() == set(State)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_notice_and_direct_message_is_finished(subject: str, state: State) -> None:
    """They reach people who see nothing else of the order."""
    for one, note in ((order(state), None), (full(state, "why"), "why")):
        assert finished(notices.notice(one, subject, note, "Kriptomat"))
        assert finished(notices.direct(one, subject, note, "Kriptomat"))
        assert finished(telling.line(one, "Kriptomat"))
        assert finished(requests.again(one))
        assert one.id in notices.direct(one, subject, note, "Kriptomat")


def both(tell: Callable[[str], str], text: str) -> tuple[str, str]:
    """The sentence with the foreign text, and with one letter in its place."""
    return tell(text), tell("x")


def noticed(subject: str, text: str) -> str:
    """A reply in the thread."""
    return notices.notice(full(State.FAILED, text), subject, text, "Kriptomat")


def told_directly(subject: str, text: str) -> str:
    """A message to the requester alone."""
    return notices.direct(full(State.FAILED, text), subject, text, "Kriptomat")


def not_taken(why: Why, text: str) -> str:
    """A refusal by what the provider can do."""
    refusal = Refusal(why=why, given=text, allowed=(text,), provider="Kriptomat")
    return refused.sentence(refusal, TITLES)


TELLERS: dict[str, Callable[[str], str]] = {
    **{f"notice {subject}": partial(noticed, subject) for subject in SUBJECTS},
    **{f"direct {subject}": partial(told_directly, subject) for subject in SUBJECTS},
    **{f"refused {why}": partial(not_taken, why) for why in unable.UNABLE},
    "line": lambda text: telling.line(full(State.FAILED, text), "Kriptomat"),
    "history": lambda text: history.history_words("denied", BEN, {"reason": text}),
    "amount": lambda text: misunderstood.amount_sentence(BadAmount(AmountFault.NOT_A_NUMBER, text)),
}
"""Every sentence with a place for what somebody else wrote."""


@pytest.mark.parametrize("told", TELLERS)
@given(text=FOREIGN)
def test_foreign_text_in_a_sentence_can_neither_mention_nor_format(told: str, text: str) -> None:
    """One ``<!channel>`` in a vendor's error must not wake two hundred people."""
    sentence, plain = both(TELLERS[told], text)
    assert validate_message(sentence, None) == []
    assert brackets(sentence) == []
    if text.strip():
        assert formats(sentence) == formats(plain)


@given(text=FOREIGN | st.sampled_from([f"250 EUR btc {NASTY}", f"250 EUR {NASTY}", NASTY[::-1]]))
def test_words_that_are_not_understood_are_quoted_harmlessly(text: str) -> None:
    """What was typed comes back to the typist; a mention in it must not work for the bot."""
    try:
        parse(text)
    except NotUnderstood as fault:
        sentence = misunderstood.sentence(fault)
        assert validate_message(sentence, None) == []
        assert brackets(sentence) == []


def test_a_price_limit_is_never_rounded_on_the_card() -> None:
    """``max 0.000012`` shown as 0.00 would have people approve a limit that does not exist."""
    fine = order(band=PriceBand(ceiling=Decimal("0.000012")))
    drifted = order(band=PriceBand(reference=Decimal("64800.00"), drift=Decimal("0.03")))
    assert "0.000012 EUR" in telling.protection(fine, "Kriptomat")
    assert "not sent above 66,744.00 EUR" in telling.protection(drifted, "Kriptomat")


def test_the_card_says_when_its_price_was_read_and_that_there_is_none() -> None:
    """A price without its time is taken for that of now; no protection must not look like one."""
    band = PriceBand(reference=Decimal(64800), drift=Decimal("0.03"), told=Told(at=NOW))
    assert "now 64,800 EUR (read <!date^" in telling.protection(order(band=band), "Kriptomat")
    assert telling.protection(order(), "Oak").startswith("no price protection: Oak tells no price")


RECURRING = {"schedules", "pause", "resume", "skip", "stop"}
"""Verbs of what recurs."""

MONTHLY = {"report", "export"}


def examples() -> list[str]:
    """Every command in backticks that any sentence shows."""
    found: set[str] = set()
    for file in Path(commands.words.__file__).parents[1].rglob("*.py"):
        if file.stem in {"parse_faults", "word_faults"}:
            continue  # they explain what is not understood
        source = re.sub(r'"\s*\n\s*f?"', "", file.read_text(encoding="utf-8"))
        found |= set(re.findall(r"`/buy ?([^`\n]*)`", source))
    return sorted(found - {"..."})


@pytest.mark.parametrize("text", examples())
def test_every_command_that_is_shown_can_be_typed(text: str) -> None:
    """An example that the bot does not understand itself is worse than none."""
    verb = text.split(" ", maxsplit=1)[0]
    known = "REC-7K3FQ" if verb in RECURRING else "2026-11" if verb in MONTHLY else "BUY-7K3FQ"
    typed = re.sub(r"\{[^}]*\}|\bORDER\b", known, text).replace("[TOPIC]", "buy")
    typed = typed.replace("[MONTH]", "last month")
    assert parse(typed.replace("TOPIC", "buy")) is not None


def test_enough_examples_are_found_to_prove_something() -> None:
    """The search above must not come back empty-handed."""
    assert {"250 EUR btc via kriptomat", "help", "status BUY-7K3FQ"} <= set(examples())


def test_help_exists_for_every_topic_and_for_none() -> None:
    """Help must not need help."""
    assert all(finished(help_words.topic(name)) for name in [None, *help_words.TOPICS, "nonsense"])
    assert list(help_words.BRIEF) == list(help_words.TOPICS)
    assert len(help_words.topic(None)) < 2000, "read at a glance"
    assert help_words.topic("STATUS") == help_words.TOPICS["status"]


@given(st.lists(st.text(alphabet="ab *\u2026", max_size=40), max_size=12), st.integers(5, 60))
def test_what_is_too_long_is_cut_between_lines_and_says_so(lines: list[str], longest: int) -> None:
    """One line that is too long by itself included: nothing is ever longer than was asked for."""
    text = "\n".join(lines)
    told = commands.words.fitting(text, longest=longest)
    assert len(told) <= longest
    assert told == text or told.endswith("\n…")
