"""What is said of things that recur: a plan with its rhythm and its end, or a change of one."""

from datetime import date

from lark import Token, Tree

from bot.domain.ids import ORDER, SCHEDULE, schedule_id
from bot.domain.plans import MOST_RUNS, Missed, Plan
from commands.intents import Change, Intent, Schedules
from commands.parse_meaning import Sentence
from commands.parse_rhythm import RhythmReading, Tokens, first_word, tokens_in
from commands.word_faults import NotUnderstood, WordFault

BOUNDS = ("runs", "until", "missed")


def scheduled(line: str, sentence: Sentence) -> Intent | None:
    """The intent of a sentence that is about what recurs; None: this one is not."""
    reading = PlanReading(line)
    words = [one for one in sentence.children if isinstance(one, Token)]
    parts = {one.data: one for one in sentence.children if isinstance(one, Tree)}
    match sentence.data:
        case "remind":
            return reading.plan(sentence)
        case "buy" if "when" in parts:
            return reading.plan(sentence)
        case "buy" if bound := next((parts[one] for one in BOUNDS if one in parts), None):
            raise reading.refuse(WordFault.ONLY_RECURRING, first_word(bound), expected=("every",))
        case "change":
            return reading.change(words[0].lower(), words[1])
        case "cancel" if words[1].lower().startswith(SCHEDULE.lower()):
            meant = f"stop {reading.schedule(words[1])}"
            raise reading.refuse(WordFault.BAD_ORDER_ID, words[1], suggestion=meant)
        case "schedules" | "status" if words[-1].lower().startswith(SCHEDULE.lower()):
            return Schedules(reading.schedule(words[-1]))
        case "schedules":
            return Schedules(reading.schedule(words[1])) if len(words) > 1 else Schedules()
    return None


class PlanReading(RhythmReading):
    """A sentence that says when: the purchase in it, the rhythm and the end."""

    def plan(self, sentence: Sentence) -> Plan:
        """Raises NotUnderstood, with choices where something could mean two things."""
        reminds = sentence.data == "remind"
        parts = [one for one in sentence.children if isinstance(one, Tree)]
        whens = [one for one in parts if one.data == "when"]
        if not whens:
            raise self.ended(WordFault.NOT_RECURRING, expected=("every",))
        if len(whens) > 1:
            raise self.refuse(WordFault.REPEATED, first_word(whens[1]))
        bounds = self.bounds(parts)
        start = self.start(whens[0])
        when = self.when(whens[0])
        runs, until = self.runs(bounds.get("runs")), self.day(bounds.get("until"))
        self.one_end(bounds, reminds=reminds)
        return Plan(
            buy=self.buy(_without(sentence, whens)),
            when=when,
            start=start,
            runs=runs,
            until=until,
            missed=Missed(bounds["missed"].lower()) if "missed" in bounds else Missed.SKIP,
            reminds=reminds,
        )

    def change(self, verb: str, token: Token) -> Change:
        if verb == "stop" and token.lower().startswith(ORDER.lower()):
            meant = f"cancel {self.order(token)}"
            raise self.refuse(WordFault.BAD_SCHEDULE_ID, token, suggestion=meant)
        return Change(verb, self.schedule(token))

    def schedule(self, token: Token) -> str:
        try:
            return schedule_id(token)
        except ValueError:
            raise self.refuse(WordFault.BAD_SCHEDULE_ID, token, expected=("SCHEDULE",)) from None

    def bounds(self, parts: list[Sentence]) -> Tokens:
        """The value of each of runs, until and missed that was said."""
        found: Tokens = {}
        for part in parts:
            if part.data in BOUNDS:
                word, value = (one for one in part.children if isinstance(one, Token))
                if part.data in found:
                    raise self.refuse(WordFault.REPEATED, word)
                found[part.data] = value
        return found

    def one_end(self, bounds: Tokens, *, reminds: bool) -> None:
        """A purchase ends by one of the two; what only reminds may go on."""
        if "runs" in bounds and "until" in bounds:
            raise self.refuse(WordFault.TWO_ENDS, bounds["until"])
        if reminds and "missed" in bounds:
            raise self.refuse(WordFault.ONLY_PURCHASES, bounds["missed"])
        if not reminds and "runs" not in bounds and "until" not in bounds:
            raise self.ended(WordFault.NO_END, expected=("runs", "until"))

    def runs(self, token: Token | None) -> int | None:
        if token is None:
            return None
        if not (token.isdecimal() and token.isascii() and 1 <= int(token[:4]) <= MOST_RUNS):
            raise self.refuse(WordFault.BAD_RUNS, token)
        return int(token)

    def day(self, token: Token | None) -> date | None:
        if token is None:
            return None
        try:
            day = date.fromisoformat(token)
        except ValueError:
            day = None
        if day is None or day.isoformat() != token:
            raise self.refuse(WordFault.BAD_DATE, token, expected=("DATE",))
        return day

    def start(self, when: Sentence) -> date | None:
        return self.day(tokens_in(when).get("DATE"))

    def ended(self, kind: WordFault, *, expected: tuple[str, ...]) -> NotUnderstood:
        """Something is missing; the mark is put at the end."""
        return NotUnderstood(kind, self.words, len(self.words), 0, expected=expected)


def _without(sentence: Sentence, whens: list[Sentence]) -> Sentence:
    """The purchase alone, as if nothing had been said of when."""
    rest = [
        one
        for one in sentence.children
        if one not in whens
        and not (isinstance(one, Tree) and one.data in BOUNDS)
        and not (isinstance(one, Token) and one.type in {"REMIND", "ME"})
    ]
    return Tree("buy", rest)
