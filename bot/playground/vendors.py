"""``countersign sandbox``: one provider's sandbox by itself."""

from collections.abc import Callable, Mapping

from bot.signals import asked_to_stop
from providers.sandbox.coins_ph import CoinsPhSandbox
from providers.sandbox.kriptomat import KriptomatSandbox
from providers.sandbox.oak import OakSandbox
from providers.sandbox.server import LoopbackServer

SANDBOXES: Mapping[str, tuple[str, Callable[[], LoopbackServer]]] = {
    "kriptomat": ("Kriptomat", KriptomatSandbox),
    "coins_ph": ("Coins.ph", CoinsPhSandbox),
    "oak": ("Oak Network", OakSandbox),
}
"""Every vendor that can be played here: what people call it, and its server."""


async def serve(provider: str, port: int, tell: Callable[[str], None]) -> None:
    """Listen on 127.0.0.1 until SIGTERM or Ctrl-C. Raises OSError when the port cannot be had."""
    title, kind = SANDBOXES[provider]
    told = asked_to_stop()
    vendor = kind()
    await vendor.start(port=port)
    tell(f"A pretend {title} listens on {vendor.base_url}, with these credentials:")
    for name, value in vendor.credentials.items():
        tell(f"  {name}={value}")
    tell(f"What it has sold: {vendor.base_url}/_sandbox/ledger")
    tell(f"How to make it misbehave: {vendor.base_url}/_sandbox/faults")
    await told.wait()
    await vendor.stop()
