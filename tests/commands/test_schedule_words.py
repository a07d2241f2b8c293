"""What people read of things that recur: every state, every answer, whatever was typed into it."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.occurring import Fate, Run
from bot.domain.orders import State, Vote
from bot.domain.people import Standing
from bot.domain.plans import Missed
from bot.domain.policy import Requirement
from bot.domain.recurrence import at_local
from bot.domain.schedule_votes import Said, ScheduleVerdict, Verb
from bot.domain.schedules import Dates, Schedule, ScheduleState
from bot.domain.voting import Answer
from commands.cards import Message
from commands.limits import validate_message
from commands.schedule_cards import card, reminder
from commands.words import plans, schedules
from tests.commands.made import (
    ANA,
    BEN,
    CLEO,
    NASTY,
    RULE,
    SETTING,
    VOTE_DIGEST,
    brackets,
    formats,
    mrkdwn,
    order,
    terms,
)
from tests.commands.test_words import finished
from tests.domain import schedule_sample as sample

STATES = list(ScheduleState)
TALLY = {fate: number for number, fate in enumerate(Fate, 1)}
WHEN = sample.DAILY
DATE = at_local(WHEN, sample.FIRST)


def made(state: ScheduleState, **changes: Any) -> Schedule:
    """A schedule as it would be in this state."""
    following = DATE if state is ScheduleState.ACTIVE else None
    given: dict[str, Any] = {"rule": RULE, "terms": terms(), "next": following, **changes}
    return sample.schedule(state=state, **given)


def full(state: ScheduleState, text: str) -> Schedule:
    """With every optional fact there is, foreign text wherever somebody else writes."""
    votes = tuple(Vote(voter=BEN, digest=VOTE_DIGEST, at=sample.NOW) for _ in range(30))
    return made(
        state,
        terms=terms(reason=text, outlet=text, target=text),
        rule=replace(RULE, name=text),
        note=text,
        revision=2,
        closed_by=CLEO,
        votes=votes,
    )


def run(fate: Fate, **changes: Any) -> Run:
    given: dict[str, Any] = {
        "schedule_id": "REC-7K3FQ",
        "local": DATE.local,
        "at": DATE.at,
        "fate": fate,
        "actor": ANA,
        "decided_at": sample.NOW,
        "asked": 1,
    }
    return Run(**{**given, **changes})


def labels(message: Message) -> list[str]:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [button["text"]["text"] for row in rows for button in row]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("reminds", [False, True])
def test_every_card_is_taken_by_slack_and_says_what_it_is_and_how_it_stands(
    state: ScheduleState, reminds: bool
) -> None:
    """The text alone is what a phone shows and a screen reader reads."""
    if reminds and state in {ScheduleState.PROPOSED, ScheduleState.DENIED, ScheduleState.EXPIRED}:
        return
    one = made(state, reminds=reminds)
    message = card(one, SETTING, TALLY)
    assert validate_message(message.text, message.blocks, metadata=message.metadata) == []
    assert finished(message.text)
    assert one.id in message.text
    assert state.words in message.text
    assert "every day at 9:00 Europe/Ljubljana" in message.text


@pytest.mark.parametrize("state", STATES)
def test_foreign_text_on_a_card_stays_text(state: ScheduleState) -> None:
    """A reason is typed by a person, a rule's name by another."""
    message = card(full(state, NASTY), SETTING, TALLY)
    assert validate_message(message.text, message.blocks, metadata=message.metadata) == []
    for text in [message.text, *mrkdwn(message.blocks)]:
        assert brackets(text) == []
    foreign = schedules.next_words(full(state, NASTY), SETTING.policy, SETTING.roster, TALLY)
    assert formats(re.sub(r"<!date[^<>]*>", "", foreign)) == []


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        (ScheduleState.PROPOSED, ["Approve", "Deny", "Stop"]),
        (ScheduleState.ACTIVE, ["Pause", "Skip the next", "Stop"]),
        (ScheduleState.PAUSED, ["Resume", "Stop"]),
        (ScheduleState.ENDED, []),
        (ScheduleState.STOPPED, []),
        (ScheduleState.DENIED, []),
        (ScheduleState.EXPIRED, []),
    ],
)
def test_a_card_has_the_buttons_that_do_something(state: ScheduleState, buttons: list[str]) -> None:
    """A button that can only be answered with a no is a trap."""
    assert labels(card(made(state), SETTING, {})) == buttons


def test_a_card_that_was_asked_about_anew_is_closed() -> None:
    """Votes on it are void, so it has no buttons."""
    message = card(made(ScheduleState.PROPOSED, revision=1), SETTING, {}, revision=0)
    assert labels(message) == []
    assert "newer card" in message.text


@pytest.mark.parametrize("fate", [Fate.REMINDED, Fate.SKIPPED, Fate.ORDERED])
def test_a_reminder_says_what_could_be_bought_or_what_became_of_it(fate: Fate) -> None:
    """Three buttons while it is open, none afterwards."""
    one = made(ScheduleState.ACTIVE, reminds=True)
    bought = order(State.PENDING_APPROVAL) if fate is Fate.ORDERED else None
    message = reminder(one, run(fate), bought, SETTING, asked=1)
    assert validate_message(message.text, message.blocks, metadata=message.metadata) == []
    assert finished(message.text)
    assert labels(message) == (["Buy", "Skip", "Snooze"] if fate is Fate.REMINDED else [])
    assert "Buy BTC for 250.00 EUR via Kriptomat" in message.text


