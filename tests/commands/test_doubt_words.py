"""What people read of doubts, freezes, providers and repetitions: true, finished and harmless."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.capabilities import Health, Lookup
from bot.domain.evidence import Ground, Looks, Shown
from bot.domain.freezes import Freeze, Scope
from bot.domain.orders import Alike, Order, Proposal, State
from bot.domain.voting import Answer, Verdict
from bot.workflow.freezing import Frost, Frosted
from commands import freezing as freezing_commands
from commands.cards import card
from commands.limits import validate_message
from commands.words import clicks, doubts, freezing, notices, providers, requests
from tests.commands.made import ANA, BEN, CLEO, NASTY, NOW, SETTING, SHEET, brackets, order
from tests.commands.test_words import finished

TITLES = SETTING.titles


def looks(shown: Shown, ground: Ground, *refs: str) -> Looks:
    return Looks(count=3, first_at=NOW, last_at=NOW, shown=shown, ground=ground, refs=refs)


def doubted(**changes: Any) -> Order:
    """An order in doubt that was sent once."""
    given: dict[str, Any] = {
        "attempts": 1,
        "first_sent_at": NOW,
        "valid_until": NOW + timedelta(hours=1),
        "due_at": NOW + timedelta(minutes=5),
        "doubted": True,
        "note": "no reply",
    }
    return order(State.IN_DOUBT, **{**given, **changes})


def said(**changes: Any) -> Proposal:
    given: dict[str, Any] = {
        "bought": True,
        "ref": "812",
        "by": BEN,
        "at": NOW,
        "because": "in their app",
    }
    return Proposal(**{**given, **changes})


@pytest.mark.parametrize("ground", Ground)
def test_every_rule_of_evidence_is_told_in_words(ground: Ground) -> None:
    """A rule without a clause raises, and a card that raises is seen by nobody."""
    shown = Shown.CANDIDATES if ground is not Ground.NOT_LISTED else Shown.NOTHING
    told = doubts.known(doubted(looks=looks(shown, ground, "812")), SHEET)
    assert doubts.GROUNDS[ground] in told or ground is Ground.NO_LISTING
    assert all(finished(line) for line in told.split("\n")[1:])


@pytest.mark.parametrize(
    ("sheet", "part"),
    [
        (SHEET, "a purchase may be listed late"),
        (replace(SHEET, key_lifetime=None), "sending it again could buy it twice"),
        (replace(SHEET, key_lifetime=None, free_until_paid=True), "costs nothing"),
    ],
)
def test_what_absence_means_follows_from_the_sheet(sheet: Any, part: str) -> None:
    """Nobody asks which vendor it is."""
    one = doubted(looks=looks(Shown.NOTHING, Ground.NOT_LISTED))
    assert part in doubts.known(one, sheet)


@pytest.mark.parametrize("lookup", Lookup)
def test_a_button_to_look_again_stands_only_where_there_is_something_to_look_at(
    lookup: Lookup,
) -> None:
    """The sheet decides: a vendor without a list can only be asked by people."""
    sheets = {"kriptomat": replace(SHEET, lookup=lookup)}
    shown = json.dumps(card(doubted(), replace(SETTING, sheets=sheets)).blocks)
    assert ("Check again" in shown) is (lookup is not Lookup.NONE)
    assert "Settle" in shown
    alone = card(doubted(), replace(SETTING, sheets={}))
    assert "is not set up here any more" in json.dumps(alone.blocks)


def test_the_promise_to_send_again_is_made_only_while_it_is_kept() -> None:
    """After a proposal, after a restore, or without a key nothing is sent again."""
    promise = "I may send the same request again"
    assert promise in doubts.known(doubted(), SHEET)
    for one, sheet in (
        (doubted(proposal=said()), SHEET),
        (doubted(settled_by=(BEN, CLEO)), SHEET),
        (doubted(attempts=0, first_sent_at=None), SHEET),
        (doubted(proven=True), SHEET),
        (doubted(), replace(SHEET, key_lifetime=None)),
    ):
        assert promise not in doubts.known(one, sheet)


@pytest.mark.parametrize("bought", [True, False])
@pytest.mark.parametrize("subject", ["proposed", "settled", "lapsed", "reopened", "reversed",
                                     "late evidence"])  # fmt: skip
def test_every_notice_about_a_settlement_is_finished_and_harmless(
    subject: str, bought: bool
) -> None:
    """What people typed into the form is foreign text like a vendor's."""
    ref = "812" if bought else None
    one = doubted(proposal=said(bought=bought, ref=ref, because=NASTY), note=NASTY, ref=ref)
    for told in (
        notices.notice(one, subject, NASTY, "Kriptomat"),
        notices.direct(one, subject, NASTY, "Kriptomat"),
    ):
        assert finished(told)
        assert one.id in told
        assert brackets(told) == []


