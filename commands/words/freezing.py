"""What is said of freezes: in the channel, on cards, privately."""

from datetime import datetime

from bot.domain.freezes import Freeze, Scope
from bot.domain.people import Standing
from bot.workflow.freezing import Frost, Frosted
from commands.words import escape, listed, person, phrase, when
from commands.words.refused import STANDINGS

UNKNOWN = (
    "There is no provider or asset called *{given}* here. Freeze everything with `/buy freeze"
    " REASON`, or one of {known} with `/buy freeze only NAME: REASON`. Nothing was frozen."
)

SIGN = "❄️"


def waits(valid_until: datetime | None) -> str:
    """What an approved order does meanwhile; an approval ages under a freeze as well."""
    late = f" If it is not by {when(valid_until)}, people are asked anew." if valid_until else ""
    return f"It waits for the freeze to be lifted.{late}"


def stopped(freeze: Freeze, titles: dict[str, str]) -> str:
    """What a freeze stops: ``Everything``, ``Kriptomat``, ``BTC``."""
    match freeze.scope:
        case Scope.EVERYTHING:
            return "everything"
        case Scope.PROVIDER:
            return titles.get(freeze.name, escape(freeze.name))
        case Scope.ASSET:
            return escape(freeze.name.upper())


def nothing(freeze: Freeze, titles: dict[str, str]) -> str:
    """What does not happen: ``Nothing is sent``, ``No order of BTC is sent``."""
    match freeze.scope:
        case Scope.EVERYTHING:
            return "Nothing is sent"
        case Scope.PROVIDER:
            return f"Nothing is sent to {stopped(freeze, titles)}"
        case Scope.ASSET:
            return f"No order of {stopped(freeze, titles)} is sent"


def line(freeze: Freeze, titles: dict[str, str]) -> str:
    """One freeze that stands, for cards, lists and the status."""
    what = stopped(freeze, titles)
    began = f" {person(freeze.lift_asked_by)} wants to lift it." if freeze.lift_asked_by else ""
    return (
        f"{SIGN} *Frozen: {what}*, by {person(freeze.set_by)} {when(freeze.set_at)}:"
        f" {phrase(freeze.reason)}. {nothing(freeze, titles)} until two"
        f" approvers lift it.{began}"
    )


def message(freeze: Freeze, titles: dict[str, str], lifted: tuple[str, datetime] | None) -> str:
    """The message of a freeze in the channel."""
    if lifted is None:
        return f"{line(freeze, titles)} People may go on to ask and to vote."
    by = listed(dict.fromkeys(person(one) for one in (freeze.lift_asked_by, lifted[0]) if one))
    return (
        f"Lifted: the freeze of {stopped(freeze, titles)} by {person(freeze.set_by)}"
        f" ({phrase(freeze.reason)}) was lifted by {by} {when(lifted[1])}. What waited is sent now"
        " if its approval still stands."
    )


def reply(freeze: Freeze, titles: dict[str, str], subject: str, lifter: str | None) -> str:
    """What is said in the thread of that message, since its edits notify nobody."""
    what = stopped(freeze, titles)
    if subject == "lift asked" and freeze.lift_asked_by:
        return (
            f"{person(freeze.lift_asked_by)} wants to lift the freeze of {what}. A second approver"
            " has to press Unfreeze above, or type `/buy unfreeze`."
        )
    return f"{person(freeze.set_by)}: the freeze of {what} was lifted by {person(lifter or 'bot')}."


def direct(freeze: Freeze, titles: dict[str, str], lifted: tuple[str, datetime] | None) -> str:
    """What an operator is told privately."""
    return message(freeze, titles, lifted)


def answer(frosted: Frosted, titles: dict[str, str]) -> str:
    """What became of a wish to freeze or to lift, told to the person who had it."""
    what = listed(stopped(one, titles) for one in frosted.freezes)
    stops = listed(nothing(one, titles) for one in frosted.freezes)
    match frosted.answer:
        case Frost.NOT_A_MEMBER:
            return f"{STANDINGS[frosted.standing or Standing.UNKNOWN]} Nothing was changed."
        case Frost.NOT_AN_APPROVER:
            return "Only approvers can freeze purchases or lift a freeze. Nothing was changed."
        case Frost.FROZEN:
            return (
                f"{SIGN} Frozen: {what}. {stops} from now on; what has already been sent"
                " cannot be called back. Two approvers lift it with `/buy unfreeze`."
            )
        case Frost.LIFT_ASKED:
            return f"Noted. A second approver has to lift the freeze of {what} as well."
        case Frost.SAME_PERSON:
            return (
                f"You have asked already to lift the freeze of {what}; another approver has to do"
                " the same."
            )
        case Frost.LIFTED:
            also = listed(stopped(one, titles) for one in frosted.asked)
            rest = f" The freeze of {also} needs a second approver." if also else ""
            return f"Lifted: {what}. What waited is sent if its approval still stands.{rest}"
        case Frost.NOT_FROZEN:
            return "Nothing of that is frozen; `/buy status` shows what is."
