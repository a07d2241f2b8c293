"""Every test of the suite is run once for each subject."""

from collections.abc import AsyncIterator

import pytest

from tests.conformance.subjects import SUBJECTS, Bench, Subject
from tests.providers.stage import Clock


@pytest.fixture(params=SUBJECTS, ids=lambda subject: subject.name)
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    """The subject with its vendor running and nothing bought yet."""
    subject: Subject = request.param
    clock = Clock()
    sandbox = subject.make(clock)
    await sandbox.start()
    opened = subject.sit(sandbox, clock)
    yield opened
    await opened.provider.aclose()
    await sandbox.stop()
