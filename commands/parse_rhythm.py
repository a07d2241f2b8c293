"""When it is to happen: ``every 2 weeks on monday at 9:00`` becomes a recurrence.

Whatever could mean two things is not guessed: the refusal carries one whole command for each of
them, so that the person has only to choose.
"""

from datetime import time
from typing import Any

from lark import Token, Tree

from bot.domain.recurrence import (
    DAYS,
    LAST_DAY,
    MOST,
    NTH,
    SHORTEST_MONTH,
    WORKING_DAYS,
    MonthDay,
    NthWeekday,
    Recurrence,
    Short,
    Unit,
)
from bot.domain.zones import zone_named, zone_names
from commands.parse_faults import nearest
from commands.parse_meaning import Reading, Sentence
from commands.word_faults import Choice, WordFault

COUNTS = {"other": 2, "two": 2, "three": 3, "four": 4, "six": 6}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
SHORTEST_CITY = 5
SOME_TIMES = ("9:00", "12:00", "17:30")
SOME_DAYS = ("monday", "wednesday", "friday")
SOME_MONTH_DAYS = ("1st", "15th", "last day")

Tokens = dict[str, Token]


class RhythmReading(Reading):
    """The words after ``every``. Each method raises NotUnderstood."""

    def when(self, when: Sentence) -> Recurrence:
        rhythm = next(one for one in when.children if isinstance(one, Tree))
        facts = getattr(self, rhythm.data)(rhythm)
        said = tokens_in(when)
        return Recurrence(at=self.at(said, rhythm), zone=self.zone(said.get("ZONE")), **facts)

    def days(self, rhythm: Sentence) -> dict[str, Any]:
        return {"unit": Unit.DAY, "every": self.every(rhythm, Unit.DAY)}

    def weeks(self, rhythm: Sentence) -> dict[str, Any]:
        tokens = [one for one in rhythm.children if isinstance(one, Token)]
        said = {one.type: one for one in tokens}
        days = sorted({_weekday(one) for one in tokens if one.type == "DAYNAME"})
        if "WORKDAY" in said:
            days = list(WORKING_DAYS)
            if "COUNT" in said and "WEEK" not in said:
                raise self.refuse(WordFault.UNEXPECTED, said["WORKDAY"], expected=("weeks",))
        if not days:
            choices = self.instead(_end(rhythm), 0, [f" on {day}" for day in SOME_DAYS])
            raise self.refuse(WordFault.NO_DAY, tokens[-1], choices=choices)
        every = self.every(rhythm, Unit.WEEK)
        return {"unit": Unit.WEEK, "every": every, "weekdays": tuple(days)}

    def months(self, rhythm: Sentence) -> dict[str, Any]:
        day = next((one for one in rhythm.children if isinstance(one, Tree)), None)
        if day is None:
            choices = self.instead(_end(rhythm), 0, [f" on the {one}" for one in SOME_MONTH_DAYS])
            raise self.refuse(WordFault.NO_DAY, last_word(rhythm), choices=choices)
        said = tokens_in(day)
        if rhythm.children[0] is day and "OF" not in tokens_in(rhythm):
            self.of_the_month(day, said)
        every = self.every(rhythm, Unit.MONTH)
        return {"unit": Unit.MONTH, "every": every, "on": self.month_day(said)}

    def of_the_month(self, day: Sentence, said: Tokens) -> None:
        """``every second friday`` could be two things; ``every first friday`` only one."""
        ordinal, name = said.get("ORDINAL"), said.get("DAYNAME")
        if ordinal is None or _nth(ordinal) == 1:
            return
        if name is None and "DAY" not in said:
            return
        nth = NTH.get(_nth(ordinal), ordinal)
        of_month = f"month on the {nth} {name}" if name else f"month on the {ordinal}"
        often = f"{_nth(ordinal)} {'weeks on ' + name if name else 'days'}"
        start = _start(first_word(day))
        choices = self.instead(start, _end(day) - start, [of_month, often])
        raise self.refuse(WordFault.NTH_OR_EVERY, ordinal, choices=choices)

    def month_day(self, said: Tokens) -> MonthDay | NthWeekday:
        if "ORDINAL" not in said:
            name = said.get("DAYNAME")
            return NthWeekday(nth=-1, weekday=_weekday(name)) if name else MonthDay(day=LAST_DAY)
        ordinal = said["ORDINAL"]
        number = _nth(ordinal)
        if "DAYNAME" in said:
            if number not in NTH:
                choices = self.instead(_start(ordinal), len(ordinal), ["fourth", "last"])
                raise self.refuse(WordFault.NO_SUCH_DAY, ordinal, choices=choices)
            return NthWeekday(nth=number, weekday=_weekday(said["DAYNAME"]))
        if not 1 <= number <= 31:
            raise self.refuse(WordFault.NO_SUCH_DAY, ordinal)
        if number <= SHORTEST_MONTH:
            return MonthDay(day=number)
        if "LAST" in said and number == 31:
            return MonthDay(day=LAST_DAY)
        if "LAST" not in said and "ONLY" not in said:
            both = [f"{ordinal} or the last day", f"{ordinal} only"]
            choices = self.instead(_start(ordinal), len(ordinal), both)
            raise self.refuse(WordFault.SHORT_MONTHS, ordinal, choices=choices)
        return MonthDay(day=number, short=Short.LAST if "LAST" in said else Short.SKIP)

    def every(self, rhythm: Sentence, unit: Unit) -> int:
        token = tokens_in(rhythm).get("COUNT")
        if token is None:
            return 1
        count = COUNTS.get(token.lower()) or int(token)
        if not 1 <= count <= MOST[unit]:
            raise self.refuse(WordFault.OUT_OF_REACH, token)
        return count

    def at(self, said: Tokens, rhythm: Sentence) -> time:
        """The time of day. Without one, and for ``9`` and ``12 pm``, people are asked."""
        token = said.get("TIME") or said.get("HOUR")
        if token is None:
            times = [f" at {one}" for one in SOME_TIMES]
            choices = self.instead(_end(rhythm), 0, times)
            raise self.refuse(WordFault.NO_TIME, last_word(rhythm), choices=choices)
        text = token.lower().replace(" ", "")
        if text == "noon":
            return time(12)
        half = text[-2:] if text.endswith("m") else ""
        hours, _, minutes = text.removesuffix(half).partition(":")
        hour, minute = int(hours), int(minutes or 0)
        if hour > (12 if half else 23) or minute > 59 or (half and hour == 0):
            raise self.refuse(WordFault.BAD_TIME, token, expected=("TIME",))
        if (half and hour == 12) or (token.type == "HOUR" and 1 <= hour <= 12):
            both = [f"{hour % 12}:{minute:02}", f"{hour % 12 + 12}:{minute:02}"]
            choices = self.instead(_start(token), len(token), both)
            fault = WordFault.WHICH_HALF if hour < 12 else WordFault.NOON_OR_MIDNIGHT
            raise self.refuse(fault, token, choices=choices)
        return time(hour + 12 if half == "pm" else hour, minute)

    def zone(self, token: Token | None) -> str | None:
        if token is None:
            return None
        name = zone_named(token)
        if name is None:
            meant = nearest_zone(token)
            raise self.refuse(WordFault.UNKNOWN_ZONE, token, expected=("ZONE",), suggestion=meant)
        return name

    def instead(self, start: int, length: int, words: list[str]) -> tuple[Choice, ...]:
        """The whole command with each of these in the place."""
        before, after = self.words[:start], self.words[start + length :]
        return tuple(Choice(one.strip(), before + one + after) for one in words)


