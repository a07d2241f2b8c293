"""``manifest.yml`` is what Slack believes about us; it must be what the code does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import yaml

from bot.playground.installation import EVENT_SCOPES, OURS
from bot.slack import SCOPES
from commands.verbs import VERBS

ROOT = Path(__file__).parents[2]


def manifest() -> dict[str, Any]:
    """The file that administrators create the app from."""
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    return loaded


class Noted:
    """Takes the place of Bolt while the verbs register, and notes under which names."""

    client = None

    def __init__(self) -> None:
        self.names: dict[str, list[str]] = {"command": [], "event": [], "action": [], "view": []}

    def __getattr__(self, kind: str) -> Callable[[str], Callable[[Any], None]]:
        def named(name: str) -> Callable[[Any], None]:
            return lambda _listener: self.names[kind].append(name)

        return named


def registered() -> dict[str, list[str]]:
    """What the bot listens to, by kind."""
    noted = Noted()
    for verb in VERBS:
        verb.register(cast("Any", noted), cast("Any", None))
    return noted.names


def test_nothing_is_listened_to_twice() -> None:
    """After a slow listener Bolt would run the next one that matches as well."""
    for names in registered().values():
        assert len(names) == len(set(names))


def test_the_manifest_subscribes_to_exactly_the_events_that_are_listened_to() -> None:
    """One event too few is silence; one too many is a delivery that nobody acknowledges."""
    events = manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert events == sorted(registered()["event"])


def test_the_manifest_asks_for_exactly_the_scopes_that_the_bot_checks() -> None:
    """One scope too few stops the bot at start, one too many frightens an administrator."""
    assert sorted(manifest()["oauth_config"]["scopes"]["bot"]) == sorted(SCOPES)


def test_the_manifest_declares_exactly_the_command_that_is_registered() -> None:
    """A command that Slack does not know is never delivered; escaping makes mentions ids."""
    (command,) = manifest()["features"]["slash_commands"]
    assert [command["command"]] == registered()["command"]
    assert command["should_escape"] is True


def test_the_manifest_switches_on_what_buttons_and_sockets_need() -> None:
    """Without these two switches the bot is connected and deaf."""
    settings = manifest()["settings"]
    assert settings["interactivity"]["is_enabled"] is True
    assert settings["socket_mode_enabled"] is True


def test_the_playground_is_installed_from_exactly_this_manifest() -> None:
    """A scope, an event or a tab that Slack would not give must not exist in the playground."""
    features, asked = manifest()["features"], manifest()["oauth_config"]["scopes"]["bot"]
    subscribed = manifest()["settings"].get("event_subscriptions", {}).get("bot_events", [])
    commands = {one["command"]: one["should_escape"] for one in features["slash_commands"]}
    tabs = features["app_home"]
    assert frozenset(asked) == OURS.scopes
    assert commands == dict(OURS.commands)
    assert frozenset(subscribed) == OURS.events
    assert (tabs["home_tab_enabled"], tabs["messages_tab_enabled"]) == (
        OURS.home_tab,
        OURS.messages_tab,
    )
    assert tabs["messages_tab_read_only_enabled"] is OURS.messages_read_only


def test_the_manifest_asks_for_the_scope_of_each_event() -> None:
    """Slack refuses a manifest that subscribes to an event without its scope."""
    assert OURS.events <= EVENT_SCOPES.keys()
    assert all(OURS.hears(event) for event in OURS.events)


def test_the_bot_can_write_to_a_person() -> None:
    """Slack makes new apps without the Messages tab; private messages are refused without it."""
    assert manifest()["features"]["app_home"]["messages_tab_enabled"] is True
