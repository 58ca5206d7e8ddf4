"""How calls and chats were served in a day, a week or a month: figures, their rows, and a workbook."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from helpdesk.supervision import access, measure_page, measure_sheets
from helpdesk.supervision.views.desk import book_answer

ROWS = 50


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    access.may_see_board(request.user)
    return render(request, "supervision/service.html", {"shown": _shown(request)})


@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """The rows that one figure counts."""
    access.may_see_board(request.user)
    key, found, asked = measure_page.rows_of(request.user, request.GET, at=timezone.now())
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page, "label": measure_page.labels()[key], "heads": measure_page.heads_of(found),
        "lines": measure_page.listed(list(page.object_list)),
        "title": measure_page.title_of(asked.period),
        "query": measure_page.query_of(asked, asked.period),
    }  # fmt: skip
    return render(request, "supervision/service_rows.html", context)


@require_safe
def workbook(request: HttpRequest) -> HttpResponse:
    """The same as the page, as a workbook; small numbers are told to nobody."""
    access.may_see_board(request.user)
    shown = _shown(request)
    name = f"wasl-service-{shown.period.first:%Y-%m-%d}-{shown.period.kind}"
    return book_answer(measure_sheets.workbook(shown), name)


def _shown(request: HttpRequest) -> measure_page.Shown:
    return measure_page.shown(
        request.user, request.GET, at=timezone.now(), right_to_left=get_language() == "ar"
    )
