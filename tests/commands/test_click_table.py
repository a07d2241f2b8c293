"""The table of clicks in ``docs/policy.md`` that do not count is what people are told."""

import os

from bot.domain.orders import State
from bot.domain.people import Standing
from bot.domain.voting import Answer, Verdict
from commands.words import clicks
from tests.commands.made import BEN, NOW, order
from tests.commands.test_refusal_table import PAGE, cell

BEGIN, END = "<!-- clicks: written by a test -->\n", "<!-- end of clicks -->"
HEAD = "| pressed by, or when | what they are told |\n|---|---|\n"
OPEN, CLOSED = order(), order(State.DENIED, closed_by=BEN, moved_at=NOW)
MOVED = order(note="rule small: up to 1,000.00 EUR → 500.00 EUR")
CASES = (
    ("the requester", Verdict(answer=Answer.OWN_ORDER, order=OPEN)),
    ("who is in no group of the rule", Verdict(answer=Answer.NOT_AN_APPROVER, order=OPEN)),
    ("who joined the group after the request", Verdict(answer=Answer.JOINED_LATER, order=OPEN)),
    ("who has voted", Verdict(answer=Answer.ALREADY_VOTED, order=OPEN, voted_at=NOW)),
    ("on an older card", Verdict(answer=Answer.OLD_CARD, order=OPEN)),
    ("after what was shown has changed", Verdict(answer=Answer.POLICY_CHANGED, order=MOVED)),
    ("after it was decided", Verdict(answer=Answer.CLOSED, order=CLOSED)),
    ("after `expires_after`", Verdict(answer=Answer.TOO_LATE, order=OPEN)),
    *(
        (f"who is {one.value}", Verdict(answer=Answer.NOT_A_MEMBER, order=OPEN, standing=one))
        for one in Standing
        if one is not Standing.MEMBER
    ),
)


def test_the_table_of_clicks_is_what_people_are_told() -> None:
    """COUNTERSIGN_WRITE_DOCS=1 writes it anew."""
    lines = [f"| {who} | {cell(clicks.sentence(verdict))} |\n" for who, verdict in CASES]
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    written = before + BEGIN + HEAD + "".join(lines) + END + after
    if os.environ.get("COUNTERSIGN_WRITE_DOCS"):
        PAGE.write_text(written, encoding="utf-8")
    assert page == written or "COUNTERSIGN_WRITE_DOCS" in os.environ
