"""The buttons of a card: Approve, Deny (with a reason, if wanted), Cancel.

The button carries the order and the digest of what its card showed. A click on a message that is
not the order's card (a spare copy that Slack kept although it had not said so) closes that message.
"""

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.ids import SCHEDULE
from bot.domain.voting import Answer
from bot.workflow import envelopes, votes
from commands.blocks import Block, field, modal, section, typed
from commands.cards import APPROVE, CANCEL, DENY
from commands.carried import handed_in, pressed
from commands.parse_text import cleaned
from commands.room import Body, Reply, Room, click, open_form, submission
from commands.standing import for_members
from commands.words import clicks, modals, plans

DENY_VIEW = "deny_reason"
REASON = "reason"
"""Block and action id of the reason in the modal."""


def register(app: AsyncApp, room: Room) -> None:
    """One listener for each button, one for the modal."""

    async def approve(body: Body) -> Reply | None:
        order_id, digest = _pressed(body)
        user = body["user"]["id"]
        if order_id.startswith(SCHEDULE):
            said = await envelopes.approve(room.desk, order_id, voter=user, digest=digest)
            await close_spare_copy(room, body, order_id)
            return Reply(text=plans.answer(said))
        verdict = await votes.approve(room.desk, order_id, voter=user, digest=digest)
        await close_spare_copy(room, body, order_id)
        return Reply(text=clicks.sentence(verdict))

    async def cancel(body: Body) -> Reply | None:
        order_id, _ = _pressed(body)
        verdict = await votes.cancel(room.desk, order_id, person=body["user"]["id"])
        await close_spare_copy(room, body, order_id)
        return Reply(text=clicks.sentence(verdict))

    async def deny(body: Body) -> Reply | None:
        return await _open_deny(room, body, app.client)

    async def denied(body: Body) -> Reply | None:
        return await _deny(room, body)

    app.action(APPROVE)(click(room, for_members(room, approve)))
    app.action(CANCEL)(click(room, for_members(room, cancel)))
    app.action(DENY)(click(room, for_members(room, deny)))
    app.view(DENY_VIEW)(submission(room, for_members(room, denied), title=modals.DENY_TITLE))


def _pressed(body: Body) -> tuple[str, str]:
    """Order and digest that the pressed button carries."""
    said = pressed(body)
    return str(said["order"]), str(said["digest"])


async def _open_deny(room: Room, body: Body, client: AsyncWebClient) -> Reply | None:
    """Ask for the reason, if this Deny would count; the only network call of a handler."""
    order_id, digest = _pressed(body)
    user = body["user"]["id"]
    if order_id.startswith(SCHEDULE):
        said = await envelopes.may_deny(room.desk, order_id, voter=user, digest=digest)
        await close_spare_copy(room, body, order_id)
        answer, text = said.answer, plans.answer(said)
    else:
        verdict = await votes.may_deny(room.desk, order_id, voter=user, digest=digest)
        await close_spare_copy(room, body, order_id)
        answer, text = verdict.answer, clicks.sentence(verdict)
    if answer is not Answer.COUNTED:
        return Reply(text=text)
    value = body["actions"][0]["value"]
    return await open_form(client, body, _deny_view(order_id, value))


async def _deny(room: Room, body: Body) -> Reply | None:
    carried = handed_in(body)
    typed = body["view"]["state"]["values"].get(REASON, {}).get(REASON, {}).get("value")
    order_id, user = str(carried["order"]), body["user"]["id"]
    digest, reason = str(carried["digest"]), cleaned(typed or "") or None
    if order_id.startswith(SCHEDULE):
        said = await envelopes.deny(room.desk, order_id, voter=user, digest=digest, reason=reason)
        return None if said.answer is Answer.DENIED else Reply(text=plans.answer(said))
    verdict = await votes.deny(room.desk, order_id, voter=user, digest=digest, reason=reason)
    return None if verdict.counts else Reply(text=clicks.sentence(verdict))


def _deny_view(order_id: str, value: str) -> Block:
    return modal(
        DENY_VIEW,
        title=modals.DENY_TITLE,
        submit=modals.DENY_SUBMIT,
        close=modals.CLOSE,
        blocks=[
            section(modals.deny_text(order_id)),
            field(REASON, modals.DENY_LABEL, typed(300), optional=True),
        ],
        private=value,
    )


async def close_spare_copy(room: Room, body: Body, order_id: str) -> None:
    """The clicked message is none that we know of this order or schedule: owe it a closing edit."""
    container = body.get("container", {})
    channel, ts = container.get("channel_id"), container.get("message_ts")
    if not channel or not ts or container.get("is_ephemeral"):
        return
    close = envelopes.close_if_spare if order_id.startswith(SCHEDULE) else votes.close_if_spare
    await close(room.desk, order_id, channel=channel, ts=ts)
