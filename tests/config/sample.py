"""A configuration that loads, and an environment that goes with it; tests break one thing each."""

import tomllib
from pathlib import Path
from typing import Any

from bot.config import Config, Faulty, config_of
from bot.settings import Environment

EXAMPLE = Path(__file__).parents[2] / "countersign.example.toml"

MARK = "c4n4ry"
"""Stands in every secret; whatever shows it has shown a secret."""

SECRETS = {
    "slack_bot_token": f"xoxb-{MARK}-bot",
    "slack_app_token": f"xapp-{MARK}-app",
    "kriptomat_email": f"{MARK}@example.test",
    "kriptomat_password": f"{MARK} pass word",
    "kriptomat_client_id": f"{MARK}-client",
    "kriptomat_client_secret": f"{MARK}-secret",
    "kriptomat_totp_secret": "C4N4RYC4N4RYC4N4RY".replace("4", "A"),
}


def environment(**changes: Any) -> Environment:
    """Everything that is needed; None takes a variable away."""
    given = {**SECRETS, **changes}
    return Environment.model_validate({k: v for k, v in given.items() if v is not None})


def example() -> str:
    """The file that ships."""
    return EXAMPLE.read_text(encoding="utf-8")


def load(text: str, **changes: Any) -> Config:
    """The configuration of this text, with everything right in the environment but the changes."""
    return config_of(text, environment(**changes))


def faults(text: str, **changes: Any) -> list[str]:
    """What is wrong with it; none means that it loads."""
    try:
        load(text, **changes)
    except Faulty as error:
        return error.faults
    return []


def broken(old: str, new: str) -> str:
    """The example with one thing changed, which must be there."""
    text = example()
    assert old in text, f"the example has no {old!r}"
    changed = text.replace(old, new, 1)
    tomllib.loads(changed)
    return changed
