"""Which base URLs a vendor may have: https to one host, or http to this machine.

Credentials travel to this address, so it is checked when the configuration is read, and strictly:
a host name or an address, perhaps a port and a path, and nothing else.
"""

import ipaddress
import re
from urllib.parse import urlsplit

BASE_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?(/[a-z0-9._~/-]*)?",
    re.IGNORECASE | re.ASCII,
)


def pinned(base_url: str) -> str:
    """The base URL without a trailing slash. Raises ValueError for what must not be called."""
    known = BASE_URL.fullmatch(base_url)
    if known is None:
        raise ValueError("write https://, a host, perhaps a port and a path, and nothing else")
    if known["scheme"].lower() != "https" and not _loopback(host_of(base_url)):
        raise ValueError("base_url must be https:// (http:// only on this machine)")
    return base_url.rstrip("/")


def host_of(base_url: str) -> str:
    """The bare host name or address, for logs and sentences."""
    return urlsplit(base_url).hostname or ""


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
