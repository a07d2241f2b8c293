"""``/buy`` without words, and "Edit and resend": the form, its preview, and what comes of it.

While it is filled in, it shows what asking would come to. It is drawn anew one change after the
other, so that the last one wins; what was typed stays in its fields whatever happens.
"""

import re
from decimal import Decimal

import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.money import BadAmount, parse_amount
from bot.domain.orders import State
from bot.domain.policy import Fault
from bot.domain.requests import Buy, Refusal, Why
from bot.refusals import code_of
from bot.workflow import asking
from bot.workflow.rules import sheets
from commands.blocks import Block, actions, button, section
from commands.cards import EDIT
from commands.form_view import (
    COINS,
    FIELD,
    VIEW,
    Draft,
    block_of,
    draft_of,
    fitted,
    form,
    shown_fields,
    typed,
)
from commands.parse import parse
from commands.parse_text import cleaned
from commands.room import Body, Reply, Room, change, click, open_form, submission
from commands.standing import for_members, stranger
from commands.words import budgets, escape, fitting, forms, misunderstood, refused, requests

log = structlog.get_logger()

Faults = dict[str, str]
"""A sentence for each field that cannot stay as it is."""

FIELDS = {
    Why.PROVIDER_UNKNOWN: "provider",
    Why.PROVIDER_NOT_ENABLED: "provider",
    Why.ASSET_NOT_OFFERED: "asset",
    Why.CURRENCY_NOT_OFFERED: "unit",
    Why.AMOUNT_MUST_BE_MONEY: "unit",
    Why.AMOUNT_MUST_BE_ASSET: "unit",
    Why.OUTLET_NOT_TAKEN: "outlet",
    Why.TARGET_UNKNOWN: "target",
    Why.CEILING_MISSING: "max",
}
"""Beside which field a refusal is told; the others are about the amount."""


def register(app: AsyncApp, room: Room) -> None:
    """The fields, the form handed in, and the button that opens it."""
    preview = Preview(room, app.client)

    async def handed_in(body: Body) -> Reply | None:
        return await _handed_in(room, body)

    async def edit(body: Body) -> Reply | None:
        meant = parse(body["actions"][0]["value"])
        draft = draft_of(meant) if isinstance(meant, Buy) else Draft()
        return await _open(room, app.client, body["trigger_id"], body["user"]["id"], draft)

    app.action(re.compile(rf"{FIELD}\w+"))(change(room, preview.changed))
    app.action(EDIT)(click(room, for_members(room, edit)))
    app.view(VIEW)(submission(room, for_members(room, handed_in), title=forms.TITLE))


async def opened(room: Room, client: AsyncWebClient, body: Body) -> Reply | None:
    """``/buy`` alone: open the empty form, or say why not."""
    user = str(body["user_id"])
    if (refusal := stranger(room, user, body.get("team_id"))) is not None:
        return refusal
    return await _open(room, client, body["trigger_id"], user, Draft())


async def _open(
    room: Room, client: AsyncWebClient, trigger: str, user: str, draft: Draft
) -> Reply | None:
    known = sheets(room.desk)
    draft = fitted(draft, known)
    view = form(known, draft, await _told(room, user, draft))
    return await open_form(client, {"trigger_id": trigger}, view, otherwise=forms.STALE)


FORMS_REMEMBERED = 200
"""Forms whose last drawing is remembered; nobody types in the oldest of so many any more."""


class Preview:
    """Draws open forms anew: one after the other for each form, always from its last change."""

    def __init__(self, room: Room, client: AsyncWebClient) -> None:
        self._room = room
        self._client = client
        self._waiting: dict[str, Body] = {}
        """The newest change of each form that is being drawn."""
        self._drawn: dict[str, str] = {}
        """The hash of what was drawn last in each of the newest forms."""

    async def changed(self, body: Body) -> None:
        """Somebody has filled something in."""
        view_id = str(body["view"]["id"])
        drawing = view_id in self._waiting
        self._waiting[view_id] = body
        if drawing:
            return
        try:
            done = None
            while (latest := self._waiting[view_id]) is not done:
                done = latest
                await self._draw(latest)
        finally:
            del self._waiting[view_id]

    async def _draw(self, body: Body) -> None:
        """Show what this change comes to, unless the form shows something else by now."""
        room, view, user = self._room, body["view"], str(body["user"]["id"])
        known = sheets(room.desk)
        draft = fitted(typed(view["state"]["values"]), known)
        told = await _told(room, user, draft)
        shown = form(known, draft, told)
        # Whoever typed this may not have seen our last drawing yet, so that one is replaced; unless
        # the form has become another since, which they have seen.
        versions = dict.fromkeys((self._drawn.get(view["id"]), str(view["hash"])))
        for version in filter(None, versions):
            try:
                answer = await self._client.views_update(
                    view_id=view["id"], hash=version, view=shown
                )
            except SlackApiError as error:
                # It was closed, or has changed since: whoever changed it is answered anew.
                log.info("a form was not drawn anew", code=code_of(error))
                if code_of(error) != "hash_conflict":
                    return
            else:
                self._note(view["id"], str(answer["view"]["hash"]))
                return

    def _note(self, view_id: str, version: str) -> None:
        self._drawn.pop(view_id, None)
        self._drawn[view_id] = version
        if len(self._drawn) > FORMS_REMEMBERED:
            del self._drawn[next(iter(self._drawn))]


