"""What the last comparison of our records with a provider's list came to, and what people say."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What people know of a difference, as it stood then."""

    because: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The newest comparison with one provider."""

    provider: str
    tried_at: datetime | None = None
    trouble: str | None = None
    """Why it could not be compared then; None: it was, or was never tried."""
    compared_at: datetime | None = None
    """When that last succeeded; the figure is of then."""
    unexplained: int = 0
    explained: int = 0
    """Of what was found then, what people have explained until now."""
