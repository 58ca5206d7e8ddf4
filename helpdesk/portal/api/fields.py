"""Parameters that every list of the API takes, and pages of it."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy
from ninja import Query, Schema
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

_: Callable[[str], Any] = gettext_lazy
"""For texts of operations, which django-ninja wants as `str`."""
MOST = 100
_DIGITS = re.compile(r"[0-9]{1,6}")
Language = Literal["ar", "fr"]


def _plain(value: Any) -> Any:
    """A number as people write it in an address: pydantic would take `1_0`, `+3` and ` 3 ` too."""
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    if isinstance(value, int):
        return value
    raise PydanticCustomError("plain_number", "not a whole number")


Number = Annotated[int, BeforeValidator(_plain)]
Lang = Annotated[
    Language | None,
    Query(None, description=_("Language of the texts; without it Accept-Language decides.")),
]
Page = Annotated[Number, Field(ge=1, le=10_000)]
Limit = Annotated[Number, Field(ge=1, le=MOST)]


class Paged(Schema):
    """One page of a list."""

    count: int
    """Rows on all pages."""
    page: int
    pages: int
    next: str | None = None
    """Address of the next page."""


def language(wished: str | None) -> Language:
    """The language of the texts: as the address says, else as the reader wishes."""
    return "fr" if (wished or get_language()) == "fr" else "ar"


def paged(request: HttpRequest, rows: Any, *, page: int, limit: int) -> dict[str, Any]:
    """The rows of a page and where it stands; `rows` is a queryset or a list."""
    count = len(rows) if isinstance(rows, list | tuple) else rows.count()
    pages = max(1, -(-count // limit))
    start = (page - 1) * limit
    found: Sequence[Any] = list(rows[start : start + limit]) if start < count else []
    return {
        "count": count, "page": page, "pages": pages, "items": found,
        "next": _address(request, page + 1) if page < pages else None,
    }  # fmt: skip


def _address(request: HttpRequest, page: int) -> str:
    asked = request.GET.copy()
    asked["page"] = str(page)
    return f"{settings.PUBLIC_URL}{request.path}?{asked.urlencode()}"
