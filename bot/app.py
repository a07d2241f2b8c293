"""The only file that knows everybody: configuration in, a bot that can be started and stopped out.

``build`` makes the objects and connects them, and does nothing else. ``Bot.start`` opens the
database, checks who we are at Slack, recovers what the process before left, and connects.
``Bot.stop`` takes no new work, lets what is under way end, and closes.
"""

import asyncio
import gc
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import artist
from bot.announcer import PAUSES, Announcer
from bot.chores import chores
from bot.clients import make_providers
from bot.clock import Clock, SystemClock
from bot.config import Config
from bot.connection import Watchdog, connect, leave, tell_of_each
from bot.courier import Courier
from bot.health import Health, Limits
from bot.homes import Homes
from bot.listener import Listener
from bot.parcels import Parcels
from bot.people import SlackDirectory
from bot.schedule import Schedule
from bot.slack import SLACK_SECONDS, Place, bolt_app, sign_in, slack_client
from bot.supervisor import Supervisor
from bot.workflow.desk import Desk
from bot.workflow.freezing import announce
from bot.workflow.rules import sheets
from commands import mentions
from commands.cards import Setting
from commands.parse import language
from commands.room import Room
from commands.verbs import VERBS
from providers import loading
from providers.base import Provider
from storage import audit
from storage.database import Database
from storage.nonces import StoredNonces

log = structlog.get_logger()

DRAIN_SECONDS = 5.5
"""SIGTERM promises to stop within ten; what still runs then is resumed by the next process."""

LAST_WORDS_SECONDS = 1.0
"""For the cards of what has just ended; the rest is told by the next process."""

CLOSE_SECONDS = 1.5
"""For taking leave of Slack; a connection that does not close is dropped with the process."""


@dataclass(slots=True, kw_only=True)
class Options:
    """What the playground and the tests choose differently; ``countersign run`` leaves it be."""

    clock: Clock = field(default_factory=SystemClock)
    entropy: Callable[[int], bytes] = os.urandom
    checkpoint: Callable[[str], None] = lambda _name: None
    posts_per_second: float | None = 1.0
    outage_pauses: tuple[int, ...] = PAUSES
    ping_seconds: float = 3.0
    providers: Mapping[str, Provider] | None = None
    limits: Limits = field(default_factory=Limits)


