"""The five stories that the page can play. What is waited for is read off the cards and the wires.

Amounts differ with each playing, because the bot asks back when somebody repeats a request.
"""

from collections.abc import Sequence

from bot.playground.furniture import ANA, BEN, CLEO, DAN, PEOPLE
from bot.playground.page.scenes import Scene, Stage, Step, Until
from commands.cards import APPROVE, CHECK, HAVE_PAID, WILL_PAY
from commands.payments import CODE

WAITING = {"", "pending_approval"}

NAMES = {one["id"]: one["name"] for one in PEOPLE}


def types(user: str, words: str, says: str, until: Until) -> Step:
    """Somebody types ``/buy`` and these words."""
    return Step(
        says=says,
        who=user,
        button=f"Type it as {NAMES[user]}",
        hand={"types": words},
        deed=lambda stage: stage.types(user, words),
        until=until,
    )


def presses(user: str, action: str, label: str, says: str, until: Until) -> Step:
    """Somebody presses a button of the card."""
    return Step(
        says=says,
        who=user,
        button=f"Press {label} as {NAMES[user]}",
        hand={"presses": action},
        deed=lambda stage: stage.presses(user, action),
        until=until,
    )


def asks(words: str, says: str, provider: str = "Kriptomat") -> Step:
    """Ana asks for a purchase."""
    return types(ANA, words, says, lambda stage: stage.asked(ANA, provider))


def approves(user: str, says: str) -> Step:
    """One approval is enough for what is asked here."""
    return presses(user, APPROVE, "Approve", says, lambda stage: stage.state not in WAITING)


def waits(says: str, *states: str) -> Step:
    """The bot's turn, until the card says one of these."""
    return Step(says=says, until=lambda stage: stage.state in states)


def _approve(nth: int) -> Sequence[Step]:
    return [
        asks(
            f"{300 + nth} EUR btc via kriptomat for cold storage",
            "Ana asks for a purchase. The bot posts a card that says who must agree.",
        ),
        presses(
            DAN,
            APPROVE,
            "Approve",
            "Dan is a guest. He presses Approve: it does not count, and he alone is told why.",
            lambda stage: stage.told(DAN) or stage.state not in WAITING,
        ),
        approves(BEN, "Ben reads the card and approves. His vote is for exactly this card."),
        waits("The order is written down, then sent to Kriptomat, once.", "completed"),
        Step(
            says="Ana types /buy status and the number of the order, and gets its whole story.",
            who=ANA,
            button="Type it as Ana",
            deed=_status,
            until=lambda stage: stage.told(ANA),
        ),
    ]


async def _status(stage: Stage) -> None:
    await stage.types(ANA, f"status {stage.order}")


def _lost(nth: int) -> Sequence[Step]:
    return [
        Step(
            says="Break Kriptomat: it buys, the connection is cut, and its list fails too.",
            button="Break it",
            hand={"behind": "providers", "vendor": "kriptomat"},
            deed=_break,
            until=lambda stage: _standing(stage, "buy", "reply lost"),
        ),
        asks(f"{400 + nth} EUR btc via kriptomat", "Ana asks for a purchase."),
        approves(BEN, "Ben approves."),
        waits(
            "The reply is lost. The card says “in doubt”: not failed, and not sent again.",
            "in_doubt",
            "accepted",
            "completed",
        ),
        Step(
            says="Look at Kriptomat's ledger: it has bought. Now let it answer again.",
            button="Mend it",
            hand={"behind": "providers", "vendor": "kriptomat"},
            deed=_mend,
            until=lambda stage: not _standing(stage, "list", "500 before"),
        ),
        presses(
            ANA,
            CHECK,
            "Check again",
            "Ana has it looked up at once, instead of waiting for the bot's next look.",
            lambda stage: stage.state in {"accepted", "completed"},
        ),
        waits("It was found under the order's own key.", "completed"),
    ]


def _standing(stage: Stage, op: str, fault: str) -> bool:
    return stage.playground.kriptomat.faults.armed()[op]["standing"] == fault


async def _break(stage: Stage) -> None:
    stage.playground.kriptomat.faults.standing("buy", "reply lost")
    stage.playground.kriptomat.faults.standing("list", "500 before")


async def _mend(stage: Stage) -> None:
    stage.playground.kriptomat.faults.clear()


