"""Whatever recurs: every promised spelling, what is asked back, and the way there and back."""

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.plans import MOST_RUNS, Missed, Plan
from bot.domain.recurrence import LAST_DAY, MonthDay, NthWeekday, Recurrence, Short, Unit
from commands.intents import Buy, Change, Intent, Schedules
from commands.parse import parse, words
from commands.word_faults import NotUnderstood, WordFault
from tests.domain.recurrences import ZONES, recurrences

NINE = time(9, 0)
WORKDAYS = (0, 1, 2, 3, 4)


def euros(amount: int, **said: str | Decimal) -> Buy:
    return Buy(amount=Decimal(amount), unit="EUR", asset="btc", **said)  # type: ignore[arg-type]


def weekly(*days: int, at: time = NINE, every: int = 1, zone: str | None = None) -> Recurrence:
    return Recurrence(unit=Unit.WEEK, at=at, every=every, weekdays=days, zone=zone)


def monthly(on: MonthDay | NthWeekday, every: int = 1) -> Recurrence:
    return Recurrence(unit=Unit.MONTH, at=NINE, every=every, on=on)


def daily(at: time = NINE, every: int = 1) -> Recurrence:
    return Recurrence(unit=Unit.DAY, at=at, every=every)


KRIPTOMAT = euros(50, provider="kriptomat")
EXAMPLES: list[tuple[str, Intent]] = [
    (
        "every friday at 9:00 50 EUR btc via kriptomat runs 12 max 65000",
        Plan(
            buy=euros(50, provider="kriptomat", max_price=Decimal(65000)),
            when=weekly(4),
            runs=12,
        ),
    ),
    (
        "every friday at 9:00 50 EUR btc via kriptomat until 2027-01-01",
        Plan(buy=KRIPTOMAT, when=weekly(4), until=date(2027, 1, 1)),
    ),
    (
        "remind every month on the 1st at 10:00 100 EUR btc via kriptomat",
        Plan(
            buy=euros(100, provider="kriptomat"),
            when=Recurrence(unit=Unit.MONTH, at=time(10), on=MonthDay(day=1)),
            reminds=True,
        ),
    ),
    (
        "remind me 50 EUR btc on kriptomat every fri at 9:00 am runs 3",
        Plan(buy=KRIPTOMAT, when=weekly(4), runs=3, reminds=True),
    ),
    (
        "50 EUR btc every 2 weeks on monday at 17:30 europe/ljubljana on Kriptomat runs 2 for rent",
        Plan(
            buy=euros(50, provider="kriptomat", reason="rent"),
            when=weekly(0, at=time(17, 30), every=2, zone="Europe/Ljubljana"),
            runs=2,
        ),
    ),
    (
        "every day at 9:00 from 2027-01-04 50 EUR btc via kriptomat runs 5 missed all",
        Plan(buy=KRIPTOMAT, when=daily(), start=date(2027, 1, 4), runs=5, missed=Missed.ALL),
    ),
]
EXAMPLES += [
    (f"every {rhythm} 50 EUR btc via kriptomat runs 1", Plan(buy=KRIPTOMAT, when=when, runs=1))
    for rhythm, when in [
        ("day at 9:00", daily()),
        ("day at 0:05", daily(time(0, 5))),
        ("day at 9am", daily()),
        ("day at 9 AM", daily()),
        ("day 9:00", daily()),
        ("day at 5:30 pm", daily(time(17, 30))),
        ("day at noon", daily(time(12))),
        ("day at 17", daily(time(17))),
        ("3 days at 9:00", daily(every=3)),
        ("other day at 9:00", daily(every=2)),
        ("weekday at 9:00", weekly(*WORKDAYS)),
        ("working day at 9:00", weekly(*WORKDAYS)),
        ("Friday at 9:00", weekly(4)),
        ("fridays at 9:00", weekly(4)),
        ("mon, wed and fri at 9:00", weekly(0, 2, 4)),
        ("friday and monday at 9:00", weekly(0, 4)),
        ("week on tues at 9:00", weekly(1)),
        ("other friday at 9:00", weekly(4, every=2)),
        ("two weeks on friday at 9:00", weekly(4, every=2)),
        ("2 weeks on weekdays at 9:00", weekly(*WORKDAYS, every=2)),
        ("month on the 1st at 9:00", monthly(MonthDay(day=1))),
        ("month on 28th at 9:00", monthly(MonthDay(day=28))),
        ("month on the first day at 9:00", monthly(MonthDay(day=1))),
        ("1st of the month at 9:00", monthly(MonthDay(day=1))),
        ("3 months on the 5th at 9:00", monthly(MonthDay(day=5), every=3)),
        ("month on the last day at 9:00", monthly(MonthDay(day=LAST_DAY))),
        ("last day of the month at 9:00", monthly(MonthDay(day=LAST_DAY))),
        ("month on the first monday at 9:00", monthly(NthWeekday(nth=1, weekday=0))),
        ("first monday at 9:00", monthly(NthWeekday(nth=1, weekday=0))),
        ("2nd friday of the month at 9:00", monthly(NthWeekday(nth=2, weekday=4))),
        ("last friday at 9:00", monthly(NthWeekday(nth=-1, weekday=4))),
        ("month on the 30th only at 9:00", monthly(MonthDay(day=30, short=Short.SKIP))),
        ("month on the 30th or last day at 9:00", monthly(MonthDay(day=30, short=Short.LAST))),
        ("month on the 31st or the last day at 9:00", monthly(MonthDay(day=LAST_DAY))),
    ]
]
EXAMPLES += [
    ("schedules", Schedules()),
    ("schedules REC-7K3FQ", Schedules("REC-7K3FQ")),
    ("rec-7k3fo", Schedules("REC-7K3F0")),
    ("status REC-7K3FQ", Schedules("REC-7K3FQ")),
    ("pause REC-7K3FQ", Change("pause", "REC-7K3FQ")),
    ("resume 7k3fq", Change("resume", "REC-7K3FQ")),
    ("SKIP rec-7k3fq", Change("skip", "REC-7K3FQ")),
    ("stop REC-7K3FQ", Change("stop", "REC-7K3FQ")),
]


