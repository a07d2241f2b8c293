"""One-time codes: the RFC's own numbers, and the secrets that services really hand out.

The vendor's set-up page decides how long a secret is, and nobody can ask it for a longer one.
"""

import pytest

from providers.onetime import OneTimeCodes

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def test_the_rfcs_vectors_come_out() -> None:
    """RFC 6238, appendix B, the last six digits of the SHA-1 column."""
    codes = OneTimeCodes(RFC_SECRET)
    assert [codes.at(t) for t in (59, 1111111109, 2000000000)] == ["287082", "081804", "279037"]


@pytest.mark.parametrize(
    "secret", ["JBSWY3DPEHPK3PXP", "jbsw y3dp ehpk 3pxp", "JBSW-Y3DP-EHPK-3PXP"]
)
def test_a_secret_of_sixteen_characters_is_taken_as_it_is_shown(secret: str) -> None:
    """80 bits are what many services give out; pyotp alone refuses them."""
    assert [OneTimeCodes(secret).at(t) for t in (0, 30)] == ["282760", "996554"]


@pytest.mark.parametrize("secret", ["", "JBSWY3DP", "not base32!", "0189018901890189", "é" * 16])
def test_what_is_no_secret_is_refused_without_being_shown(secret: str) -> None:
    """A pasted password or a cut secret must be told at start, and not printed."""
    with pytest.raises(ValueError, match="base32 text of at least 16"):
        OneTimeCodes(secret)
