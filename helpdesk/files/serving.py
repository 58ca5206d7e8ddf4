"""Handing a stored file out so that no browser runs anything in it: an attachment, asleep in a sandbox."""

import re
from typing import TypeVar

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase

from helpdesk.files.actions import path_of
from helpdesk.files.models import StoredFile

Response = TypeVar("Response", bound=HttpResponseBase)
_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")


def answer(request: HttpRequest, stored: StoredFile) -> HttpResponseBase:
    """The file, or of sound the part that a player asks for: without it nobody can jump in it."""
    if not stored.is_sound:
        return inert(stored)
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    found = _part(stored, int(asked[1]), asked[2]) if asked else inert(stored)
    found["Accept-Ranges"] = "bytes"
    return found


def _part(stored: StoredFile, begin: int, last: str) -> HttpResponse:
    """Bytes from `begin` to `last` (empty = to the end), both told of by the player."""
    end = min(int(last or stored.size), stored.size - 1)
    if begin > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{stored.size}"})
    try:
        with path_of(stored.name).open("rb") as content:
            content.seek(begin)
            found = content.read(end - begin + 1)
    except OSError:
        raise Http404 from None
    part = HttpResponse(found, status=206, content_type=stored.content_type)
    part["Content-Range"] = f"bytes {begin}-{end}/{stored.size}"
    return _asleep(part)


def inert(stored: StoredFile) -> FileResponse:
    """The file as a download. Who may have it was decided by the caller."""
    try:
        content = path_of(stored.name).open("rb")
    except OSError:
        raise Http404 from None
    return _asleep(
        FileResponse(
            content, as_attachment=True, filename=stored.shown_name, content_type=stored.content_type
        )
    )  # fmt: skip


def _asleep(answer: Response) -> Response:
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "no-store, private"
    return answer
