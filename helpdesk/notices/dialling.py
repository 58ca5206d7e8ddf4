"""Sending to an address that somebody else named, and to public addresses only.

The host is resolved here, every address it leads to is looked at, and the connection goes to the very
address that was looked at: a name that leads elsewhere a moment later (DNS rebinding) is not asked again.
A redirect is never followed.
"""

import http.client
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

PORTS = (443, 8443)
CONNECT, WHOLE = 5.0, 10.0
"""Seconds for a connection, and for the whole exchange however slowly it drips."""
_URL = re.compile(r"https://[\x21-\x7e]+")
_HOST = re.compile(
    r"(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z][-a-z0-9]{0,61}[a-z0-9]"
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotAllowed(Exception):
    """The address is none that this server sends to; the text is a code (`WHY` of forms)."""


def parsed(url: str, *, ports: tuple[int, ...] = PORTS) -> SplitResult:
    """The parts of an address that may be sent to, as far as it shows by itself. Raises NotAllowed."""
    if not _URL.fullmatch(url):
        raise NotAllowed("https")
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError:
        raise NotAllowed("address")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise NotAllowed("address")
    if port not in ports:
        raise NotAllowed("port")
    host = parts.hostname or ""
    if _as_address(host) is not None:
        raise NotAllowed("number")
    if not _HOST.fullmatch(host):
        raise NotAllowed("host")
    return parts


def is_public(address: str) -> bool:
    """An address of the open network: not of this machine, a house, a provider, a group or a tunnel."""
    found = _as_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif found.sixtofour is not None or found.teredo is not None or found in _NAT64:
            return False
    return found is not None and found.is_global and not found.is_multicast


def resolved(host: str, port: int) -> list[str]:
    """Every address of a host. Raises OSError."""
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


@dataclass(frozen=True)
class Dialler:
    """How names become addresses, which are allowed, and whom TLS trusts; tests bring their own."""

    resolve: Callable[[str, int], list[str]] = resolved
    allows: Callable[[str], bool] = is_public
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context
    ports: tuple[int, ...] = PORTS

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send the body; the status. Raises NotAllowed, OSError, http.client.HTTPException."""
        parts = parsed(url, ports=self.ports)
        host, port = parts.hostname or "", parts.port or 443
        found = self.resolve(host, port)
        if not found or not all(self.allows(address) for address in found):
            raise NotAllowed("private")
        raw = socket.create_connection((found[0], port), timeout=CONNECT)
        with (
            _ended_after(raw, WHOLE),
            self.context().wrap_socket(raw, server_hostname=host) as secured,
        ):
            line = http.client.HTTPSConnection(host, port, timeout=CONNECT)
            line.sock = secured
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            line.request("POST", path, body=body, headers=dict(headers))
            return line.getresponse().status


class _ended_after:
    """Shuts a socket that is still in use when the time is over."""

    def __init__(self, raw: socket.socket, seconds: float) -> None:
        self._raw = raw
        # wrap_socket takes the descriptor over: shut down a copy, which is the same connection.
        self._copy = raw.dup()
        self._timer = threading.Timer(seconds, self._shut)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()
        self._copy.close()
        self._raw.close()

    def _shut(self) -> None:
        try:
            self._copy.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def _as_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0].strip("[]"))
    except ValueError:
        return None