class Bot:
    """One running bot."""

    def __init__(self, config: Config, options: Options) -> None:
        self.config = config
        self._options = options
        self.boot_id = options.entropy(8).hex()
        self.team = ""
        self._supervisor = Supervisor(config.notify_socket)
        self.health = Health(limits=options.limits, feed=self._supervisor.alive)
        self.listener = Listener(self.health, boot_id=self.boot_id)
        self._session: aiohttp.ClientSession | None = None
        self._socket: AsyncSocketModeHandler | None = None
        self._watchdog: Watchdog | None = None
        self._announcer: Announcer | None = None
        self._announcing: asyncio.Task[None] | None = None
        self._desk: Desk | None = None
        self._schedule: Schedule | None = None

    @property
    def desk(self) -> Desk:
        """What the workflow stands on; only after ``start``."""
        assert self._desk is not None, "start the bot first"
        return self._desk

    async def start(self) -> None:
        """Become ready. Raises Faulty (wrong token, missing scope), storage errors."""
        config, options = self.config, self._options
        language()
        db = await Database.open(config.database)
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SLACK_SECONDS))
        client = slack_client(config, self._session)
        directory = SlackDirectory(client, options.clock, config.policy.usergroups)
        providers = options.providers
        if providers is None:
            providers = make_providers(config, options.clock, StoredNonces(db))
        desk = Desk(
            db=db,
            providers=providers,
            policy=config.policy,
            directory=directory,
            zone=config.timezone,
            now=options.clock.now,
            entropy=options.entropy,
            boot_id=self.boot_id,
            checkpoint=options.checkpoint,
        )
        self._desk = desk
        try:
            if config.listen is not None:
                await self.listener.start(*config.listen)
            self._supervisor.waiting("Waiting for Slack")
            await self._connect(client, directory, desk)
        except BaseException:
            await self.stop()
            raise

    async def _connect(self, client: AsyncWebClient, directory: SlackDirectory, desk: Desk) -> None:
        config, options = self.config, self._options
        identity, _ = await asyncio.gather(sign_in(client, config), loading.ready())
        self.team = identity.team
        await directory.fill_at_last(self.team)
        place = Place(client, config.channel)
        await place.look()
        setting = lambda: Setting(  # noqa: E731 - a card needs the roster of its moment
            sheets=sheets(desk), policy=config.policy, roster=directory.roster
        )
        paced = options.posts_per_second is not None
        homes = Homes(desk, client, setting, config.channel, paced=paced)
        room = Room(
            desk=desk,
            setting=setting,
            channel=config.channel,
            learner=directory,
            home=homes,
            session=lambda: self._open_session,
            draws=artist.is_ready(),
        )
        announcer = self._announcer_of(desk, client, room, place, homes)
        schedule = self._schedule_of(desk, directory, place)
        desk.wake_announcer, desk.wake_clock = announcer.wake, schedule.wake
        await self._note_start(desk)
        app = bolt_app(client, identity)
        for verb in VERBS:
            verb.register(app, room)
        self._schedule, self._announcer = schedule, announcer
        self._announcing = asyncio.create_task(announcer.run(), name="announcer")
        await announce(desk)
        await schedule.recover()
        schedule.start()
        await self._listen(app, announcer)
        await self._well(desk)
        # Everything made so far lives as long as the process: keep the collector off it.
        gc.collect()
        gc.freeze()
        log.info("ready", team=self.team, boot=self.boot_id, channel=config.channel)

    def _announcer_of(
        self, desk: Desk, client: AsyncWebClient, room: Room, place: Place, homes: Homes
    ) -> Announcer:
        parcels = Parcels(desk, Courier(client, lambda: self._open_session), artist.Artist())
        return Announcer(
            desk,
            client,
            self._options.clock,
            room.setting,
            channel=self.config.channel,
            answers=lambda facts: mentions.answer(room, facts),
            parcels=parcels,
            obstacle=lambda: place.obstacle,
            woken=homes.wake,
            posts_per_second=self._options.posts_per_second,
            pauses=self._options.outage_pauses,
        )

    def _schedule_of(self, desk: Desk, directory: SlackDirectory, place: Place) -> Schedule:
        return Schedule(
            desk,
            self._options.clock,
            chores=chores(desk, self.config, directory, place, self.team),
            looked=lambda lag: self.health.looked(desk, lag),
        )

    async def _listen(self, app: AsyncApp, announcer: Announcer) -> None:
        token, every = self.config.slack_app_token.get_secret_value(), self._options.ping_seconds
        self._socket = AsyncSocketModeHandler(app, token, ping_interval=every)
        self._watchdog = Watchdog(self._socket.client, every)
        tell_of_each(self._socket.client, announcer.resume)
        await connect(self._socket)
        self._watchdog.start()

    async def _well(self, desk: Desk) -> None:
        """From now on whoever asks is told how we really are."""
        watchdog, announcing = self._watchdog, self._announcing
        assert watchdog is not None, "it watches the connection that was just made"
        assert announcing is not None, "it was started with the clock"
        await self.health.begin(
            desk, silence=lambda: watchdog.silence, announces=lambda: not announcing.done()
        )
        self._supervisor.ready()

    async def _note_start(self, desk: Desk) -> None:
        facts = {"boot": self.boot_id}
        await desk.db.write(
            lambda tx: audit.append(
                tx, at=desk.now(), actor="bot", what="started", order_id=None, facts=facts
            )
        )

    @property
    def _open_session(self) -> aiohttp.ClientSession:
        assert self._session is not None, "the session lives from start to stop"
        return self._session

    async def stop(self) -> None:
        """Take no new work, let what is under way end, close. Never longer than ten seconds."""
        self.health.end()
        self._supervisor.stopping()
        if self._watchdog is not None:
            await self._watchdog.stop()
        if self._socket is not None:
            # What is under way must be drained, whether there is anybody to take leave of or not.
            await leave(self._socket, within=CLOSE_SECONDS)
        if (desk := self._desk) is not None:
            desk.stopping = True
            if self._schedule is not None:
                self._schedule.stop()
            await self._drain(desk)
            for provider in desk.providers.values():
                await provider.aclose()
            await desk.db.close()
        if self._session is not None:
            await self._session.close()
        await self.listener.stop()
        log.info("stopped", boot=self.boot_id)

    async def _drain(self, desk: Desk) -> None:
        """Let sends and answers end. A purchase that still waits stays ``submitting``."""
        if desk.tasks:
            _, left = await asyncio.wait(set(desk.tasks), timeout=DRAIN_SECONDS)
            for task in left:
                log.warning("left for the next start", task=task.get_name())
                task.cancel()
            if left:
                await asyncio.wait(left, timeout=1)
        if self._announcer is not None and self._announcing is not None:
            self._announcer.finish()
            await asyncio.wait({self._announcing}, timeout=LAST_WORDS_SECONDS)
            self._announcing.cancel()
            await asyncio.wait({self._announcing}, timeout=1)


def build(config: Config, options: Options | None = None) -> Bot:
    """Put a bot together; nothing happens before ``start``."""
    return Bot(config, options or Options())
