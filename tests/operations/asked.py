"""Ask a running bot how it is, as a monitor would."""

from dataclasses import dataclass, field

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from tests.stage import TOML

LISTENING = TOML + '\n[operations]\nlisten = "127.0.0.1:0"\n'
"""The stage's configuration, with any free port for operators."""

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What came back."""

    status: int
    text: str
    content_type: str = ""
    lines: list[str] = field(default_factory=list)


async def ask(address: str, path: str, **headers: str) -> Page:
    """GET it."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://{address}{path}", headers=headers) as answer,
    ):
        text = await answer.text()
        return Page(answer.status, text, answer.headers.get("Content-Type", ""), text.splitlines())


async def figures(address: str) -> dict[str, float]:
    """Every sample of ``/metrics``, written as ``name{label="value"}``."""
    page = await ask(address, "/metrics")
    assert page.status == 200, page.text
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(page.text):
        for sample in family.samples:
            labels = ",".join(f'{key}="{value}"' for key, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found
