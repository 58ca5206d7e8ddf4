"""The check of the public line, for administrators: what was found last, and a button to look again."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from telephony.providers.twilio.account import account
from telephony.providers.twilio.checking import access, running, sentences


@dataclass(frozen=True)
class Line:
    title: str
    row: Any
    points: list[tuple[str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
def checks(request: HttpRequest) -> HttpResponse:
    """POST asks for a check: a sweep does it, the page shows it when it is done."""
    access.may_check(request.user)
    if request.method == "POST":
        running.want(at=timezone.now())
        return redirect("line_check:checks")
    last = access.last(request.user)
    rows = [
        Line(str(sentences.TITLES[row.code]), row, [sentences.told(one) for one in row.points])
        for row in access.findings(request.user)
    ]
    context = {
        "rows": rows, "last": last, "is_off": account() is None,
        "red": sum(one.row.level == "red" for one in rows),
        "amber": sum(one.row.level == "amber" for one in rows),
        "under_way": last.wanted_at and (not last.done_at or last.wanted_at > last.done_at),
    }  # fmt: skip
    whole = not request.headers.get("HX-Request")
    return render(request, "line_check/" + ("checks.html" if whole else "list.html"), context)