@pytest.mark.parametrize(("text", "intent"), EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_spelling_means_what_was_promised_and_can_be_said_back(
    text: str, intent: Intent
) -> None:
    """People learn the language from these lines; they are also the outside's contract."""
    assert parse(text) == intent
    assert parse(words(intent)) == intent


def test_the_canonical_words_have_everything_in_one_order() -> None:
    """What a preview, a card and a button say is one spelling."""
    text = (
        "0.1 btc in eur every 2nd friday of the month at 5pm asia/manila from 2027-01-01 until"
        " 2027-06-30 missed one to cold max 65k via coins for R&amp;D"
    )
    assert words(parse(text)) == (
        "every month on the second friday at 17:00 Asia/Manila from 2027-01-01 0.1 btc in EUR"
        " via coins_ph max 65000 to cold until 2027-06-30 missed one for R&amp;D"
    )


@given(
    st.builds(
        Plan,
        buy=st.just(KRIPTOMAT),
        when=recurrences(st.sampled_from((None, *ZONES))),
        start=st.none() | st.dates(date(2026, 1, 1), date(2030, 1, 1)),
        runs=st.integers(1, MOST_RUNS),
        missed=st.sampled_from(Missed),
    )
)
def test_whatever_can_recur_can_be_said_and_is_read_as_the_same(plan: Plan) -> None:
    """A suggestion or an echo that reads differently would be another purchase."""
    said = words(plan)
    if plan.when.on == MonthDay(day=31, short=Short.LAST):
        # Of which there is a shorter way to say it.
        assert words(parse(said)) == said.replace("31st or the last day", "last day")
    else:
        assert parse(said) == plan


def fault(text: str) -> NotUnderstood:
    with pytest.raises(NotUnderstood) as refused:
        parse(text)
    return refused.value


@pytest.mark.parametrize(
    ("when", "kind", "found", "labels"),
    [
        ("friday", WordFault.NO_TIME, "friday", ["at 9:00", "at 12:00", "at 17:30"]),
        ("friday at 9", WordFault.WHICH_HALF, "9", ["9:00", "21:00"]),
        ("friday at 12 pm", WordFault.NOON_OR_MIDNIGHT, "12 pm", ["0:00", "12:00"]),
        ("week at 9:00", WordFault.NO_DAY, "week", ["on monday", "on wednesday", "on friday"]),
        (
            "month at 9:00",
            WordFault.NO_DAY,
            "month",
            ["on the 1st", "on the 15th", "on the last day"],
        ),
        (
            "month on the 31st at 9:00",
            WordFault.SHORT_MONTHS,
            "31st",
            ["31st or the last day", "31st only"],
        ),
        (
            "second friday at 9:00",
            WordFault.NTH_OR_EVERY,
            "second",
            ["month on the second friday", "2 weeks on friday"],
        ),
        (
            "3rd day at 9:00",
            WordFault.NTH_OR_EVERY,
            "3rd",
            ["month on the 3rd", "3 days"],
        ),
        (
            "fifth monday of the month at 9:00",
            WordFault.NO_SUCH_DAY,
            "fifth",
            ["fourth", "last"],
        ),
    ],
)
@pytest.mark.parametrize("shape", ["every {} 50 EUR btc runs 3", "50 EUR btc every {} runs 3"])
def test_what_could_mean_two_things_is_asked_back_with_a_command_for_each(
    shape: str, when: str, kind: WordFault, found: str, labels: list[str]
) -> None:
    """A guess would buy on the wrong day. Each choice is understood as it stands."""
    refused = fault(shape.format(when))
    assert (refused.kind, refused.found) == (kind, found)
    assert [one.label for one in refused.choices] == labels
    meant = [parse(one.command) for one in refused.choices]
    assert all(isinstance(one, Plan) and one.buy == euros(50) for one in meant)
    assert len({words(one) for one in meant}) == len(labels)


@pytest.mark.parametrize(
    ("text", "kind", "found", "suggestion"),
    [
        ("every friday at 25:00 5 EUR btc runs 3", WordFault.BAD_TIME, "25:00", None),
        ("every friday at 9:60 5 EUR btc runs 3", WordFault.BAD_TIME, "9:60", None),
        ("every friday at 13pm 5 EUR btc runs 3", WordFault.BAD_TIME, "13pm", None),
        ("every friday at 0am 5 EUR btc runs 3", WordFault.BAD_TIME, "0am", None),
        ("every friday at 9.30 5 EUR btc runs 3", WordFault.UNEXPECTED, "9.30", "9:30"),
        ("every fridy at 9:00 5 EUR btc runs 3", WordFault.UNEXPECTED, "fridy", "friday"),
        ("every 32nd at 9:00 5 EUR btc runs 3", WordFault.NO_SUCH_DAY, "32nd", None),
        ("every 0 days at 9:00 5 EUR btc runs 3", WordFault.OUT_OF_REACH, "0", None),
        ("every 53 weeks on fri at 9:00 5 EUR btc runs 3", WordFault.OUT_OF_REACH, "53", None),
        ("every 2 weekdays at 9:00 5 EUR btc runs 3", WordFault.UNEXPECTED, "weekdays", None),
        (
            "every day at 9:00 Europe/Lubljana 5 EUR btc runs 3",
            WordFault.UNKNOWN_ZONE,
            "Europe/Lubljana",
            "Europe/Ljubljana",
        ),
        (
            "every day at 9:00 manila 5 EUR btc runs 3",
            WordFault.UNKNOWN_ZONE,
            "manila",
            "Asia/Manila",
        ),
        ("every day at 9:00 CET 5 EUR btc runs 3", WordFault.UNKNOWN_ZONE, "CET", None),
        ("every day at 9:00 5 EUR btc until xmas", WordFault.BAD_DATE, "xmas", None),
        ("every day at 9:00 5 EUR btc until 2027-02-30", WordFault.BAD_DATE, "2027-02-30", None),
        ("every day at 9:00 5 EUR btc until 20270101", WordFault.BAD_DATE, "20270101", None),
        ("every day at 9:00 from now 5 EUR btc runs 3", WordFault.BAD_DATE, "now", None),
        ("every day at 9:00 5 EUR btc runs many", WordFault.BAD_RUNS, "many", None),
        ("every day at 9:00 5 EUR btc runs 0", WordFault.BAD_RUNS, "0", None),
        ("every day at 9:00 5 EUR btc runs 367", WordFault.BAD_RUNS, "367", None),
        ("every day at 9:00 5 EUR btc runs \u0663", WordFault.BAD_RUNS, "\u0663", None),
        ("every day at 9:00 5 EUR btc", WordFault.NO_END, "", None),
        (
            "every day at 9:00 5 EUR btc runs 3 until 2027-01-01",
            WordFault.TWO_ENDS,
            "2027-01-01",
            None,
        ),
        ("5 EUR btc runs 3", WordFault.ONLY_RECURRING, "runs", None),
        ("5 EUR btc missed all", WordFault.ONLY_RECURRING, "missed", None),
        ("remind 5 EUR btc", WordFault.NOT_RECURRING, "", None),
        ("remind every day at 9:00 5 EUR btc missed all", WordFault.ONLY_PURCHASES, "all", None),
        (
            "every day at 9:00 5 EUR btc every day at 8:00 runs 2",
            WordFault.REPEATED,
            "every",
            None,
        ),
        ("every day at 9:00 5 EUR btc runs 2 runs 3", WordFault.REPEATED, "runs", None),
        ("5 EUR btc every day at 9:00 vai oak runs 3", WordFault.UNEXPECTED, "vai", "via"),
        ("every day at 9:00 50 EUR runs 3", WordFault.MISSING_ASSET, "", None),
        ("every", WordFault.INCOMPLETE, "", None),
        ("pause", WordFault.INCOMPLETE, "", None),
        ("pause nonsense", WordFault.BAD_SCHEDULE_ID, "nonsense", None),
        ("stop BUY-7K3FQ", WordFault.BAD_SCHEDULE_ID, "BUY-7K3FQ", "cancel BUY-7K3FQ"),
        ("cancel REC-7K3FQ", WordFault.BAD_ORDER_ID, "REC-7K3FQ", "stop REC-7K3FQ"),
        ("daily 50 EUR btc", WordFault.UNEXPECTED, "daily", "every day 50 EUR btc"),
        ("evry friday at 9:00 5 EUR btc", WordFault.UNEXPECTED, "evry", "every"),
    ],
)
def test_what_is_wrong_is_pointed_at(
    text: str, kind: WordFault, found: str, suggestion: str | None
) -> None:
    """One clear place, and what was perhaps meant where that can be told."""
    refused = fault(text)
    assert (refused.kind, refused.found, refused.suggestion) == (kind, found, suggestion)


def test_who_asks_for_one_purchase_is_not_told_how_to_ask_for_many() -> None:
    """The list of what fits would be twice as long for nothing."""
    assert "runs" not in fault("250 EUR btc vai kriptomat").expected
    assert "runs" in fault("every day at 9:00 250 EUR btc vai kriptomat").expected
