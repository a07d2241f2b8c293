"""Deaths that do not fit into a line of the table, and a test of the test."""

from pathlib import Path

from tests.crash.claims import ONE, audit_broken, broken, end_of
from tests.crash.drama import Death, drama
from tests.crash.people import People
from tests.stage import BEN
from tests.vendors.kinds import Kind


async def test_three_deaths_in_a_row_change_nothing(tmp_path: Path) -> None:
    """The restarted process dies in the middle of its own recovery."""
    deaths = [Death("intent committed"), Death("looked up"), Death("intent committed")]

    async with drama(tmp_path, deaths) as one:
        card = await People(one).play()
        await one.stop()

        assert broken(one, card) == []
        assert await audit_broken(one) == []
        assert end_of(one, card) == ONE
        assert one.died == 3


async def test_a_death_of_an_interpreter_of_its_own_ends_in_one_purchase(tmp_path: Path) -> None:
    """All other children are forked from a process that has imported everything; systemd's not."""
    async with drama(tmp_path, [Death("reply received")], fresh=True) as one:
        card = await People(one).play()
        await one.stop()

        assert broken(one, card) == []
        assert end_of(one, card) == ONE
        assert one.died == 1


async def test_a_click_on_the_spare_copy_that_a_death_has_left_closes_it(tmp_path: Path) -> None:
    """Killed between Slack's yes and our mark: two cards, and the spare one is no trap."""
    async with drama(tmp_path, [Death("posted")]) as one:
        people = People(one)
        await people.ask()
        await one.stage.slack.wait_for(lambda _: len(one.stage.cards()) == 2, timeout=30)
        await people.see_it_end()
        spare = one.stage.cards()[0]

        outcome = await one.stage.slack.click(BEN, spare, "approve")
        answer = await outcome.answer()
        await one.stage.slack.wait_for(lambda _: not spare.buttons())

        assert "decided already" in answer.text
        assert len(one.vendor.bought) == 1


async def test_the_table_does_find_a_second_purchase_when_keys_are_not_kept(
    tmp_path: Path,
) -> None:
    """A test of the test: a client that mints a fresh key for every send buys twice here."""
    async with drama(tmp_path, [Death("reply received")], fresh_keys=True) as one:
        card = await People(one).play()
        await one.stop()

        found = broken(one, card)

    assert "at most one purchase" in found
    assert "one key" in found


async def test_the_table_does_find_a_second_purchase_where_a_key_is_only_believed_in(
    tmp_path: Path,
) -> None:
    """A test of the test: a sheet that promises a key which the vendor ignores buys twice here."""
    deaths, believed = [Death("reply received")], Kind.NATIVE_KEY
    async with drama(tmp_path, deaths, vendor=Kind.ATTRIBUTES, believed=believed) as one:
        card = await People(one).play()
        await one.stop()

        found = broken(one, card, keyed=False)

    assert "at most one purchase" in found
    assert "sent again only under a key" in found
