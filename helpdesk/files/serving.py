"""Handing a stored file out so that no browser runs anything in it: an attachment, asleep in a sandbox."""

from django.http import FileResponse, Http404

from helpdesk.files.actions import path_of
from helpdesk.files.models import StoredFile


def inert(stored: StoredFile) -> FileResponse:
    """The file as a download. Who may have it was decided by the caller."""
    try:
        content = path_of(stored.name).open("rb")
    except OSError:
        raise Http404 from None
    answer = FileResponse(
        content, as_attachment=True, filename=stored.shown_name, content_type=stored.content_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "no-store, private"
    return answer
