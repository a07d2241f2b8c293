"""One-time codes (RFC 6238: SHA-1, 30 seconds, 6 digits) from the secrets that people really have.

pyotp 2.12 refuses secrets under 112 bits. Many services, Google Authenticator's set-up pages among
them, still hand out 16 base32 characters, which are 80 bits, in groups and in lower case. The
vendor chose that length, not we, so such a secret is taken.
"""

import base64
import binascii

import pyotp


class OneTimeCodes(pyotp.TOTP):
    """``OneTimeCodes(secret).at(moment)``. Raises ValueError for what is no base32 secret."""

    def byte_secret(self) -> bytes:
        compact = "".join(self.secret.split()).replace("-", "").rstrip("=").upper()
        try:
            decoded = base64.b32decode(compact + "=" * (-len(compact) % 8))
        except (binascii.Error, ValueError):
            decoded = b""
        if len(decoded) < 10:
            raise ValueError("a one-time-code secret is base32 text of at least 16 characters")
        return decoded
