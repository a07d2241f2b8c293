"""A secret is seen nowhere but where it belongs: every setting is a canary, and nobody sings."""

import io
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import log
from bot.config import Faulty
from bot.secrets import secret_values
from bot.settings import Environment
from bot.vendors import VENDORS
from providers.kriptomat import Kriptomat
from providers.kriptomat_paths import KriptomatSettings
from providers.sandbox.kriptomat import Account
from tests.conformance.subjects import SUBJECTS
from tests.stage import BEN, CHANNEL, Stage

CANARY = Account(
    email="canary-mail@example.test",
    password="canary-password-91c2",
    client_id="canary-client-5512",
    client_secret="canary-client-secret-77ab",
    totp_secret="CANARYCANARYCANARYCANARYCANARY22",
)
BOT_TOKEN, APP_TOKEN = "xoxb-canary-bot-1f00", "xapp-canary-app-2e11"


class Watched:
    """A stage whose secrets are canaries, and everything that it has written anywhere."""

    def __init__(self, folder: Path) -> None:
        self.stage = Stage(folder)
        self.log = io.StringIO()
        slack, vendor = self.stage.slack, self.stage.kriptomat
        slack.bot_token, slack.app_token = BOT_TOKEN, APP_TOKEN
        slack.web._tokens = {BOT_TOKEN: "bot", APP_TOKEN: "app"}
        vendor.account = replace(CANARY, user_id=vendor.account.user_id)

    def secrets(self) -> list[str]:
        """Every one, as the log's redactor is told."""
        return secret_values(self.stage.config())

    def listen(self) -> None:
        """Everything that anybody logs, libraries included, from here on."""
        log.configure(self.secrets(), stream=self.log, level="DEBUG")
        for name in log.QUIET:
            logging.getLogger(name).setLevel(logging.DEBUG)

    def seen(self, *errors: BaseException) -> str:
        """All that people, disks and operators can read."""
        workspace = self.stage.slack.workspace
        said = [
            repr([message.text, message.blocks, message.metadata, message.history])
            for message in [*self.stage.slack.messages(CHANNEL), *workspace.private_messages]
        ]
        pages = [
            file.read_bytes().decode("latin-1")
            for file in self.stage.folder.glob("countersign.db*")
        ]
        told = [f"{error!r} {error} {error.__cause__!r}" for error in errors]
        return "\n".join([self.log.getvalue(), *said, *pages, *told])

    def sings(self, *errors: BaseException) -> list[str]:
        """Which secrets stand in it."""
        seen = self.seen(*errors)
        return [secret for secret in self.secrets() if secret in seen]


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    """Open, furnished and listening; the test starts the bot."""
    one = Watched(tmp_path)
    await one.stage.open()
    one.listen()
    try:
        yield one
    finally:
        await one.stage.close()


async def test_every_secret_setting_is_a_canary(watched: Watched) -> None:
    """A new secret that this file does not know would be watched by nobody.

    Those of the vendors that this stage does not enable are watched by the conformance suite.
    """
    fields = {name for name, of in Environment.model_fields.items() if "Secret" in str(of)}
    elsewhere = {
        f"{vendor.name}_{secret}"
        for vendor in VENDORS
        if vendor.name != "kriptomat"
        for secret in (*vendor.secrets, *vendor.instead)
    }
    values = watched.secrets()
    assert len(values) == len(fields - elsewhere) == 7
    assert elsewhere <= fields
    assert {vendor.name for vendor in VENDORS} <= {subject.name for subject in SUBJECTS}
    assert all("canary" in value.lower() for value in values)


async def test_a_whole_purchase_leaves_no_secret_behind(watched: Watched) -> None:
    """Log, messages, database pages, audit rows: operators and auditors pass these on."""
    stage = watched.stage
    await stage.start_bot()
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "completed")
    audited = json.dumps(await stage.rows("SELECT * FROM audit"), default=str)
    await stage.stop_bot()
    assert watched.sings() == []
    assert not [secret for secret in watched.secrets() if secret in audited]
    assert "ready" in watched.log.getvalue()
    assert card.metadata is not None
    assert card.metadata["event_payload"]["order"] in watched.seen()


async def test_a_refused_login_does_not_tell_with_what_it_was_tried(watched: Watched) -> None:
    """The moment when a curious person looks at the log is the moment when the login fails."""
    stage = watched.stage
    await stage.start_bot()
    stage.kriptomat.account = replace(stage.kriptomat.account, password="another")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.eventually(lambda: stage.kriptomat.logins > 0)
    await stage.slack.wait_for(lambda _: "Waiting to be sent" in card.plain())
    stage.kriptomat.account = replace(CANARY, user_id="1")
    assert watched.sings() == []


async def test_a_lost_reply_does_not_leave_the_request_in_the_records(watched: Watched) -> None:
    """Doubt is written down at length; the credentials of the request are not evidence."""
    stage = watched.stage
    stage.kriptomat.faults.next("buy", "reply lost")
    await stage.start_bot()
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "completed")
    assert "in doubt" in watched.seen()
    assert watched.sings() == []


async def test_a_wrong_token_is_refused_without_being_repeated(watched: Watched) -> None:
    """What start prints ends in a ticket."""
    watched.stage.slack.web._tokens = {}
    with pytest.raises(Faulty) as fault:
        await watched.stage.start_bot()
    assert "SLACK_BOT_TOKEN" in str(fault.value)
    assert watched.sings(fault.value) == []


class Crashing(Kriptomat):
    """A client with a defect of the worst kind: its error quotes every secret."""

    async def buy(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError(f"{CANARY.password} {CANARY.client_secret} {BOT_TOKEN} {APP_TOKEN}")


async def test_a_crash_inside_a_client_is_logged_without_what_it_quotes(watched: Watched) -> None:
    """A defect's text is not ours to choose; what is written of it is."""
    stage = watched.stage
    config = stage.config()
    settings = config.vendors["kriptomat"]
    assert isinstance(settings, KriptomatSettings)
    crashing = Crashing(settings, now=stage.clock.now)
    await stage.start_bot(providers={"kriptomat": crashing})
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "in_doubt")
    assert watched.sings() == []
    assert log.HIDDEN in watched.log.getvalue()
