"""The buttons of an order in doubt: Check again, Settle (a form), Confirm, Object."""

from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.evidence import REFERENCE
from bot.domain.orders import Order
from bot.domain.voting import Answer, Verdict
from bot.workflow import settling
from commands.approvals import close_spare_copy
from commands.blocks import Block, field, modal, option, section, typed
from commands.cards import CHECK, CONFIRM, OBJECT, SETTLE
from commands.carried import carried, handed_in, pressed
from commands.parse_text import cleaned
from commands.room import Body, Reply, Room, click, open_form, submission
from commands.standing import for_members
from commands.words import clicks, doubts, modals

SETTLE_VIEW = "settle"
WHAT, REF, BECAUSE = "what", "ref", "because"
"""Block and action ids of the form."""

YES, NO = "bought", "not_bought"


def register(app: AsyncApp, room: Room) -> None:
    """One listener for each button, one for the form."""

    async def check(body: Body) -> Reply | None:
        return await _judged(room, body, settling.check_again)

    async def confirm(body: Body) -> Reply | None:
        mark = _pressed(body)[1]
        return await _judged(room, body, settling.confirm, mark=mark)

    async def refuse(body: Body) -> Reply | None:
        mark = _pressed(body)[1]
        return await _judged(room, body, settling.object_to, mark=mark)

    async def settle(body: Body) -> Reply | None:
        return await _open(room, body, app.client)

    async def settled(body: Body) -> Reply | None:
        return await _propose(room, body)

    app.action(CHECK)(click(room, for_members(room, check)))
    app.action(CONFIRM)(click(room, for_members(room, confirm)))
    app.action(OBJECT)(click(room, for_members(room, refuse)))
    app.action(SETTLE)(click(room, for_members(room, settle)))
    app.view(SETTLE_VIEW)(submission(room, for_members(room, settled), title=doubts.SETTLE_TITLE))


def _pressed(body: Body) -> tuple[str, str]:
    """The order, and the mark of the proposal that the pressed button's card showed."""
    said = pressed(body)
    return str(said["order"]), str(said["mark"])


async def _judged(
    room: Room, body: Body, act: Callable[..., Awaitable[Verdict]], **facts: str
) -> Reply:
    """Do it, and say what became of it."""
    order_id, _ = _pressed(body)
    verdict = await act(room.desk, order_id, person=body["user"]["id"], **facts)
    await close_spare_copy(room, body, order_id)
    return Reply(text=clicks.sentence(verdict))


async def _open(room: Room, body: Body, client: AsyncWebClient) -> Reply | None:
    """Show the form, if a proposal would count; the only network call of a handler."""
    order_id, _ = _pressed(body)
    verdict = await settling.may_settle(room.desk, order_id, person=body["user"]["id"])
    await close_spare_copy(room, body, order_id)
    if verdict.answer is not Answer.COUNTED or verdict.order is None:
        return Reply(text=clicks.sentence(verdict))
    return await open_form(client, body, _form(room, verdict.order))


async def _propose(room: Room, body: Body) -> Reply | None:
    order_id = str(handed_in(body)["order"])
    values = body["view"]["state"]["values"]
    bought = values[WHAT][WHAT]["selected_option"]["value"] == YES
    ref = cleaned(values[REF][REF].get("value") or "")
    because = cleaned(values[BECAUSE][BECAUSE].get("value") or "")
    if (fault := _fault(ref, bought=bought)) is not None:
        return Reply(text=fault, beside=REF)
    verdict = await settling.propose(
        room.desk,
        order_id,
        person=body["user"]["id"],
        bought=bought,
        ref=ref or None,
        because=because,
    )
    if verdict.answer is Answer.REF_TAKEN:
        return Reply(text=clicks.sentence(verdict), beside=REF)
    return None if verdict.counts else Reply(text=clicks.sentence(verdict))


def _fault(ref: str, *, bought: bool) -> str | None:
    """What is wrong with the number of the purchase."""
    if not bought:
        return doubts.REF_NEEDLESS if ref else None
    if not ref:
        return doubts.REF_MISSING
    return None if REFERENCE.fullmatch(ref) else doubts.REF_BAD


def _form(room: Room, order: Order) -> Block:
    sheet = room.setting().sheets.get(order.terms.provider)
    text = "" if sheet is None else doubts.settle_text(order, sheet)
    options = [option(doubts.BOUGHT, YES), option(doubts.NOT_BOUGHT, NO)]
    return modal(
        SETTLE_VIEW,
        title=doubts.SETTLE_TITLE,
        submit=doubts.SETTLE_SUBMIT,
        close=modals.CLOSE,
        blocks=[
            section(text or order.id),
            field(WHAT, doubts.BOUGHT_LABEL, {"type": "radio_buttons", "options": options}),
            field(REF, doubts.REF_LABEL, typed(64), optional=True, hint=doubts.REF_HINT),
            field(BECAUSE, doubts.BECAUSE_LABEL, typed(300)),
        ],
        private=carried(order=order.id),
    )