def test_a_card_full_of_foreign_text_is_one_that_slack_takes() -> None:
    """The longest reasons, references and notes at once."""
    one = doubted(
        proposal=said(ref="9" * 64, because=NASTY * 3),
        note=NASTY * 3,
        looks=looks(Shown.CANDIDATES, Ground.MAYBE_ANOTHERS, *("9" * 64 for _ in range(5))),
        alike=tuple(Alike(id="BUY-00001", requester=ANA, at=NOW) for _ in range(5)),
    )
    frost = Freeze(id=1, scope=Scope.EVERYTHING, name="", reason=NASTY * 3, set_by=BEN, set_at=NOW)
    message = card(one, replace(SETTING, freezes=(frost,)))
    assert validate_message(message.text, message.blocks, metadata=message.metadata) == []
    told = freezing_commands.message(frost, TITLES, None)
    assert validate_message(told.text, told.blocks) == []


@pytest.mark.parametrize("answer", Frost)
def test_every_answer_to_a_freeze_is_finished(answer: Frost) -> None:
    """Whoever stops purchases in a hurry must know whether they stopped."""
    one = Freeze(id=1, scope=Scope.ASSET, name="btc", reason="r", set_by=BEN, set_at=NOW)
    assert finished(freezing.answer(Frosted(answer=answer, freezes=(one,), asked=(one,)), TITLES))


@pytest.mark.parametrize("scope", Scope)
def test_a_freeze_tells_what_it_stops_who_froze_it_and_who_lifts_it(scope: Scope) -> None:
    """In the channel, in its thread, privately: the same facts."""
    name = {"everything": "", "provider": "kriptomat", "asset": "btc"}[scope.value]
    what = {"everything": "everything", "provider": "Kriptomat", "asset": "BTC"}[scope.value]
    one = Freeze(
        id=1, scope=scope, name=name, reason="why", set_by=BEN, set_at=NOW, lift_asked_by=CLEO
    )
    standing = freezing.message(one, TITLES, None)
    lifted = freezing.message(one, TITLES, (ANA, NOW))
    assert what in standing
    assert "<@U0CLEO> wants to lift it" in standing
    assert "was lifted by <@U0CLEO> and <@U0ANA>" in lifted
    for subject in ("lift asked", "unfrozen"):
        assert finished(freezing.reply(one, TITLES, subject, ANA))
    assert finished(standing)
    assert finished(lifted)


@pytest.mark.parametrize("lookup", Lookup)
@pytest.mark.parametrize(
    "health",
    [
        Health(),
        Health(answered_at=NOW),
        Health(failures=2, trouble="no answer"),
        Health(failures=5, trouble=NASTY, paused_until=NOW + timedelta(seconds=30)),
        Health(failures=5, trouble="x", paused_until=NOW - timedelta(seconds=1)),
    ],
    ids=range(5),
)
def test_a_provider_is_described_by_its_sheet_and_its_health(
    lookup: Lookup, health: Health
) -> None:
    """Every sheet and every state of the breaker gives whole sentences."""
    sheets = [
        replace(SHEET, lookup=lookup),
        replace(SHEET, lookup=lookup, key_lifetime=None, quotes=True),
        replace(SHEET, lookup=lookup, key_lifetime=None, free_until_paid=True, payment_step=True,
                cancellable=True, spends_asset=True, outlet="bdo_deposit", sends_rate=True,
                targets={"cold": "bc1q", "hot": "1BvB"}),
        replace(SHEET, lookup=lookup, targets={"cold": "bc1q"}, credited="1a2c3b4n"),
    ]  # fmt: skip
    for sheet in sheets:
        told = providers.described(sheet, health, NOW)
        assert all(finished(line) for line in told.split("\n")[1:])
        assert ("Nothing is sent until" in told) is (
            health.paused_until is not None and health.paused_until > NOW
        )
        assert validate_message(told, None) == []


@pytest.mark.parametrize("answer", Answer)
@pytest.mark.parametrize("state", State)
def test_every_answer_to_a_click_is_finished_in_every_state(answer: Answer, state: State) -> None:
    """A person who clicked something late must still hear something true."""
    assert finished(clicks.sentence(Verdict(answer=answer, order=order(state))))


def test_the_question_about_a_repetition_says_that_nothing_was_written() -> None:
    """Whoever walks away from it must know that no order exists."""
    told = requests.repeated(order(State.COMPLETED), "Kriptomat")
    assert "Nothing was requested yet" in told
    assert "completed" in told
    assert all(finished(one) for one in (requests.LEFT, requests.STALE, requests.NOT_YOURS))
