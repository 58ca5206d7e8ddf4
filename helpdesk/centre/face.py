"""What every public page asks of its centre: is it open, and how does it look. One question in ten seconds.

Which centre a page is of is said by the host it was asked under (`here`): one that has the name as its
own, else the first, whose pages are those of the installation. Kept in the cache, because each page of
each visitor asks; whoever changes any of it calls `forget`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils.translation import get_language

from helpdesk.centre import practice
from helpdesk.centre.models import Centre

KEPT = 10
"""Seconds after which other processes see a change, where they share no cache."""
KEY = "centre:faces"
COME_BACK = 86_400
"""Seconds after which whoever was turned away before the opening may try again."""
_host: ContextVar[str] = ContextVar("host", default="")


@dataclass(frozen=True)
class Face:
    """Of an installation without a centre: open, so that nothing is hidden by mistake."""

    is_open: bool = True
    reads_early: bool = True
    name_ar: str = ""
    name_fr: str = ""
    colour: str = ""
    logo: str = ""
    host: str = ""
    centre: int | None = None
    line_keys: tuple[str, ...] = ()
    practice: int | None = None
    """The centre in which its staff practise just now."""

    @property
    def colour_code(self) -> str:
        """Its six digits, for an address."""
        return self.colour.removeprefix("#")

    @property
    def name(self) -> str:
        return self.name_fr if get_language() == "fr" else self.name_ar


class Hosts:
    """Keeps for one request under which name it was asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with asked_under(request.get_host()):
            return self.get_response(request)


@contextmanager
def asked_under(host: str) -> Iterator[None]:
    """`host` as a request names it, with or without a port."""
    token = _host.set(split_domain_port(host)[0])
    try:
        yield
    finally:
        _host.reset(token)


def face() -> Face:
    """The face of the centre whose page is asked for."""
    faces, host = _faces(), _host.get()
    own = next((one for one in faces if one.host and one.host == host), None)
    return own or (faces[0] if faces else Face())


def is_held_back(*, signed: str = "") -> bool:
    """Whether whoever asks from outside, by whatever channel, is still told that the centre opens soon.

    `signed`: the name of the key of an exchange, which may be that of another centre.
    """
    return not settings.DEMO and not _asked(signed).is_open


def lines_held_back(*, signed: str = "") -> bool:
    """The same of telephone lines: before the opening a practice answers them (`practice.answering`)."""
    return is_held_back(signed=signed) and _asked(signed).practice is None


def centre_here() -> Centre | None:
    """The centre whose page is asked for: in a practice, that; None while there is none."""
    rows = Centre.objects.order_by("pk")
    asked = practice.current() or face().centre
    found: Centre | None = rows.filter(pk=asked).first() or rows.first()
    return found


def address_of(host: str) -> str:
    """Scheme, name and port of the public pages of a centre with this host (empty: the installation's)."""
    ours = urlsplit(settings.PUBLIC_URL)
    if not host:
        return settings.PUBLIC_URL
    return f"{ours.scheme}://{host}" + (f":{ours.port}" if ours.port else "")


def homes() -> set[str]:
    """Addresses under which public pages of ours are reached."""
    return {settings.PUBLIC_URL, *(address_of(one.host) for one in _faces())}


def forget() -> None:
    cache.delete(KEY)


def _faces() -> list[Face]:
    kept: Any = cache.get(KEY)
    if kept is None:
        kept = _look()
        cache.set(KEY, kept, KEPT)
    found: list[Face] = kept
    return found


def _asked(signed: str) -> Face:
    """Whose exchange signed, else whose page is asked for."""
    return next((one for one in _faces() if signed in one.line_keys), None) or face()


def _look() -> list[Face]:
    rows = Centre.objects.real().order_by("pk").values_list(
        "opened_at", "reads_early", "name_ar", "name_fr", "colour", "logo__digest", "host", "pk",
        "line_keys", "practice__pk",
    )  # fmt: skip
    return [
        Face(opened is not None, early, ar, fr, colour, logo or "", host, pk, tuple(keys), practice)
        for opened, early, ar, fr, colour, logo, host, pk, keys, practice in rows
    ]
