"""The suite would notice: clients that are broken on purpose, each against the law of endings."""

import pytest

from providers.base import (
    Draft,
    Progress,
    Provider,
    ProviderError,
    Refused,
    Report,
    Unavailable,
    Uncertain,
)
from tests.conformance.endings import ending
from tests.conformance.subjects import Bench


class Broken:
    """A client with one defect in ``buy``; everything else is the real one's."""

    def __init__(self, provider: Provider) -> None:
        self.real = provider

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)


class Insists(Broken):
    """Sends again at once, under another key, when it got no answer."""

    async def buy(self, draft: Draft) -> Report:
        try:
            return await self.real.buy(draft)
        except Uncertain:
            body = draft.body.replace(draft.key.encode(), b"f" * 32)
            again = Draft(method=draft.method, path=draft.path, body=body, key="f" * 32)
            return await self.real.buy(again)


class Denies(Broken):
    """Takes every trouble for a refusal."""

    async def buy(self, draft: Draft) -> Report:
        try:
            return await self.real.buy(draft)
        except ProviderError as error:
            raise Refused(error.reason) from None


class Shrugs(Broken):
    """Takes a lost reply for one that may simply be sent again."""

    async def buy(self, draft: Draft) -> Report:
        try:
            return await self.real.buy(draft)
        except Uncertain as error:
            raise Unavailable(error.reason) from None


class Invents(Broken):
    """Takes no answer for a yes."""

    async def buy(self, draft: Draft) -> Report:
        try:
            return await self.real.buy(draft)
        except Uncertain:
            return Report(ref="1", progress=Progress.COMPLETED, word="")


@pytest.mark.parametrize(
    ("broken", "fault"),
    [(Insists, "reply lost"), (Denies, "504 after"), (Shrugs, "truncated"), (Invents, "reset")],
)
async def test_a_broken_client_breaks_the_law(
    bench: Bench, broken: type[Broken], fault: str
) -> None:
    """A law that lets these pass would let a real defect pass."""
    bench.provider = broken(bench.provider)  # type: ignore[assignment]
    bench.break_next(fault)
    with pytest.raises(AssertionError):
        await ending(bench)
