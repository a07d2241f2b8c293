"""The form that asks for a purchase: what was typed, as a view, and back. Pure.

Every field keeps its id while its choices stay the same, so that Slack keeps what was typed when
the form is drawn anew; a choice that depends on the provider carries its name.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from bot.domain.capabilities import Sheet
from bot.domain.money import decimal_text
from bot.domain.requests import Buy
from commands.blocks import Block, modal, option, plain, section
from commands.words import fitting, forms

VIEW = "ask_form"
FIELD = "form_"
"""Action ids of the fields begin so."""

COINS = "coins"
"""The unit of an amount of the asset itself."""

LONGEST = {"amount": 30, "max": 30, "outlet": 60, "reason": 300}
PER_PROVIDER = ("asset", "unit", "target")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What stands in the fields, as typed; empty: nothing."""

    provider: str = ""
    asset: str = ""
    amount: str = ""
    unit: str = ""
    max: str = ""
    outlet: str = ""
    target: str = ""
    reason: str = ""


def draft_of(buy: Buy) -> Draft:
    """The fields filled in with these words."""
    return Draft(
        provider=buy.provider or "",
        asset=buy.asset,
        amount=decimal_text(buy.amount),
        unit=COINS if buy.unit == buy.asset else buy.unit,
        max="" if buy.max_price is None else decimal_text(buy.max_price),
        outlet=buy.outlet or "",
        target=buy.target or "",
        reason=buy.reason or "",
    )


def fitted(draft: Draft, sheets: Mapping[str, Sheet]) -> Draft:
    """The same for a provider that there is, with choices that it has."""
    able = [name for name, one in sheets.items() if draft.asset in one.assets]
    provider = draft.provider if draft.provider in sheets else next(iter(able or sheets))
    sheet = sheets[provider]
    units = _units(sheet)
    changes = {
        "provider": provider,
        "asset": draft.asset if draft.asset in sheet.assets else min(sheet.assets),
        "unit": draft.unit if draft.unit in units else next(iter(units)),
        "target": draft.target if draft.target in sheet.targets else "",
    }
    return Draft(**{**asdict(draft), **changes})


def typed(values: Block) -> Draft:
    """What the fields of a view hold (``view.state.values``)."""
    found: dict[str, str] = {}
    for block in values.values():
        for action, entry in block.items():
            name = action.removeprefix(FIELD)
            chosen = entry.get("selected_option")
            value = entry.get("value") if chosen is None else chosen["value"]
            found[name] = str(value or "")
    known = {one.name for one in fields(Draft)}
    return Draft(**{name: value for name, value in found.items() if name in known})


def block_of(field: str, draft: Draft) -> str:
    """The block in which this field stands."""
    return f"{field}_{draft.provider}" if field in PER_PROVIDER else field


def shown_fields(sheets: Mapping[str, Sheet], draft: Draft) -> list[str]:
    """The fields that this provider needs, in their order."""
    sheet = sheets[draft.provider]
    wanted = {
        "max": sheet.quotes or sheet.spends_asset,
        "outlet": sheet.outlets,
        "target": bool(sheet.targets),
    }
    return [one.name for one in fields(Draft) if wanted.get(one.name, True)]


def form(sheets: Mapping[str, Sheet], draft: Draft, preview: str, *, private: str = "") -> Block:
    """The view of a fitted draft; ``private`` is what the bot writes on its back."""
    inputs = [_input(field, sheets, draft) for field in shown_fields(sheets, draft)]
    return modal(
        VIEW,
        title=forms.TITLE,
        submit=forms.AGAIN if private else forms.SUBMIT,
        close=forms.CLOSE,
        blocks=[*inputs, section(fitting(preview), block_id="preview")],
        private=private,
    )


def _input(field: str, sheets: Mapping[str, Sheet], draft: Draft) -> Block:
    return {
        "type": "input",
        "block_id": block_of(field, draft),
        "dispatch_action": True,
        "optional": field in {"max", "outlet", "target", "reason"},
        "label": plain(forms.LABELS[field]),
        "element": _element(field, sheets, draft),
    }


def _element(field: str, sheets: Mapping[str, Sheet], draft: Draft) -> Block:
    value = getattr(draft, field)
    if field in LONGEST:
        text: Block = {
            "type": "plain_text_input",
            "action_id": FIELD + field,
            "max_length": LONGEST[field],
            "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
        }
        return text | ({"initial_value": value} if value else {})
    sheet = sheets[draft.provider]
    choices = {
        "provider": {name: one.title for name, one in sheets.items()},
        "asset": {asset: asset.upper() for asset in sorted(sheet.assets)},
        "unit": _units(sheet),
        "target": {name: name for name in sorted(sheet.targets)},
    }[field]
    options = {name: option(title, name) for name, title in choices.items()}
    select: Block = {
        "type": "static_select",
        "action_id": FIELD + field,
        "options": list(options.values())[:100],
    }
    return select | ({"initial_option": options[value]} if value in options else {})


def _units(sheet: Sheet) -> dict[str, str]:
    """What an amount can be of: currencies first."""
    money = {one: one for one in sorted(sheet.currencies)} if sheet.spends_currency else {}
    return money | ({COINS: forms.COINS} if sheet.spends_asset else {})
