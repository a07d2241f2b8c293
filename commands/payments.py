"""The buttons of an order that has to be paid: I will pay, I have paid (with an optional code)."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.orders import Order
from bot.domain.voting import Answer
from bot.workflow import payers
from commands.approvals import close_spare_copy
from commands.blocks import Block, field, literal, modal, section, typed
from commands.cards import HAVE_PAID, WILL_PAY, Message
from commands.carried import carried, handed_in, pressed
from commands.parse_text import cleaned
from commands.room import Body, Reply, Room, click, open_form, submission
from commands.standing import for_members
from commands.words import clicks, modals, payments, squeezed

PAID_VIEW = "paid"
CODE = "code"
"""Block and action id of the code in the form."""


def instructions(order: Order, facts: dict[str, Any], title: str) -> Message:
    """How to pay it, for the payer alone; the vendor's words can be copied letter by letter."""
    first, says, last = payments.how_to_pay(order, facts, title)
    shown = squeezed(says, room=payments.INSTRUCTIONS)
    return Message(
        text=f"{first} {shown}\n{last}",
        blocks=[section(first), literal(says), section(last)],
    )


def register(app: AsyncApp, room: Room) -> None:
    """One listener for each button, one for the form."""

    async def will_pay(body: Body) -> Reply | None:
        order_id = str(pressed(body)["order"])
        verdict = await payers.will_pay(room.desk, order_id, person=body["user"]["id"])
        await close_spare_copy(room, body, order_id)
        return Reply(text=clicks.sentence(verdict))

    async def have_paid(body: Body) -> Reply | None:
        return await _open(room, body, app.client)

    async def paid(body: Body) -> Reply | None:
        return await _paid(room, body)

    app.action(WILL_PAY)(click(room, for_members(room, will_pay)))
    app.action(HAVE_PAID)(click(room, for_members(room, have_paid)))
    app.view(PAID_VIEW)(submission(room, for_members(room, paid), title=payments.PAID_TITLE))


async def _open(room: Room, body: Body, client: AsyncWebClient) -> Reply | None:
    """Ask for the code, if it would count; the only network call of a handler."""
    order_id = str(pressed(body)["order"])
    verdict = await payers.may_say_paid(room.desk, order_id, person=body["user"]["id"])
    await close_spare_copy(room, body, order_id)
    if verdict.answer is not Answer.SAID_PAID:
        return Reply(text=clicks.sentence(verdict))
    return await open_form(client, body, _form(order_id))


async def _paid(room: Room, body: Body) -> Reply | None:
    order_id = str(handed_in(body)["order"])
    typed = body["view"]["state"]["values"][CODE][CODE].get("value")
    verdict = await payers.have_paid(
        room.desk, order_id, person=body["user"]["id"], code=cleaned(typed or "") or None
    )
    return None if verdict.counts else Reply(text=clicks.sentence(verdict))


def _form(order_id: str) -> Block:
    return modal(
        PAID_VIEW,
        title=payments.PAID_TITLE,
        submit=payments.PAID_SUBMIT,
        close=modals.CLOSE,
        blocks=[
            section(payments.paid_text(order_id)),
            field(CODE, payments.CODE_LABEL, typed(64), optional=True),
        ],
        private=carried(order=order_id),
    )
