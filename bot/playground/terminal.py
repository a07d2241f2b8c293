"""``countersign demo`` in a terminal: type as any of the people, see what everybody sees.

One line, one deed: ``ana /buy 250 EUR btc via kriptomat``, ``ben approve``, ``quit``. A button is
called as it is labelled, or by a short name, and pressed on the newest card that has it, or on the
card of the order or schedule that is named.
"""

import asyncio
import contextlib
import os
import re
import stat
import sys

from bot.domain.schedule_votes import Verb
from bot.playground.furniture import CHANNEL
from bot.playground.ground import Playground
from bot.playground.messages import Message
from bot.playground.views import View
from commands import buy, cards, doubts, form_view, schedule_cards

BUTTONS = {
    "check": cards.CHECK,
    "pay": cards.WILL_PAY,
    "paid": cards.HAVE_PAID,
    "yes": buy.REPEAT,
    "no": buy.LEAVE,
    "skip": schedule_cards.CHANGE[Verb.SKIP],
}
"""Short names, and the button that is meant by each."""

NUMBER = re.compile(r"(BUY|REC)-\w+", re.IGNORECASE)

HELP = """\
You are everybody in this pretend workspace. Type a line, for example:
  ana /buy 250 EUR btc via kriptomat
  ben approve                (any button by its label; BUY-7K3FQ behind it picks a card)
  ana /buy status
  ana /buy every friday at 9:00 50 EUR btc via kriptomat runs 12;  ana create
  ben approve;  ana pause;  ana resume;  ana skip the next;  ana stop
  bot kill                   (kill -9 of the bot's process; then: bot start)
  ana /buy 25 USD usdc via oak;  ana /buy 5000 PHP btc via coins
  cleo pay;  cleo paid       (where somebody has to pay)
  vendor silent              (they buy, and no reply arrives; then: vendor well)
  ana check                  (an order in doubt: ask the vendor again)
  ben settle bought 1        (or: ben settle not bought; then: cleo confirm, or object)
  ana yes                    (or no: the answer to a private question)
  ben /buy freeze just trying;  ben /buy unfreeze;  cleo /buy unfreeze
  quit
People: ana, ben and cleo may ask; ben and cleo approve; dan is a guest, eve of another company."""


async def take_lines(playground: Playground) -> bool:
    """Read lines until ``quit`` (then True) or the end of the input.

    Messages are printed here as well from the first line on; before it, the page is enough.
    """
    watching: asyncio.Task[None] | None = None
    if not _can_be_waited_for():
        return False
    reader = await _stdin()
    try:
        while line := (await reader.readline()).decode(errors="replace"):
            words = line.split()
            if words in (["quit"], ["exit"]):
                return True
            if words and watching is None:
                watching = asyncio.create_task(_watch(playground), name="reporter")
            if words == ["help"]:
                playground.console.print(HELP, markup=False)
            elif words:
                await _do(playground, words)
        return False
    finally:
        if watching is not None:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching


def _can_be_waited_for() -> bool:
    """A terminal, a pipe or a socket; neither a file nor /dev/null."""
    mode = os.fstat(sys.stdin.fileno()).st_mode
    return sys.stdin.isatty() or stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


async def _stdin() -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    return reader


async def _watch(playground: Playground) -> None:
    """Print whatever changes, for as long as the demo runs."""
    while True:
        with contextlib.suppress(TimeoutError):
            await playground.reporter.until(lambda: False, seconds=3600)


async def _do(playground: Playground, words: list[str]) -> None:
    who, *rest = words
    try:
        if who.lower() == "bot":
            await _bot(playground, " ".join(rest))
        elif who.lower() == "vendor":
            _vendor(playground, " ".join(rest))
        else:
            await _act(playground, *_person(playground, words), rest)
    except LookupError as error:
        playground.console.print(f"({error.args[0] if error.args else error})", markup=False)


