"""What Oak's status words mean: every one that is known, next to every step, in any casing.

The vendor documents five of the eight and none of the steps, so none of them ends an order early.
"""

from collections.abc import Callable
from typing import Any

import pytest

from providers.base import Progress
from providers.oak_paths import STATUSES, OakReading
from providers.oak_words import progress, report
from providers.sandbox.oak import OakSandbox
from tests.providers.oak_stage import oak_settings

WORDS = (
    "created", "awaiting_confirmation", "processing", "captured", "succeeded", "failed",
    "canceled", "canceled_after_completion",
)  # fmt: skip
SUBS = (
    "payment_intent_created", "awaiting_user_initiation", "requires_action", "funds_scheduled",
    "funds_received", "payment_submitted", "payment_processed", "transfer_initiated",
    "transfer_completed", "instant_payment_completed", "on_ramp_successful", "on_ramp_failed",
    "transfer_failed", "payment_failed",
)  # fmt: skip


@pytest.mark.parametrize(
    ("word", "means"),
    [
        ("created", Progress.UNDERWAY),
        ("awaiting_confirmation", Progress.AWAITING_PAYMENT),
        ("processing", Progress.UNDERWAY),
        ("captured", Progress.UNDERWAY),
        ("succeeded", Progress.COMPLETED),
        ("failed", Progress.FAILED),
        ("canceled", Progress.FAILED),
        ("canceled_after_completion", Progress.REVERSED),
        ("PENDING", Progress.UNDERWAY),
        ("SETTLED", Progress.UNDERWAY),
        ("", Progress.UNDERWAY),
    ],
)
def test_a_status_means_what_the_table_says_in_any_casing(word: str, means: Progress) -> None:
    """Lower case is documented, upper case is seen; what is unknown is not final."""
    for written in (word, word.upper(), word.title()):
        assert progress(written, "", OakReading()) is means


@pytest.mark.parametrize("status", [*WORDS, "PENDING", ""])
@pytest.mark.parametrize("written", [str.lower, str.upper])
def test_a_status_that_nobody_knows_is_told_as_strange(
    status: str, written: Callable[[str], str]
) -> None:
    """It proves nothing, not even that what somebody has to do there has been done."""
    found = report({"id": "a1", "status": written(status)}, oak_settings(OakSandbox()))
    assert found is not None
    assert found.strange is (status not in STATUSES)


@pytest.mark.parametrize("status", WORDS)
@pytest.mark.parametrize("sub", SUBS)
def test_a_sub_status_ends_nothing_that_its_status_does_not_end(status: str, sub: str) -> None:
    """A failed step may be tried again; only a delivered asset says more than an open status."""
    found, alone = progress(status, sub, OakReading()), STATUSES[status]
    if sub.endswith("_failed"):
        assert found is (Progress.UNDERWAY if alone is Progress.COMPLETED else alone)
    elif sub == "on_ramp_successful":
        ended = {Progress.COMPLETED: Progress.COMPLETED, Progress.REVERSED: Progress.REVERSED}
        open_ = Progress.UNDERWAY if alone is Progress.FAILED else Progress.COMPLETED
        assert found is ended.get(alone, open_)
    elif sub in ("awaiting_user_initiation", "requires_action"):
        waits = alone in (Progress.UNDERWAY, Progress.AWAITING_PAYMENT)
        assert found is (Progress.AWAITING_PAYMENT if waits else alone)
    else:
        assert found is alone


@pytest.mark.parametrize(
    ("reading", "status", "means"),
    [
        ({"captured_means": "completed"}, "captured", Progress.COMPLETED),
        ({"captured_means": "completed"}, "processing", Progress.UNDERWAY),
        ({"awaiting_means": "underway"}, "awaiting_confirmation", Progress.UNDERWAY),
    ],
)
def test_an_ambiguous_word_can_be_settled_by_the_operator(
    reading: dict[str, Any], status: str, means: Progress
) -> None:
    """Once the vendor has said what it means, that is a line of configuration."""
    assert progress(status, "", OakReading(**reading)) is means
