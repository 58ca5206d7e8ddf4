"""Bringing in a spreadsheet: an empty one to fill, what was read of it, what is kept, what is returned."""

import csv
import io
import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from config.installation import access, bringing
from config.installation.bringing import Checked, Kind
from config.installation.forms import SheetForm
from config.installation.sheets import MOST_BYTES, MOST_ROWS, BadSheet, Rows, heading, read
from config.installation.steps import Step
from config.installation.views.page import shown
from config.installation.views.staff import LINKS
from helpdesk.centre.lines import clean_line
from helpdesk.supervision.sheets import cell


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, kind: str) -> HttpResponse:
    """GET: an empty sheet. POST: a file is shown as it was read; `act` says what becomes of its rows."""
    centre = access.centre_for(request.user)
    if kind not in bringing.KINDS:
        raise Http404
    step, one = access.step_named(kind), bringing.KINDS[kind]
    if request.method != "POST":
        return _file(f"{kind}.csv", [[heading(name, one.labels) for name in one.labels]])
    if "rows" not in request.POST:
        return _read(request, centre, step, one)
    checked = bringing.check(one, centre, _rows(request.POST["rows"], one))
    if request.POST.get("act") == "bad":
        return _returned(one, checked)
    kept = bringing.take(one, centre, checked, by=request.user, at=timezone.now())
    request.session[LINKS] = [pair for pair in kept if pair[1]]
    messages.success(
        request,
        ngettext("%(n)s row was kept.", "%(n)s rows were kept.", len(kept)) % {"n": len(kept)},
    )
    return redirect(step.address)


def associations(request: HttpRequest, centre: Any, step: Step) -> HttpResponse:
    """The step of the associations is its sheet and nothing else."""
    return shown(request, step, centre, "installation/associations.html", {"sheet": SheetForm()})


def _read(request: HttpRequest, centre: Any, step: Step, kind: Kind) -> HttpResponse:
    form = SheetForm(request.POST, request.FILES)
    rows: Rows = []
    if form.is_valid():
        sent = form.cleaned_data["sheet"]
        try:
            rows = read(sent.read(MOST_BYTES + 1), sent.name, kind.labels)
        except BadSheet as bad:
            form.add_error("sheet", str(bad))
    checked = bringing.check(kind, centre, rows)
    context = {
        "sheet": form,
        "read": bool(checked),
        "good": [row for row in checked if not row.problems],
        "bad": [row for row in checked if row.problems],
        "rows": json.dumps(rows, ensure_ascii=False),
        "kind": kind.slug,
    }
    status = 422 if form.errors else 200
    return shown(request, step, centre, "installation/sheet.html", context, status=status)


def _rows(text: str, kind: Kind) -> Rows:
    """The rows as the page carried them; whatever is not a row of texts is left out."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    rows = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
    return [
        {name: clean_line(str(row.get(name) or ""), limit=300) for name in kind.labels}
        for row in rows[:MOST_ROWS]
    ]


def _returned(kind: Kind, checked: list[Checked]) -> HttpResponse:
    """The rows that were not taken, each with its reasons, in the form in which they can be sent again."""
    head = [*(heading(name, kind.labels) for name in kind.labels), _("Why not")]
    lines = [
        [*(row.typed.get(name, "") for name in kind.labels), " · ".join(row.problems)]
        for row in checked
        if row.problems
    ]
    return _file(f"{kind.slug}-returned.csv", [head, *lines])


def _file(name: str, lines: list[list[str]]) -> HttpResponse:
    """As csv with the mark by which spreadsheets know UTF-8; no cell is taken for a formula."""
    out = io.StringIO()
    csv.writer(out).writerows([[cell(one) for one in line] for line in lines])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
