"""Which sites may show the chat: origins as people paste them, made exact. Pure functions.

What passes goes into a header of ours, so nothing but a scheme, a host and a port may pass.
"""

import re
from urllib.parse import urlsplit

_HOST = re.compile(
    r"^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$"
)
HERE = ("localhost", "127.0.0.1")
"""Hosts that may go without https: a trial on one's own machine."""
MOST = 30


class BadSite(ValueError):
    """Not an origin; the text is what was typed."""


def origin_of(text: str) -> str:
    """`https://name[:port]` of an address; a bare name is taken as https. Raises BadSite."""
    text = text.strip()[:500]
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = (parts.hostname or "").encode("idna").decode("ascii").lower(), parts.port
    except ValueError:
        raise BadSite(text) from None
    good = parts.scheme == "https" or (parts.scheme == "http" and host in HERE)
    if not good or not _HOST.match(host) or ("." not in host and host not in HERE):
        raise BadSite(text)
    if parts.username is not None or parts.password is not None:
        raise BadSite(text)
    usual = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual else "")


def whatsapp_digits(text: str) -> str:
    """Digits as wa.me takes them: `06 12 34 56 78` is Moroccan. Empty when it cannot be a number."""
    digits = "".join(c for c in text if c.isdecimal()).translate(
        str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
    )
    if not digits.isascii():
        return ""
    if digits.startswith("00"):
        digits = digits[2:]
    elif digits.startswith("0"):
        digits = f"212{digits[1:]}"
    return digits if 8 <= len(digits) <= 15 else ""