async def _act(playground: Playground, user: str, name: str, words: list[str]) -> None:
    """Somebody types a command or presses a button."""
    if words[0].startswith("/"):
        command, *rest = words
        outcome = await playground.slack.slash(user, command, " ".join(rest), channel=CHANNEL)
        said: list[str] = []
    else:
        said = words[1:] if words[0].lower() == cards.SETTLE else []
        label = " ".join(words[: len(words) - len(said)])
        card, button = _card(playground, user, label)
        outcome = await playground.slack.click(user, card, button)
    if outcome.error:
        playground.console.print(f"(Slack shows {name}: {outcome.error})", markup=False)
    elif isinstance(outcome.view, View):
        await _fill_in(playground, user, outcome.view, said)


async def _fill_in(playground: Playground, user: str, view: View, said: list[str]) -> None:
    """Hand a small form in: a denial without a reason, or what was said; a long one stays open."""
    if view.callback_id == form_view.VIEW:
        hint = "a form has opened; fill it in on the page, or type it all: /buy 250 EUR btc"
        playground.console.print(f"({hint})", markup=False)
        return
    answers: dict[str, str] = {}
    if view.callback_id == doubts.SETTLE_VIEW:
        bought = said[:1] == ["bought"]
        answers = {
            doubts.WHAT: doubts.YES if bought else doubts.NO,
            doubts.BECAUSE: "I looked at the vendor's books",
        }
        if bought and len(said) > 1:
            answers[doubts.REF] = said[1]
    outcome = await playground.slack.submit(user, view, answers)
    for complaint in outcome.view_errors.values():
        playground.console.print(f"(the form says: {complaint})", markup=False)


def _vendor(playground: Playground, what: str) -> None:
    """Let the vendor fall silent after it has bought, and recover."""
    vendors = (playground.kriptomat, playground.coins_ph, playground.oak)
    for vendor in vendors:
        vendor.faults.clear()
    if what == "silent":
        for vendor in vendors:
            vendor.faults.standing("buy", "reply lost")
            vendor.faults.standing("list", "500 before")
        playground.console.print("(the vendors buy and say nothing; “vendor well” mends it)")
    elif what == "well":
        playground.console.print("(the vendors answer again)")
    else:
        playground.console.print("(vendor silent, or vendor well)")


async def _bot(playground: Playground, what: str) -> None:
    if what == "kill":
        await playground.bot.kill()
        playground.console.print("(the bot is dead; “bot start” brings it back)")
    elif what == "start" and not playground.bot.running:
        await playground.bot.start()
        await playground.slack.wait_connected(timeout=20)
        playground.console.print("(the bot is back)")
    else:
        playground.console.print("(bot kill, or bot start once it is dead)")


def _person(playground: Playground, words: list[str]) -> tuple[str, str]:
    """The id and the name of whoever the line begins with."""
    name, *rest = words
    if name.startswith("/"):
        raise LookupError(f"who types that? for example: ana {' '.join(words)}")
    if not rest:
        raise LookupError(f"what does {name} do? help shows examples")
    for person in playground.slack.workspace.people.values():
        if person.name.lower() == name.lower():
            return person.id, person.name
    raise LookupError(f"nobody here is called {name}; ana, ben, cleo, dan and eve are")


def _card(playground: Playground, user: str, words: str) -> tuple[Message, str]:
    """The newest message that has this button (and is of this number), and its action id."""
    label, _, last = words.rpartition(" ")
    number = last.upper() if label and NUMBER.fullmatch(last) else ""
    label = (label if number else words).lower()
    told = [m for m in playground.slack.workspace.private_messages if m.ephemeral_to == user]
    for message in [*reversed(told), *reversed(playground.slack.messages(CHANNEL))]:
        payload = (message.metadata or {}).get("event_payload", {})
        if number and number not in (payload.get("order"), payload.get("schedule")):
            continue
        for button in message.buttons():
            names = (button["action_id"], button["text"]["text"].lower())
            if label in names or BUTTONS.get(label) in names:
                return message, button["action_id"]
    raise LookupError(f"no card here has a button “{label}”; type a command with /buy")
