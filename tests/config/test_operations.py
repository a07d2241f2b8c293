"""``[operations]``: the figures are for this machine alone."""

import pytest

from bot.setting_types import loopback
from tests.config.sample import example, faults, load


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("127.8.8.8:1", ("127.8.8.8", 1)),
        ("127.0.0.1:0", ("127.0.0.1", 0)),
        ("[::1]:65535", ("::1", 65535)),
    ],
)
def test_an_address_of_loopback_is_taken(text: str, meant: tuple[str, int]) -> None:
    """Port 0 is any free one, which the log names."""
    assert load(f'{example()}\n[operations]\nlisten = "{text}"\n').listen == meant
    assert loopback(text) == meant


@pytest.mark.parametrize(
    "text",
    ["0.0.0.0:9464", "192.168.1.5:9464", "[::]:9464", "[::ffff:10.0.0.1]:1", "::1:9464", ":9464",
     "localhost:9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "127.1:9464", "monitor:9464",
     "127.0.0.1:9464/x", ""],
)  # fmt: skip
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    """Amounts and people would be told to the network; a name can be pointed anywhere."""
    (sentence,) = faults(f'{example()}\n[operations]\nlisten = "{text}"\n')

    assert sentence.startswith("operations.listen: write an address of this machine alone")


@pytest.mark.parametrize("value", ["9464", "true", '["127.0.0.1:1"]'])
def test_what_is_no_text_is_refused_with_the_same_sentence(value: str) -> None:
    """TOML has numbers and lists, and somebody will write one."""
    (sentence,) = faults(f"{example()}\n[operations]\nlisten = {value}\n")

    assert sentence.startswith("operations.listen: write an address")


def test_without_the_table_nothing_listens() -> None:
    """Off unless somebody wants it."""
    assert load(example()).listen is None


def test_a_table_without_its_address_is_a_fault() -> None:
    """Whoever writes the table wants something."""
    assert faults(f"{example()}\n[operations]\n") == ["operations.listen: is missing"]