def _crash(nth: int) -> Sequence[Step]:
    return [
        Step(
            says="Let Kriptomat buy and then keep silent, so that there is time for a disaster.",
            button="Prepare it",
            hand={"behind": "providers", "vendor": "kriptomat"},
            deed=_silence,
            until=lambda stage: _standing(stage, "buy", "hang after"),
        ),
        asks(f"{500 + nth} EUR btc via kriptomat", "Ana asks for a purchase."),
        approves(BEN, "Ben approves."),
        Step(
            says="Kriptomat has bought. The bot does not know yet: it waits for the reply.",
            until=lambda stage: len(stage.playground.kriptomat.purchases) > stage.booked,
        ),
        Step(
            says="Kill the bot's process with signal 9. It can say and save nothing any more.",
            button="kill -9",
            hand={"behind": "machine"},
            deed=_kill,
            until=lambda stage: not stage.playground.bot.running or _restarted(stage),
        ),
        Step(
            says="Start it again. It finds an order that was being sent when it died.",
            button="Start it again",
            hand={"behind": "machine"},
            deed=_restart,
            until=lambda stage: _restarted(stage) and not _standing(stage, "buy", "hang after"),
        ),
        waits("It looks before it leaps: the purchase is found, not made again.", "completed"),
    ]


async def _silence(stage: Stage) -> None:
    stage.playground.kriptomat.faults.standing("buy", "hang after")


async def _kill(stage: Stage) -> None:
    await stage.curtain.do({"do": "kill"})


async def _restart(stage: Stage) -> None:
    stage.playground.kriptomat.faults.clear()
    await stage.curtain.do({"do": "start"})


def _restarted(stage: Stage) -> bool:
    return stage.playground.bot.running and stage.playground.bot.starts > stage.starts


def _pay(nth: int) -> Sequence[Step]:
    return [
        asks(
            f"{5100 + nth} PHP btc via coins",
            "Ana asks for bitcoin at Coins.ph, which wants to be paid after the order.",
            "Coins.ph",
        ),
        approves(BEN, "Ben approves."),
        Step(
            says="The bot places the order, and compares what came back with what was approved.",
            until=lambda stage: stage.state in {"awaiting_payment", "accepted", "completed"},
        ),
        presses(
            CLEO,
            WILL_PAY,
            "I will pay",
            "Cleo takes it on. Only she is told how and by when; nobody pays twice.",
            lambda stage: not stage.shows(WILL_PAY),
        ),
        Step(
            says="She has paid at the counter, and types the code on her receipt.",
            who=CLEO,
            button="Press I have paid as Cleo",
            hand={"presses": HAVE_PAID},
            deed=_paid,
            until=lambda stage: not stage.shows(HAVE_PAID),
        ),
        waits("Coins.ph releases the bitcoin; the card shows how much.", "completed"),
    ]


async def _paid(stage: Stage) -> None:
    card = stage.card
    if card is not None:
        outcome = await stage.playground.slack.click(CLEO, card, HAVE_PAID)
        await stage.playground.slack.submit(CLEO, await outcome.opened(), {CODE: "OR-4711"})


def _freeze(nth: int) -> Sequence[Step]:
    return [
        types(
            BEN,
            "freeze we are being phished",
            "Ben smells a rat. One word of one approver stops everything.",
            lambda stage: stage.frozen,
        ),
        asks(f"{600 + nth} EUR btc via kriptomat", "Ana does not know, and asks for a purchase."),
        approves(CLEO, "Cleo approves. The vote counts, but nothing may be sent."),
        types(
            BEN,
            "unfreeze",
            "The card says that it waits, and why. It was a false alarm: Ben asks to lift the"
            " freeze, which he cannot do alone.",
            lambda stage: stage.heard("wants to lift the freeze") or not stage.frozen,
        ),
        types(CLEO, "unfreeze", "Cleo agrees. That makes two.", lambda stage: not stage.frozen),
        waits("What was approved goes out by itself.", "completed"),
    ]


BOOK = (
    Scene(
        name="approve",
        title="Two people buy",
        says="Ana asks, Ben approves, the bot buys once. Somebody who may not vote tries to.",
        closing="One purchase, asked for by one person and approved by another. Open Providers:"
        " Kriptomat's own ledger has exactly one line for it, under the order's own key.",
        steps=_approve,
    ),
    Scene(
        name="lost",
        title="The reply is lost",
        says="Kriptomat buys, and the answer never arrives. Was it bought?",
        closing="“We do not know” was a state of its own, and evidence ended it. Kriptomat was"
        " asked to buy once and has one purchase.",
        steps=_lost,
    ),
    Scene(
        name="crash",
        title="The machine dies in the middle",
        says="kill -9 between the purchase and the reply. Then the bot starts again.",
        closing="The order's key and the exact request were on the disk before the first byte"
        " left; that is why the bot could find its purchase. Kriptomat has one, not two.",
        steps=_crash,
    ),
    Scene(
        name="pay",
        title="Somebody has to pay",
        says="Coins.ph wants its money after the order. One person pays, and says so.",
        closing="One named payer, instructions for her alone, and a deadline that the card knows.",
        steps=_pay,
    ),
    Scene(
        name="freeze",
        title="Stop everything",
        says="One approver freezes all sending at once. Two people lift it.",
        closing="The freeze was read in the very transaction that would have sent the order.",
        steps=_freeze,
    ),
)