def test_a_snoozed_reminder_tells_until_when_and_the_older_message_is_closed() -> None:
    """Whoever finds it must know that it comes back."""
    one = made(ScheduleState.ACTIVE, reminds=True)
    snoozed = run(Fate.REMINDED, ask_at=sample.NOW)
    assert "wants to be asked again" in reminder(one, snoozed, None, SETTING, asked=1).text
    again = replace(snoozed, asked=2, ask_at=None)
    old, new = (reminder(one, again, None, SETTING, asked=number) for number in (1, 2))
    assert (labels(old), len(labels(new))) == ([], 3)


FACTS: list[dict[str, Any]] = [
    {"subject": "denied", "note": NASTY},
    {"subject": "expired"},
    {"subject": "asked again", "note": NASTY},
    {"subject": "ended"},
    {"subject": "stopped", "by": BEN, "note": NASTY},
    {"subject": "paused", "by": ANA},
    {"subject": "resumed", "by": BEN, "next": None},
    {"subject": "resumed", "by": BEN, "next": DATE.key},
    {"subject": "skipped", "by": BEN, "date": DATE.key, "next": DATE.key},
    {"subject": "missed", "missed": [DATE.key] * 9, "made_up": []},
    {"subject": "missed", "missed": [DATE.key], "made_up": [[DATE.key, "BUY-7K3FQ"]]},
    {"subject": "missed", "missed": [], "made_up": [[DATE.key, None]]},
    {"subject": "stopped", "by": BEN, "withdrawn": ["BUY-7K3FQ"], "underway": ["BUY-00000"]},
    {"subject": "paused", "by": BEN, "withdrawn": ["BUY-7K3FQ", "BUY-00000"], "underway": []},
    {"subject": "refused", "refused": [[DATE.key, NASTY]] * 9},
    {"subject": "would fail", "date": DATE.key, "reasons": [NASTY, "the price is too high"]},
]


@pytest.mark.parametrize("facts", FACTS, ids=range(len(FACTS)))
@pytest.mark.parametrize("reminds", [False, True])
def test_every_notice_is_a_finished_sentence_that_mentions_only_people_of_ours(
    facts: dict[str, Any], reminds: bool
) -> None:
    """It is posted where everybody reads."""
    one = made(ScheduleState.ACTIVE, reminds=reminds, closed_by=BEN)
    told = schedules.notice(one, facts)
    assert finished(told)
    assert brackets(told) == []
    assert formats(told) == []
    assert one.id in told


def test_what_could_not_be_made_up_for_is_not_said_to_be() -> None:
    """No order could be made of it: a reply of its own says why, and this one says no more."""
    one = made(ScheduleState.ACTIVE)
    facts = {"subject": "missed", "missed": [], "made_up": [[DATE.key, None]]}
    assert "Nothing is bought for that." in schedules.notice(one, facts)
    facts["made_up"] = [[DATE.key, None], [DATE.key, "BUY-7K3FQ"]]
    assert "I was off at 2 dates" in schedules.notice(one, facts)
    assert "1 date is made up for now by BUY-7K3FQ." in schedules.notice(one, facts)


@pytest.mark.parametrize("answer", [*Said, *Answer], ids=repr)
def test_every_answer_is_a_finished_sentence(answer: Said | Answer) -> None:
    """Whatever becomes of a click, the person reads what it was."""
    for one, found in (
        (made(ScheduleState.ACTIVE), order()),
        (made(ScheduleState.PROPOSED), None),
        (None, None),
    ):
        verdict = ScheduleVerdict(
            answer=answer,
            schedule=one,
            missing=(Requirement(group="approvers", count=1),),
            date=DATE,
            order=found,
        )
        assert finished(plans.answer(verdict))
    stranger = ScheduleVerdict(
        answer=answer, schedule=made(ScheduleState.ACTIVE), standing=Standing.GUEST
    )
    assert "Guests" in plans.answer(stranger)


def test_a_date_that_the_clock_jumps_over_says_when_it_happens() -> None:
    """Half past two does not exist on that night."""
    local = datetime.fromisoformat("2027-03-28T02:30")
    one = at_local(replace(WHEN, at=local.time()), local)
    told = schedules.date(one, sample.ZONE)
    assert told == "Sun 28 Mar 2027 2:30 (the clock jumps over that: at 3:00)"
    assert one.at == datetime(2027, 3, 28, 1, tzinfo=UTC)


def test_how_far_it_reaches_is_told_for_one_date_for_many_and_without_an_end() -> None:
    """A card must not say "1 dates"."""
    first = sample.FIRST
    several = made(ScheduleState.ACTIVE)
    one = made(ScheduleState.ACTIVE, dates=Dates(first=first, last=first, count=1))
    endless = made(ScheduleState.ACTIVE, dates=Dates(first=first, last=None, count=None))
    assert schedules.reach(one) == "1 date: Tue 1 Dec 2026 9:00"
    assert schedules.reach(several).startswith("10 dates, the first Tue 1 Dec 2026 9:00, the last")
    assert schedules.reach(endless).startswith("until it is stopped")
    assert first + timedelta(days=9) == several.dates.last


def test_everything_that_can_be_said_has_a_word() -> None:
    """A new member of an enumeration must not come out as its name in the code."""
    assert schedules.SIGNS.keys() == set(ScheduleState)
    assert schedules.MISSED.keys() == set(Missed)
    assert schedules.FATES.keys() == set(Fate)
    assert {Verb.PAUSE, Verb.RESUME, Verb.SKIP, Verb.STOP} == set(Verb)