async def _told(room: Room, user: str, draft: Draft) -> str:
    """The preview of a draft."""
    buy, faults = bought(draft)
    if buy is None:
        return forms.NOT_NOW + " ".join(faults.values()) if draft.amount else forms.EMPTY
    found = await asking.preview(room.desk, buy, requester=user)
    if isinstance(found, Refusal):
        titles = room.setting().titles
        return forms.NOT_NOW + refused.sentence(found, titles).removesuffix(refused.NOTHING)
    title = room.setting().title(found.order)
    return forms.preview(found.order, title, budgets.in_short(found.prospects))


def bought(draft: Draft) -> tuple[Buy | None, Faults]:
    """What the fields ask for, or what is wrong with them."""
    faults: Faults = {}
    amount = _number("amount", draft.amount, faults)
    max_price = _number("max", draft.max, faults) if draft.max.strip() else None
    if amount is None or faults:
        return None, faults
    buy = Buy(
        amount=amount,
        unit=draft.asset if draft.unit == COINS else draft.unit,
        asset=draft.asset,
        provider=draft.provider,
        max_price=max_price,
        outlet=cleaned(draft.outlet) or None,
        target=draft.target or None,
        reason=cleaned(draft.reason) or None,
    )
    return buy, faults


def _number(field: str, text: str, faults: Faults) -> Decimal | None:
    try:
        return parse_amount(cleaned(text))
    except BadAmount as bad:
        faults[field] = misunderstood.AMOUNTS[bad.kind].format(text=escape(bad.text))
        return None


async def _handed_in(room: Room, body: Body) -> Reply | None:
    """Ask for it, once however often the form is handed in."""
    view, user, known = body["view"], str(body["user"]["id"]), sheets(room.desk)
    draft = fitted(typed(view["state"]["values"]), known)
    buy, faults = bought(draft)
    if buy is None:
        return _beside(draft, faults)
    origin, again = f"form:{view['id']}", view.get("private_metadata")
    asked = await asking.ask(
        room.desk, buy, requester=user, origin=origin, meant=again == _mark(draft)
    )
    if isinstance(asked, Refusal):
        field = _field(asked)
        shown = field if field in shown_fields(known, draft) else "amount"
        return _beside(draft, {shown: refused.sentence(asked, room.setting().titles)})
    setting = room.setting()
    if isinstance(asked, asking.Repeated):
        told = requests.repeated(asked.before, setting.title(asked.before))
        return Reply(text=told, view=form(known, draft, told, private=_mark(draft)))
    order = asked.order
    if order.state is not State.PENDING_APPROVAL:
        return Reply(text=requests.again(order))
    return Reply(text=requests.asked(order, setting.title(order), room.channel))


def _beside(draft: Draft, faults: Faults) -> Reply:
    errors = {block_of(field, draft): forms.beside(text) for field, text in faults.items()}
    return Reply(text="", errors=errors)


def _field(refusal: Refusal) -> str:
    if refusal.denied is not None and refusal.denied.fault is Fault.REASON_MISSING:
        return "reason"
    if refusal.denied is not None and refusal.denied.fault is Fault.NO_PRICE:
        return "max"
    return FIELDS.get(refusal.why, "amount")


def _mark(draft: Draft) -> str:
    """Which request a confirmation is for: a changed one is a new question."""
    return f"{draft.provider}|{draft.asset}|{draft.amount.strip()}|{draft.unit}"


def edit_button(words: str) -> Block:
    """The button that opens the form with these words filled in."""
    return button(forms.EDIT, EDIT, words)


def with_edit(text: str, words: str) -> Reply:
    """A refusal that can be mended."""
    if len(words) > 2000:
        return Reply(text=text)
    return Reply(text=text, blocks=[section(fitting(text)), actions([edit_button(words)])])
