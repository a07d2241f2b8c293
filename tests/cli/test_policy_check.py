"""``countersign policy check``: without tokens, every rule as a sentence, doubts and faults."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.cli.program import run
from tests.config.sample import EXAMPLE, broken

FUND = EXAMPLE.parent / "docs" / "policies" / "fund.toml"


async def test_a_file_is_checked_without_tokens_and_told_in_sentences(tmp_path: Path) -> None:
    """It is checked where it is written, long before a machine has secrets for it."""
    ended = await run("policy", "check", str(EXAMPLE), folder=tmp_path)

    assert (ended.code, ended.err) == (0, "")
    assert f"{EXAMPLE}: no faults" in ended.out
    assert "2. large: Members of buyers may ask for up to 20,000.00 EUR, fees included. 2" in (
        ended.out
    )
    assert "• approvers: U0BEN, U0CLEO, S0TREASURY" in ended.out
    assert 'warning: rule "large" allows up to 20,000.00 EUR for one order' in ended.out


async def test_every_fault_is_a_line_and_ends_with_2(tmp_path: Path) -> None:
    """The same faults as at start, and none about secrets."""
    text = broken('requesters = ["buyers"]', 'requesters = ["buyer"]')
    (tmp_path / "countersign.toml").write_text(text, encoding="utf-8")

    ended = await run("policy", "check", folder=tmp_path)

    fault = 'countersign: rule "small": requesters: there is no group "buyer"'
    assert (ended.code, ended.err.splitlines()) == (2, [fault])


async def test_one_request_can_be_held_against_it(tmp_path: Path) -> None:
    """Somebody of a user group asks; whoever is in the others may vote."""
    words = ("--explain", "100000 EUR eth for a client", "--as", "S0TRADERS")
    ended = await run("policy", "check", str(FUND), *words, folder=tmp_path)

    assert (ended.code, ended.err) == (0, "")
    assert "1. ✗ “ordinary” allows up to 25,000.00 EUR; this may cost 101,500.00" in ended.out
    assert "2. ✅ “large” fits and decides" in ended.out
    assert "Can vote: whoever is in S0HEADS and whoever is in S0RISK." in ended.out


@pytest.mark.parametrize(
    ("words", "user", "code", "told"),
    [
        ("5000 EUR btc", "U0ANA", 0, "Rule “large” wants a reason."),
        ("250 EUR sol", "U0ANA", 0, "does not offer SOL here."),
        ("250 EUR btc", "U0EVE", 0, "requests by members of buyers"),
        ("250 EUR btc", "U0BEN", 0, "Can vote: U0CLEO and whoever is in S0TREASURY."),
        ("250 EURO btc", "U0ANA", 2, "Did you mean EUR?"),
        ("status", "U0ANA", 2, "--explain takes a purchase"),
        ("250 EUR btc", None, 2, "--explain and --as go together"),
    ],
)
def test_a_request_is_told_by_the_sentences_of_slack(
    words: str, user: str | None, code: int, told: str
) -> None:
    """Whatever would be answered there, without marks of format; nothing is asked of anybody."""
    who = [] if user is None else ["--as", user]
    ended = CliRunner().invoke(app, ["policy", "check", str(EXAMPLE), "--explain", words, *who])
    assert ended.exit_code == code
    assert told in ended.output
    assert "<@" not in ended.output