def nearest_zone(text: str) -> str | None:
    """The zone that was perhaps meant, by its whole name or by its city alone.

    Nothing is near an abbreviation: ``EST`` is no city.
    """
    if len(text) < SHORTEST_CITY:
        return None
    names = zone_names()
    cities = {name.rpartition("/")[2]: spelt for name, spelt in names.items()}
    city = nearest(text.lower().rpartition("/")[2], cities)
    whole = nearest(text.lower(), names)
    if "/" in text and whole is not None:
        return names[whole]
    return cities[city] if city else None


def tokens_in(tree: Sentence) -> Tokens:
    """The words that stand in it directly."""
    return {one.type: one for one in tree.children if isinstance(one, Token)}


def _weekday(token: Token) -> int:
    return next(day for day, name in enumerate(DAYS) if name.startswith(token.lower()[:3]))


def _nth(token: Token) -> int:
    return ORDINALS.get(token.lower()) or int(token[:-2])


def first_word(tree: Sentence) -> Token:
    child = tree.children[0]
    return child if isinstance(child, Token) else first_word(child)


def last_word(tree: Sentence) -> Token:
    child = tree.children[-1]
    return child if isinstance(child, Token) else last_word(child)


def _start(token: Token) -> int:
    assert token.start_pos is not None
    return token.start_pos


def _end(tree: Sentence) -> int:
    last = last_word(tree)
    return _start(last) + len(last)
