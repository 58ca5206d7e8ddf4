"""Files of the program itself (styles, scripts, fonts, drawings): what a browser may do with one that is opened alone."""

from wsgiref.headers import Headers

POLICY = "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
"""Loads nothing. Short, since each of a page's files carries it to telephones that pay by the byte."""


def tell(headers: Headers, path: str, url: str) -> None:
    """As whitenoise asks for it."""
    headers["Content-Security-Policy"] = POLICY
