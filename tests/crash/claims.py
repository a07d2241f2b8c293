"""What must be true when a drama has ended, whatever was killed in it."""

from bot.playground.messages import Message
from storage import audit
from storage.database import Database
from tests.crash.cases import KEPT, KEYED, Case
from tests.crash.drama import Drama
from tests.crash.people import ENDED, told_how
from tests.stage import BEN, CHANNEL, state_of

ONE = "completed with one purchase"
NOTHING = "ended without a purchase"


def end_of(one: Drama, card: Message) -> str:
    """How it ended, in the words of the table; anything else is a defect."""
    state, bought = state_of(card), len(one.vendor.bought)
    if state == "completed" and bought == 1:
        return ONE
    if state in {"rejected", "failed", "cancelled"} and bought == 0:
        return NOTHING
    return f"{state.replace('_', ' ')} with {bought} purchases"


def ends_told(one: Drama) -> set[str]:
    """Every end that any card has ever shown."""
    told = [version.metadata for copy in one.stage.cards() for version in copy.history]
    told += [copy.metadata for copy in one.stage.cards()]
    return {data["event_payload"]["state"] for data in told if data} & ENDED


def broken(one: Drama, card: Message, *, keyed: bool = True) -> list[str]:
    """Every promise that was not kept; empty is good. The bot has been stopped before."""
    vendor = one.vendor
    orders = one.rows("SELECT id, state, key FROM orders")
    voters = {row["voter"] for row in one.rows("SELECT voter FROM votes")}
    open_attempts = one.rows("SELECT number FROM attempts WHERE ended_at IS NULL")
    attempts = one.rows("SELECT key, body FROM attempts")
    known = {row["ts"] for row in one.rows("SELECT ts FROM cards")}
    spare = [copy for copy in one.stage.cards() if copy.ts not in known]
    claims = {
        "one order": len(orders) == 1,
        "at most one purchase": len(vendor.entries) <= 1,
        "at most one is paid": len(vendor.bought) <= 1,
        "completed is what was delivered": state_of(card) != "completed" or bool(one.delivered),
        "one person is told how to pay": len(told_how(one.stage)) <= 1,
        "paid once at the counter, for a purchase": not vendor.has_counter
        or len(one.handed) == len(vendor.bought),
        "the end is true": end_of(one, card) in {ONE, NOTHING},
        "one key": vendor.keys | {row["key"] for row in attempts} <= {row["key"] for row in orders},
        "one body": len({*vendor.posts, *(row["body"] for row in attempts)}) <= 1,
        "sent again only under a key": keyed or len(vendor.posts) <= 1,
        "nothing sent that was not written down": len(vendor.posts) <= len(attempts),
        "Ben's vote": voters == {BEN},
        "the card is true": [row["state"] for row in orders] == [state_of(card)],
        "no card ever told another end": ends_told(one) == {state_of(card)},
        "every attempt has an end": not open_attempts,
        "at most one spare copy": len(spare) <= 1,
        "the cards stand in the channel": card.channel == CHANNEL,
    }
    return [claim for claim, kept in claims.items() if not kept]


async def audit_broken(one: Drama) -> list[str]:
    """What the chained log says about itself; empty is good."""
    db = await Database.open(one.stage.folder / "countersign.db")
    try:
        wrong = await db.read(audit.verify)
    finally:
        await db.close()
    return [] if wrong is None else [f"audit: {wrong}"]


def settled(one: Drama) -> bool:
    """Two people have said what became of it."""
    said = "('settled_bought', 'settled_not_bought')"
    return bool(one.rows(f"SELECT 1 FROM events WHERE event IN {said}"))


def asked_again(one: Drama) -> bool:
    """People had to approve it twice."""
    return bool(one.rows("SELECT 1 FROM events WHERE event = 'asked_again'"))


def unlike(one: Drama, case: Case, card: Message) -> list[str]:
    """What did not go as the case says; empty is good."""
    claims = {
        f"the bot died {case.deaths} times, not {one.died}": one.died == case.deaths,
        "the fault struck": case.fault == KEPT or one.vendor.struck or not case.strikes,
        "the expected end": (end_of(one, card) == ONE) == case.buys,
        "people settled it" if case.settled else "nobody had to settle it": settled(one)
        == case.settled,
        "approved again" if case.asked_again else "approved once": asked_again(one)
        == case.asked_again,
    }
    keyed = case.vendor in KEYED
    return broken(one, card, keyed=keyed) + [claim for claim, kept in claims.items() if not kept]
