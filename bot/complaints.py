"""What is wrong with a configuration: one sentence a fault, never with what was given."""

from collections.abc import Iterator

from pydantic import ValidationError


class Faulty(Exception):
    """The configuration cannot be used: ``faults`` has one sentence for each reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


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
            case "extra_forbidden":
                yield f"{full}: unknown setting"
            case "missing":
                yield f"{full}: is missing"
            case _:
                says = fault["msg"].removeprefix("Value error, ").replace("Input should", "should")
                yield f"{full}: {says}"


def _place(parts: tuple[int | str, ...]) -> str:
    """``rules, number 2, approvals``: people count from one."""
    told = ""
    for part in parts:
        if isinstance(part, int):
            told += f" (number {part + 1})"
        else:
            told += f".{part}" if told else part
    return told
