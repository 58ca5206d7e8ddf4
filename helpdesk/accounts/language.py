"""The language of who is not known yet, kept for pages whose address does not tell it."""

from django.conf import settings
from django.http import HttpResponseBase


def remember_language(response: HttpResponseBase, code: str) -> None:
    """Keep a visitor's language in a cookie for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 86400, httponly=True,
        samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
