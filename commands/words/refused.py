"""A request that is refused before anybody is asked, always in four parts.

Which rule or limit refuses and why, what was asked, what would be allowed, and what to do. The
table in ``docs/policy.md`` is made of the same parts, from refusals that really happen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.people import Standing, is_usergroup
from bot.domain.policy import Absent, Denied, Fault, Mismatch, Requirement, Tried
from bot.domain.requests import Refusal
from commands.render import words
from commands.words import budgets, count, escape, listed, people, person
from commands.words.unable import ADMINISTRATOR, UNABLE, Parts

NOTHING = "Nothing was requested."

TRIED_AT_MOST = 10
"""Rules named in one refusal; `/buy policy` shows all of them."""

ABSENT_AT_MOST = 10
"""People named who cannot vote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class No:
    """The parts of a refusal: sentences, but for ``asked`` and ``allowed``, which are phrases."""

    reason: str
    asked: str
    allowed: str
    todo: str

    @property
    def text(self) -> str:
        """All of it, a line each, so that it is read at a glance."""
        return (
            f"{self.reason}\n*Asked:* {self.asked}\n*Allowed:* {self.allowed}\n*To do:* {self.todo}"
        )


STANDINGS = {
    Standing.GUEST: "Guests of this workspace cannot ask for purchases or decide on them.",
    Standing.BOT: "Apps cannot ask for purchases or decide on them.",
    Standing.DEACTIVATED: "This account is deactivated.",
    Standing.STRANGER: "Only members of this workspace can ask for purchases or decide on them;"
    " your account belongs to another one.",
    Standing.UNKNOWN: "I do not know you yet and am asking Slack who you are. Please try again in"
    " a few seconds.",
}
"""Why somebody is not a full member."""


def sentence(refusal: Refusal, titles: Mapping[str, str]) -> str:
    """What is wrong, what was asked, what would be allowed, what to do; nothing has happened.

    ``titles``: the providers' names as people say them.
    """
    return f"{parts(refusal, titles).text}\n{NOTHING}"


def parts(refusal: Refusal, titles: Mapping[str, str]) -> No:
    """The same in its four parts."""
    asked = _asked(refusal)
    if refusal.denied is not None:
        return _denied(refusal.denied, refusal, asked, titles)
    able = budgets.parts(refusal.short) if refusal.short else UNABLE[refusal.why](refusal)
    reason, allowed, todo = able
    because = f" {refusal.because}" if refusal.because else ""
    return No(reason=reason + because, asked=asked, allowed=allowed, todo=todo)


def _asked(refusal: Refusal) -> str:
    """The words in their canonical form; without them what is known of them."""
    if refusal.said is None:
        return escape(refusal.given) or "this"
    said = escape(_plain(words(replace(refusal.said, reason=None))))
    why = "" if refusal.said.reason is None else ", with a reason"
    cost = f", which may cost {escape(refusal.given)} with fees" if refusal.costs else ""
    return f"`{said}`{why}{cost}"


def _plain(line: str) -> str:
    """``words`` writes as Slack sends; here it is escaped again."""
    return line.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _denied(no: Denied, refusal: Refusal, asked: str, titles: Mapping[str, str]) -> No:
    """Why the policy refuses."""
    rule = "" if no.rule is None else f"Rule “{escape(no.rule.name)}”"
    match no.fault:
        case Fault.NOT_A_MEMBER:
            unknown = no.standing in {None, Standing.UNKNOWN}
            told = (
                STANDINGS[no.standing or Standing.UNKNOWN],
                "requests by full members of this workspace",
                "Try again in a few seconds." if unknown else "Ask one of them to ask for it.",
            )
        case Fault.REASON_MISSING:
            told = (
                f"{rule} wants a reason.",
                "the same with a reason",
                "Add `for` and say why, at the end.",
            )
        case Fault.NO_PRICE:
            told = _no_price(no, refusal, rule)
        case Fault.NO_BUDGET:
            reason = f"No budget covers {escape(refusal.given)} at {refusal.provider} for you."
            told = (
                reason,
                "what a budget of `/buy budget` covers",
                f"Ask {ADMINISTRATOR} for a budget that covers it.",
            )
        case Fault.TOO_FEW_APPROVERS:
            told = _too_few(no, rule)
        case Fault.NO_RULE:
            told = _no_rule(no, refusal, titles)
    return No(reason=told[0], asked=asked, allowed=told[1], todo=told[2])


