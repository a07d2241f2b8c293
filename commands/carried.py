"""What a button and a form carry, so that a click is for exactly what was shown."""

import json
from collections.abc import Mapping
from typing import Any

Said = dict[str, Any]


def carried(**said: str | None) -> str:
    """As the value of a button, or the private text of a form."""
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False)


def pressed(body: Mapping[str, Any]) -> Said:
    """What the pressed button carries."""
    return _read(body["actions"][0]["value"])


def handed_in(body: Mapping[str, Any]) -> Said:
    """What the form that is handed in carries."""
    return _read(body["view"]["private_metadata"])


def _read(value: str) -> Said:
    said: Said = json.loads(value)
    return said
