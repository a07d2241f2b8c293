"""What a history may draw: people, amounts, moments, and what the vendor has in mind."""

from hypothesis import strategies as st

from tests.domain.sample import ANA, BEN, CLEO, DAN, FAY
from tests.histories.kinds import Plan

STEPS = (
    "request received",
    "request committed",
    "vote received",
    "vote committed",
    "before intent",
    "intent committed",
    "reply received",
    "outcome committed",
    "looked up",
    "before poll",
    "poll answered",
    "poll committed",
)
PEOPLE = st.sampled_from([BEN, CLEO, FAY, ANA, DAN])
WHICH = st.integers(0, 5)
SECONDS = st.sampled_from([1, 5, 25, 40, 125, 160, 600, 1800, 3660, 9 * 3600])
WHO = st.sampled_from([ANA, BEN])
AMOUNTS = st.sampled_from([250, 250, 5000])
ASSETS = st.sampled_from(["btc", "btc", "eth"])
PLANS = st.lists(st.sampled_from(Plan), min_size=1, max_size=3)
COPIES = st.sampled_from([None, "vote committed", "before intent", "intent committed"])
"""Where the file is copied by hand: the most dangerous moments."""
