"""The board: figures that open their rows; and figures of whole months without persons."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from helpdesk.accounts.scope import Scope
from helpdesk.live.passes import listening
from helpdesk.live.streams import team as stream_of
from helpdesk.supervision import access, months, queue_lines, sheets, use
from helpdesk.supervision import board as figures

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
THEMES = {"dark": "dark", "light": "light"}


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The page; for its polls only the figures, and 304 when nothing has moved since the last ones.

    `?wall` is the same for a screen on the wall, `?wall=dark` in dark colours.
    """
    access.may_see_board(request.user)
    at, is_part = timezone.now(), bool(getattr(request, "htmx", False))
    held = queue_lines.queues(request.user)
    stamp = _stamp(request, queue_lines.stamp(held))
    if is_part and _still_stands(request, stamp, now=at.timestamp()):
        return _named(HttpResponse(status=304), request.headers["If-None-Match"].strip('"'))
    shown = figures.board(request.user, at=at, queues=held)
    is_wall = "wall" in request.GET
    name = f"{stamp}-{int(shown.stands_until.timestamp())}"
    teams = sorted(reach.team for reach in Scope.of(request.user).reaches)
    context = {
        "board": shown, "is_wall": is_wall, "name": name,
        "theme": THEMES.get(request.GET.get("wall", ""), ""),
        "live": listening(request.user, *(stream_of(pk) for pk in dict.fromkeys(teams))),
    }  # fmt: skip
    part = "wall_figures" if is_wall else "figures"
    template = part if is_part else "wall" if is_wall else "board"
    return _named(render(request, f"supervision/{template}.html", context), name)


def _stamp(request: HttpRequest, moved: str) -> str:
    """What moved, for this reader in this language on this kind of page; empty = never the same."""
    if not moved:
        return ""
    reaches = sorted((r.team, r.province) for r in Scope.of(request.user).reaches)
    parts = (moved, request.user.pk, get_language(), request.GET.get("wall"), reaches)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]


def _still_stands(request: HttpRequest, stamp: str, *, now: float) -> bool:
    """The figures the page has are these: nothing was written, and no threshold passed by the clock."""
    before, _sep, until = request.headers.get("If-None-Match", "").strip('"').rpartition("-")
    return bool(stamp) and before == stamp and until.isdecimal() and now < int(until[:12])


def _named(response: HttpResponse, name: str) -> HttpResponse:
    if not name.startswith("-"):
        response["ETag"] = f'"{name}"'
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def workbook(request: HttpRequest) -> HttpResponse:
    """The same figures as a workbook."""
    access.may_see_board(request.user)
    shown = figures.board(request.user, at=timezone.now())
    return book_answer(sheets.workbook(shown), f"wasl-{shown.at:%Y-%m-%d}")


@require_safe
def figures_of_month(request: HttpRequest) -> HttpResponse:
    """Whole months, no names, no small numbers."""
    access.may_see_board(request.user)
    shown = months.month_of(request.user, request.GET.get("month", ""), at=timezone.now())
    return render(request, "supervision/months.html", {"shown": shown})


@require_safe
def months_workbook(request: HttpRequest) -> HttpResponse:
    """The same month as a workbook; what is not told on the page is not told there."""
    access.may_see_board(request.user)
    shown = months.month_of(request.user, request.GET.get("month", ""), at=timezone.now())
    return book_answer(sheets.month_workbook(shown), f"wasl-{shown.start:%Y-%m}")


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
    return book_answer(sheets.use_workbook(shown), f"wasl-use-{shown.months[0]:%Y-%m}")


def book_answer(content: bytes, name: str) -> Any:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
