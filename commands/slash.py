"""``/buy ...``: read the words and hand the intent to its verb."""

from slack_bolt.async_app import AsyncApp

from commands import (
    budgets,
    buy,
    choices,
    explaining,
    form,
    freezing,
    orders,
    providers,
    recurring,
    reports,
    schedules,
)
from commands.intents import (
    Budgets,
    Buy,
    Cancel,
    Change,
    Explain,
    Export,
    Freeze,
    Help,
    Intent,
    List,
    Plan,
    Providers,
    Report,
    Schedules,
    ShowPolicy,
    Status,
    Unfreeze,
)
from commands.parse import parse
from commands.room import Body, Reply, Room, slash
from commands.standing import stranger
from commands.word_faults import NotUnderstood
from commands.words import help as help_words

COMMAND = "/buy"


def register(app: AsyncApp, room: Room) -> None:
    """One listener for the one command."""

    async def handle(body: Body) -> Reply | None:
        if not (body.get("text") or "").strip():
            return await form.opened(room, app.client, body)
        return await answer(room, body)

    app.command(COMMAND)(slash(room, handle))
    choices.register(app, room, answer)


async def answer(room: Room, body: Body) -> Reply:
    """The private answer to one command."""
    try:
        intent = parse(body.get("text") or "")
    except NotUnderstood as fault:
        return choices.asked_back(fault, str(body["trigger_id"]))
    if isinstance(intent, Help):
        return Reply(text=help_words.topic(intent.topic))
    if (refusal := stranger(room, body["user_id"], body.get("team_id"))) is not None:
        return refusal
    return await dispatch(room, body, intent)


async def dispatch(room: Room, body: Body, intent: Intent) -> Reply:
    """Hand the intent to its verb; ``body`` tells ``user_id``, and ``trigger_id`` for a request."""
    user = str(body["user_id"])
    match intent:
        case Buy():
            return await buy.ask_for(room, intent, user=user, origin=f"slash:{body['trigger_id']}")
        case Status(order_id):
            return await orders.status(room, user=user, order_id=order_id)
        case List(which):
            return await orders.listing(room, user=user, which=which)
        case Cancel(order_id):
            return await orders.cancel(room, user=user, order_id=order_id)
        case Freeze():
            return await freezing.freeze(room, intent, user=user)
        case Unfreeze():
            return await freezing.unfreeze(room, intent, user=user)
        case Providers() | Budgets() | Report() | Export() | Explain() | ShowPolicy():
            return await _told(room, intent, user=user)
        case Plan() | Schedules() | Change():
            return await _recurring(room, body, intent)
        case Help(topic):
            return Reply(text=help_words.topic(topic))


Told = Providers | Budgets | Report | Export | Explain | ShowPolicy


async def _told(room: Room, intent: Told, *, user: str) -> Reply:
    """Whatever tells how things are and why, and changes nothing."""
    match intent:
        case Providers():
            return await providers.providers(room, user=user)
        case Budgets():
            return await budgets.budgets(room, user=user)
        case Report(month):
            return await reports.report(room, month, user=user)
        case Export(month):
            return await reports.export(room, month, user=user)
        case Explain():
            return await explaining.explain(room, intent, user=user)
        case ShowPolicy():
            return await explaining.policy(room, user=user)


async def _recurring(room: Room, body: Body, intent: Plan | Schedules | Change) -> Reply:
    """Whatever is about things that happen again and again."""
    user = str(body["user_id"])
    match intent:
        case Plan():
            origin = f"slash:{body['trigger_id']}"
            return await recurring.plan_for(room, intent, user=user, origin=origin)
        case Schedules(schedule_id):
            return await schedules.listing(room, user=user, schedule_id=schedule_id)
        case Change():
            return await schedules.change(room, intent, user=user)
