"""The browser of somebody without an account, known again by a random cookie that says nothing else.

The value is signed and dated: a sender who makes up cookies is nobody, and one made this second has
no past. It opens nothing but the unsent text of that browser.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

KEPT = timedelta(days=30)
_signer = signing.TimestampSigner(salt="wasl.visitor")


@dataclass(frozen=True)
class Visitor:
    """`token` is 43 random characters; `is_new` until the browser has sent it back once."""

    token: str
    is_new: bool = False


def visitor_of(request: HttpRequest) -> Visitor:
    """The visitor of this request, made when there is none. `remember` sends the cookie."""
    if known := getattr(request, "wasl_visitor", None):
        return known
    try:
        token = _signer.unsign(request.COOKIES.get(settings.VISITOR_COOKIE_NAME, ""), max_age=KEPT)  # type: ignore[misc]
        found = Visitor(token)
    except signing.BadSignature:
        found = Visitor(secrets.token_urlsafe(32), is_new=True)
    request.wasl_visitor = found  # type: ignore[attr-defined]
    return found


def remember(response: HttpResponse, visitor: Visitor) -> HttpResponse:
    """Send a new visitor's cookie with the answer."""
    if visitor.is_new:
        response.set_cookie(
            settings.VISITOR_COOKIE_NAME, _signer.sign(visitor.token), max_age=KEPT, httponly=True,  # type: ignore[misc]
            samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return response