def _no_price(no: Denied, refusal: Refusal, rule: str) -> Parts:
    tells_none = f"and {refusal.provider} tells none before buying"
    if no.rule is not None and no.rule.quote_required:
        return (
            f"{rule} wants a price before people are asked, {tells_none}.",
            "the same at a provider that tells a price",
            f"Name another provider with `via`, or ask {ADMINISTRATOR} to set its `quote`.",
        )
    return (
        f"`max` needs a price to be held against, {tells_none}: it would protect nothing.",
        "the same without `max`, or at a provider that tells a price",
        "Leave `max` out, or name another provider with `via`.",
    )


def _too_few(no: Denied, rule: str) -> Parts:
    """How many are needed, who there is, who is missing and why."""
    needed = () if no.rule is None else no.rule.approvals
    there = f"only {people(no.able, at_most=20)} could vote" if no.able else "nobody could vote"
    lost = cannot_vote(no.absent)
    why = f" Cannot vote: {'; '.join(lost)}." if lost else ""
    reason = f"{rule} needs {needs(needed)}, and {there} on this request of yours."
    return (
        f"{reason} Missing: {needs(no.missing)}.{why}",
        f"the same once {needs(no.missing)} can vote as well",
        f"Ask {ADMINISTRATOR} to name more approvers, or somebody else to ask for it.",
    )


def cannot_vote(lost: Sequence[Absent], asker: str | None = None) -> list[str]:
    """Who is named and cannot vote, and why. ``asker``: whoever asked, when somebody else reads."""
    told = [_absent(one, asker) for one in lost[:ABSENT_AT_MOST]]
    more = len(lost) - len(told)
    return [*told, f"{more} more"] if more > 0 else told


def _absent(one: Absent, asker: str | None) -> str:
    if is_usergroup(one.who):
        return f"the user group {escape(one.who)}, empty or unknown at Slack"
    match one.standing:
        case Standing.MEMBER:
            return "you, on your own request" if asker is None else f"{asker}, who asked for it"
        case Standing.UNKNOWN:
            return f"{person(one.who)}, unknown at Slack"
        case Standing.STRANGER:
            return f"{person(one.who)}, of another workspace"
        case Standing.DEACTIVATED:
            return f"{person(one.who)}, deactivated"
        case _:
            return f"{person(one.who)}, a {one.standing.value}"


def _no_rule(no: Denied, refusal: Refusal, titles: Mapping[str, str]) -> Parts:
    tried = [f"• {why_not(one, refusal.given, titles)}" for one in no.tried[:TRIED_AT_MOST]]
    if (more := len(no.tried) - len(tried)) > 0:
        tried.append(f"• … and {more} more")
    lines = "\n".join(tried) or "• there is no rule at all"
    amounts = [one.rule.up_to for one in no.tried if one.mismatch is Mismatch.AMOUNT]
    if amounts:
        most = max(amounts, key=lambda one: one.amount).human
        return (
            f"No rule of the policy allows this:\n{lines}",
            f"up to {most} with fees",
            f"Ask for something that may cost at most {most}, fees included.",
        )
    if no.tried and all(one.mismatch is Mismatch.REQUESTER for one in no.tried):
        groups = dict.fromkeys(group for one in no.tried for group in one.rule.requesters or ())
        them = listed(map(escape, groups), "or")
        reason = f"No rule of the policy allows this:\n{lines}"
        return reason, f"requests by members of {them}", "Ask one of them to ask for it."
    todo = f"Ask for something that one of them takes, or ask {ADMINISTRATOR} for another rule."
    return f"No rule of the policy allows this:\n{lines}", "what one of these rules takes", todo


def needs(requirements: tuple[Requirement, ...]) -> str:
    """``1 person from approvers and 2 people from board``."""
    return listed(
        f"{count(need.count, 'person', 'people')} from {escape(need.group)}"
        for need in requirements
    )


def why_not(tried: Tried, cost: str, titles: Mapping[str, str], *, asker: str | None = None) -> str:
    """Why one rule does not fit; ``cost`` with fees, in words. ``asker``: see ``cannot_vote``."""
    rule = tried.rule
    name = f"“{escape(rule.name)}”"
    match tried.mismatch:
        case Mismatch.REQUESTER:
            who = "you are" if asker is None else f"{asker} is"
            return f"{name} is for {listed(rule.requesters or ())}, and {who} not among them."
        case Mismatch.PROVIDER:
            places = [titles.get(one, escape(one)) for one in rule.providers or ()]
            return f"{name} is for {listed(places, 'or')}."
        case Mismatch.ASSET:
            assets = [asset.upper() for asset in rule.assets or ()]
            return f"{name} is for {listed(assets)}."
        case Mismatch.CURRENCY:
            return f"{name} is for orders in {rule.up_to.currency}."
        case Mismatch.AMOUNT:
            return f"{name} allows up to {rule.up_to.human}; this may cost {escape(cost)}."
        case None:
            return f"{name} fits."
