"""The board: figures that open their rows; and figures of whole months without persons."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from helpdesk.supervision import access, months, sheets, use
from helpdesk.supervision import board as figures

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The page, or for the 5 s poll only its figures."""
    access.may_see_board(request.user)
    shown = figures.board(request.user, at=timezone.now())
    template = "figures" if getattr(request, "htmx", False) else "board"
    return render(request, f"supervision/{template}.html", {"board": shown})


@require_safe
def workbook(request: HttpRequest) -> HttpResponse:
    """The same figures as a workbook."""
    access.may_see_board(request.user)
    shown = figures.board(request.user, at=timezone.now())
    response = HttpResponse(sheets.workbook(shown), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="wasl-{shown.at:%Y-%m-%d}.xlsx"'
    return response


@require_safe
def figures_of_month(request: HttpRequest) -> HttpResponse:
    """What a partner may see: whole months, no names, no small numbers."""
    access.may_see_figures(request.user)
    shown = months.month_of(request.user, request.GET.get("month", ""), at=timezone.now())
    return render(request, "supervision/months.html", {"shown": shown})


@require_safe
def library_use(request: HttpRequest) -> HttpResponse:
    """How the library was used in a month, by article, language and province."""
    access.may_see_board(request.user)
    shown = use.report(request.user, request.GET.get("month", ""), at=timezone.now())
    return render(request, "supervision/use.html", {"shown": shown})


@require_safe
def use_workbook(request: HttpRequest) -> HttpResponse:
    """Thirteen months of it, line by line, as a workbook."""
    access.may_see_board(request.user)
    shown = use.whole(request.user, at=timezone.now())
    response = HttpResponse(sheets.use_workbook(shown), content_type=XLSX)
    response["Content-Disposition"] = (
        f'attachment; filename="wasl-use-{shown.months[0]:%Y-%m}.xlsx"'
    )
    return response
