"""What is wrong with a configuration: one sentence a fault, never with what was given."""

from collections.abc import Iterator

from pydantic import ValidationError


class Faulty(Exception):
    """The configuration cannot be used: ``faults`` has one sentence for each reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


_LIST = 'write a list in square brackets, such as ["one", "two"]'

PLAIN = {
    "extra_forbidden": "unknown setting; countersign.example.toml shows those that there are",
    "missing": "is missing",
    "string_type": "write it in quotes",
    "string_too_short": "must not be empty",
    "bool_type": "write true or false, without quotes",
    "bool_parsing": "write true or false, without quotes",
    "int_type": "write a whole number, without quotes",
    "int_parsing": "write a whole number, without quotes",
    "int_from_float": "write a whole number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "write one of {expected}",
    "list_type": _LIST,
    "tuple_type": _LIST,
    "too_short": "must not be empty",
    "dict_type": "is a table of settings: begin it with a name in square brackets",
    "model_type": "is a table of settings, not a single value",
}
"""What pydantic finds wrong, in the words of whoever writes the file. Not here: its own words."""


def sentences(error: ValidationError, where: str = "") -> Iterator[str]:
    """One sentence for each complaint of pydantic, without what was given."""
    faults = error.errors(include_input=False, include_url=False)
    places = [fault["loc"] for fault in faults]
    for fault in faults:
        deeper = any(place[: len(fault["loc"])] == fault["loc"] != place for place in places)
        if fault["type"] == "too_short" and deeper:
            # A list whose items are all faulty counts as empty: the items are told already.
            continue
        path = _place(fault["loc"])
        full = ".".join(part for part in (where, path) if part)
        match fault["type"]:
            case "value_error":
                yield f"{full}: {fault['msg'].removeprefix('Value error, ')}"
            case kind if kind in PLAIN:
                yield f"{full}: {PLAIN[kind].format(**fault.get('ctx', {}))}"
            case _:
                yield f"{full}: {fault['msg'].replace('Input should', 'should')}"


def _place(parts: tuple[int | str, ...]) -> str:
    """``rules, number 2, approvals``: people count from one."""
    told = ""
    for part in parts:
        if isinstance(part, int):
            told += f" (number {part + 1})"
        else:
            told += f".{part}" if told else part
    return told
