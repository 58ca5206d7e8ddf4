"""The programme report: figures of S1 to S3 of a period that is over, and its frozen copies."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from helpdesk.supervision import access
from helpdesk.supervision.programme import choosing, files, freezing, report, showing
from knowledge.articles.printing import NoPdf
from knowledge.languages import reading_language


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Counted now, with the copies made of this centre before."""
    access.may_read_programme(request.user)
    found, centre = _counted(request, request.GET)
    context = {
        "shown": showing.shown(found, centre=centre),
        "choices": choosing.choices(request.user, found.asked, at=found.at),
        "centres": access.programme_centres(request.user), "centre": centre,
        "query": urlencode(choosing.query_of(found.asked)),
        "copies": choosing.listed(access.frozen_copies(request.user, centre=centre.pk)),
        "may_freeze": _may_freeze(request.user, found.asked),
    }  # fmt: skip
    return render(request, "supervision/programme.html", context)


@require_safe
def file(request: HttpRequest, format: str) -> HttpResponse:
    """The same as a workbook or as PDF, in the reader's language."""
    access.may_read_programme(request.user)
    if format not in files.TYPES:
        raise Http404
    found, centre = _counted(request, request.GET)
    try:
        content = files.made_of(found, format, reading_language(), centre=centre)
    except NoPdf:
        raise Http404 from None
    return _attached(content, f"wasl-{found.asked.name}", format)


@require_POST
def copies(request: HttpRequest) -> HttpResponse:
    """Freeze what the page shows."""
    access.may_read_programme(request.user)
    found, centre = _counted(request, request.POST)
    asked = found.asked
    access.may_freeze(request.user, centre=centre.pk, province=asked.province)
    made = freezing.freeze(found, centre=centre, by=request.user, at=found.at)
    messages.success(request, _("The copy is kept. Nothing changes it any more."))
    return redirect("supervision:frozen", pk=made.pk)


@require_safe
def frozen(request: HttpRequest, pk: int) -> HttpResponse:
    """One copy, as it was told on its day."""
    copy = access.frozen_copy(request.user, pk)
    seen = showing.shown(report.of_content(copy.content), centre=copy.centre)
    return render(
        request, "supervision/programme.html",
        {"shown": seen, "copy": copy, "files": copy.files.defer("content")},
    )  # fmt: skip


@require_safe
def frozen_file(request: HttpRequest, pk: int, language: str, format: str) -> HttpResponse:
    """The very bytes that were made on that day."""
    kept = access.frozen_file(request.user, pk, language=language, format=format)
    response = _attached(bytes(kept.content), f"wasl-{pk}-{language}", format)
    response["ETag"] = f'"{kept.sha256}"'
    return response


def _counted(request: HttpRequest, given: Any) -> tuple[report.Report, Any]:
    at = timezone.now()
    asked = report.asked_of(request.user, given, at=at)
    centre = access.programme_centre(request.user, asked.centre)
    return report.report(request.user, asked, at=at), centre


def _may_freeze(user: Any, asked: report.Asked) -> bool:
    try:
        access.may_freeze(user, centre=asked.centre, province=asked.province)
    except PermissionDenied:
        return False
    return True


def _attached(content: bytes, name: str, format: str) -> HttpResponse:
    response = HttpResponse(content, content_type=files.TYPES[format])
    response["Content-Disposition"] = f'attachment; filename="{name}.{format}"'
    return response
