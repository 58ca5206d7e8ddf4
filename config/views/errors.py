"""What a person sees when something is refused or broken, in their language, with what they typed.

The templates of 413, 500, 503 and 507 stand alone: no database, no context, both languages on one page.
"""

import sys
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from helpdesk.portal.api import problems
from knowledge import room

TITLES = {400: "400.html", 403: "403.html", 404: "404.html", 405: "405.html"}


@dataclass(frozen=True)
class Typed:
    """One field of a form that could not be taken, ready to be sent again."""

    name: str
    value: str

    @property
    def is_secret(self) -> bool:
        """Never written back into a page: the person types it again."""
        return "password" in self.name.lower()

    @property
    def is_long(self) -> bool:
        return len(self.value) > 60 or "\n" in self.value

    @property
    def is_shown(self) -> bool:
        """Worth showing: words of the person, not a form's own marks."""
        return bool(self.value.strip()) and not self.name.startswith(("_", "next", "step"))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A question the server cannot read, or words beyond what a form takes.

    A session that could not be saved is told by Django as one that somebody ended; often the database fell.
    """
    if isinstance(exception, SessionInterrupted) and (cause := _passing(exception)):
        return _failed(request, *cause)
    is_large = isinstance(exception, RequestDataTooBig)
    if problems.is_for_machines(request):
        return problems.told(request, "too-large" if is_large else "cannot-read")
    return HttpResponse(too_large(), status=413) if is_large else _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not for this person; the exception may carry a sentence for them."""
    if problems.is_for_machines(request):
        return problems.told(request, "refused")
    return _page(request, 403, said=_sentence(exception))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such page, or not one this person may know of."""
    if problems.is_for_machines(request):
        return problems.told(request, "not-found")
    return _page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Our fault, or our disk's or database's: those pass, and whoever asks may try again. Never fails in its turn."""
    return _failed(request, *(_passing(sys.exc_info()[1]) or (500, "broken")))


def too_large() -> bytes:
    """The page for a body that was never read: no request to render it for."""
    return get_template("413.html").render({}, None).encode()


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without a valid token: show what was typed, ready to send again.

    Only for a form that this site itself showed: another site must not be able to put words into
    a form of ours and have a person send them with one click.
    """
    fields = _typed(request) if _from_here(request) else []
    context = {
        "fields": fields,
        "files": _file_names(request) if fields else [],
        "action": request.get_full_path(),
    }
    return render(request, "403_csrf.html", context, status=403)


def refused(request: HttpRequest, status: int) -> HttpResponse:
    """The page for a refusal that came without one (405)."""
    return _page(request, status)


def _passing(error: BaseException | None) -> tuple[int, str] | None:
    """What to say of a fault of the disk or the database behind the error; None = it is neither."""
    if room.is_lacking(error):
        return 507, "no-room"
    while error is not None:
        if isinstance(error, (OperationalError, InterfaceError)):
            return 503, "away"
        error = error.__cause__ or error.__context__
    return None


def _failed(request: HttpRequest, status: int, said: str) -> HttpResponse:
    if problems.is_for_machines(request):
        return problems.told(request, said)
    page = HttpResponse(get_template(f"{status}.html").render({}, None), status=status)
    if status != 500:
        page["Retry-After"] = "5"
    return page


def _page(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    return render(request, TITLES[status], context, status=status)


def _sentence(exception: Exception | None) -> str:
    """An exception's text when it was written for people; Django's own are not."""
    text = str(exception or "")
    return text if text and exception.__class__.__module__.split(".")[0] != "django" else ""


def _from_here(request: HttpRequest) -> bool:
    """Whether the browser says that the form was on a page of this site."""
    origin = request.META.get("HTTP_ORIGIN")
    if origin is not None:
        good = f"{request.scheme}://{request.get_host()}"
        return origin == good or origin in settings.CSRF_TRUSTED_ORIGINS
    referer = urlsplit(request.META.get("HTTP_REFERER", ""))
    return bool(referer.netloc) and referer.netloc == request.get_host()


def _typed(request: HttpRequest) -> list[Typed]:
    own = {"csrfmiddlewaretoken"}
    return [
        Typed(name=name, value=value)
        for name, values in request.POST.lists()
        for value in values
        if name not in own
    ]


def _file_names(request: HttpRequest) -> list[str]:
    uploads = [upload for name in request.FILES for upload in request.FILES.getlist(name)]
    return [str(getattr(upload, "name", "")) for upload in uploads]
