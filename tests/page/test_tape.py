"""What went over the wires is shown whole and in order, and no secret is in it."""

import json
import re
from typing import Any

import pytest

from bot.playground.furniture import ANA, CHANNEL
from bot.playground.ground import Vendor
from bot.playground.page.tape import KEPT, Tape
from bot.playground.slack import PretendSlack
from providers.sandbox.wire import HttpCall, Wire
from tests.page.conftest import House

Json = dict[str, Any]


def lines(tape: Tape) -> list[Json]:
    """As the page gets them."""
    return [json.loads(text) for text in tape.lines().values()]


async def test_both_kinds_of_wire_stand_in_one_numbered_row(slack: PretendSlack) -> None:
    """Cause and effect are read off the order: the vote, the request, the answer, the card."""
    wire = Wire()
    tape = Tape(slack.traffic, {"kriptomat": ("Kriptomat", wire)})
    slack.traffic.note(slack.workspace.clock(), "to bot", "socket", "interactive", {"a": 1})
    assert [one["seq"] for one in lines(tape)] == [1]
    call = HttpCall(1, slack.workspace.clock(), "POST", "/buy", {"b": 2}, "key-1")
    wire.total = 1
    wire.append(call)
    slack.traffic.note(slack.workspace.clock(), "from bot", "api", "chat.update", {"c": 3})

    shown = lines(tape)
    assert [one["seq"] for one in shown] == [1, 2, 3]
    assert {(one["from"], one["to"], one["name"]) for one in shown} == {
        ("Slack", "Bot", "interactive"),
        ("Bot", "Slack", "chat.update"),
        ("Bot", "Kriptomat", "POST /buy"),
    }


async def test_a_call_that_hangs_is_seen_hanging_and_keeps_its_number(slack: PretendSlack) -> None:
    """It is the moment in which one wants to pull the plug."""
    wire = Wire()
    tape = Tape(slack.traffic, {"oak": ("Oak Network", wire)})
    call = HttpCall(1, slack.workspace.clock(), "POST", "/buy", None, None)
    wire.total = 1
    wire.append(call)
    (before,) = lines(tape)
    call.status, call.got = "200", {"ok": True}
    (after,) = lines(tape)

    assert (before["status"], after["status"]) == ("no answer yet", "200")
    assert before["seq"] == after["seq"]
    assert after["payload"]["answered"] == {"ok": True}


async def test_only_the_last_entries_are_kept(slack: PretendSlack) -> None:
    """A demo that is left running over a weekend must not slow down."""
    tape = Tape(slack.traffic, {})
    for number in range(KEPT + 50):
        slack.traffic.note(slack.workspace.clock(), "to bot", "socket", str(number), None)

    assert len(lines(tape)) == KEPT
    assert lines(tape)[-1]["name"] == str(KEPT + 49)


SECRET = re.compile("SECRET|PASSWORD|TOKEN|API_KEY")


@pytest.mark.asyncio(loop_scope="session")
async def test_no_secret_of_a_real_playground_is_on_the_tape(house: House) -> None:
    """After a real login everywhere: tokens, passwords, keys and one-time codes stay hidden."""
    ground = house.playground
    stands: dict[str, Vendor] = {
        "kriptomat": ground.kriptomat,
        "coins_ph": ground.coins_ph,
        "oak": ground.oak,
    }
    await ground.slack.slash(ANA, "/buy", "providers", channel=CHANNEL)
    tape = Tape(ground.slack.traffic, {name: (name, one.wire) for name, one in stands.items()})
    text = json.dumps(lines(tape), ensure_ascii=False)
    hidden = [ground.slack.bot_token, ground.slack.app_token, "/respond/", "ticket=ticket"]
    for vendor in stands.values():
        hidden += [value for name, value in vendor.credentials.items() if SECRET.search(name)]

    assert "slash_commands" in text
    assert "apps.connections.open" in text
    assert len(hidden) > 8
    assert [one for one in hidden if one in text] == []
