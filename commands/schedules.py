"""``/buy schedules``, ``pause``, ``resume``, ``skip``, ``stop``; buttons of cards and reminders."""

from datetime import datetime

from slack_bolt.async_app import AsyncApp

from bot.domain.requests import Refusal
from bot.domain.schedule_votes import Verb
from bot.workflow import changing, prompting, scheduled
from commands.approvals import close_spare_copy
from commands.blocks import section
from commands.carried import pressed
from commands.intents import Change
from commands.room import Body, Handler, Reply, Room, click
from commands.schedule_cards import BUY, CHANGE, SKIP, SNOOZE, card
from commands.standing import for_members, not_a_reader
from commands.words import lists, plans, refused
from commands.words import schedules as words

AT_MOST = 10
"""Schedules in one answer."""

DATES_AT_MOST = 12
"""Dates told of one schedule, the newest."""


def register(app: AsyncApp, room: Room) -> None:
    """One listener for each button."""
    for verb, action in CHANGE.items():
        app.action(action)(click(room, for_members(room, _changed(room, verb))))
    for action, answer in ((SKIP, prompting.skip), (SNOOZE, prompting.snooze)):

        async def answered(body: Body, answer: prompting.Answer = answer) -> Reply | None:
            schedule_id, local = _pressed(body)
            assert local is not None, "a reminder is of a date"
            verdict = await answer(room.desk, schedule_id, local, person=body["user"]["id"])
            await close_spare_copy(room, body, schedule_id)
            return Reply(text=plans.answer(verdict))

        app.action(action)(click(room, for_members(room, answered)))

    async def buy(body: Body) -> Reply | None:
        return await _buy(room, body)

    app.action(BUY)(click(room, for_members(room, buy)))


def _changed(room: Room, verb: Verb) -> Handler:
    async def changed(body: Body) -> Reply | None:
        schedule_id, local = _pressed(body)
        verdict = await changing.change(
            room.desk,
            schedule_id,
            verb,
            person=body["user"]["id"],
            local=local if verb is Verb.SKIP else None,
        )
        await close_spare_copy(room, body, schedule_id)
        return Reply(text=plans.answer(verdict))

    return changed


async def _buy(room: Room, body: Body) -> Reply | None:
    """Open the ordinary request, in the name of whoever pressed the button."""
    schedule_id, local = _pressed(body)
    assert local is not None, "a reminder is of a date"
    found = await prompting.buy(room.desk, schedule_id, local, person=body["user"]["id"])
    await close_spare_copy(room, body, schedule_id)
    if isinstance(found, Refusal):
        return Reply(text=refused.sentence(found, room.setting().titles))
    return Reply(text=plans.answer(found))


def _pressed(body: Body) -> tuple[str, datetime | None]:
    """Schedule and date (a local time) that the pressed button carries."""
    said = pressed(body)
    local = said.get("local")
    return str(said["schedule"]), None if local is None else datetime.fromisoformat(local)


async def change(room: Room, intent: Change, *, user: str) -> Reply:
    """``pause|resume|skip|stop REC-7K3FQ``."""
    verdict = await changing.change(room.desk, intent.schedule_id, Verb(intent.verb), person=user)
    if verdict.schedule is None:
        return Reply(text=plans.no_schedule(intent.schedule_id))
    return Reply(text=plans.answer(verdict))


async def listing(room: Room, *, user: str, schedule_id: str | None) -> Reply:
    """What recurs, or all about one schedule."""
    if schedule_id is not None:
        return await _story(room, user, schedule_id)
    if (refusal := not_a_reader(room, user)) is not None:
        return refusal
    found = await scheduled.open_and_recent(room.desk, limit=AT_MOST)
    setting = room.setting()
    lines = [words.line(one, setting.title(one)) for one in found]
    if len(lines) > AT_MOST:
        lines = [*lines[:AT_MOST], lists.MORE_SCHEDULES]
    return Reply(text="\n".join(lines) or lists.NO_SCHEDULES)


async def _story(room: Room, user: str, schedule_id: str) -> Reply:
    story = await scheduled.story(room.desk, schedule_id)
    own = story is not None and story.schedule.requester == user
    if (refusal := not_a_reader(room, user, own=own)) is not None:
        return refusal
    if story is None:
        return Reply(text=plans.no_schedule(schedule_id))
    message = card(story.schedule, room.setting(), story.tally)
    blocks = [block for block in message.blocks if block["type"] != "actions"]
    dates = [words.run_line(run) for run in story.runs[:DATES_AT_MOST]]
    if dates:
        told = "\n".join(reversed(dates))
        blocks.append(section(told))
    return Reply(text="\n".join([message.text, *reversed(dates)]), blocks=blocks)
