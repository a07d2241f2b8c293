"""A client for every provider that is configured: the one place that names their classes."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.clock import Clock
from bot.config import Config
from providers.base import Nonces, Provider
from providers.coins_ph import CoinsPh
from providers.kriptomat import Kriptomat
from providers.nonces import MemoryNonces
from providers.oak import Oak


def make_providers(
    config: Config, clock: Clock, nonces: Nonces | None = None
) -> dict[str, Provider]:
    """A client for every enabled provider.

    ``nonces``: what signatures use once; None keeps them for this process alone.
    """
    given = nonces or MemoryNonces()
    return {name: CLIENTS[name](one, clock, given) for name, one in config.vendors.items()}


CLIENTS: Mapping[str, Callable[[Any, Clock, Nonces], Provider]] = {
    "kriptomat": lambda settings, clock, _: Kriptomat(settings, now=clock.now),
    "coins_ph": lambda settings, clock, nonces: CoinsPh(settings, now=clock.now, nonces=nonces),
    "oak": lambda settings, clock, _: Oak(settings, now=clock.now),
}
