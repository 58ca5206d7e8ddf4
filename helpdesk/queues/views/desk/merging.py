"""Merging two requests, splitting one, and undoing either: looked at first, then done."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.queues import merging as acts
from helpdesk.tickets import access as tickets
from helpdesk.tickets import finding, joining
from helpdesk.tickets.actions import merging as merged
from helpdesk.tickets.actions.splitting import separable
from helpdesk.tickets.errors import MergedAway, Refusal
from helpdesk.tickets.forms.merging import FROM, INTO, MergeForm, SplitForm
from helpdesk.tickets.views.desk.acts import form_view, typed
from helpdesk.tickets.views.desk.page import Panel, back, open_panel

SHOWN = 8


@form_view
def merging(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the other request, see what will move, merge."""
    user, now = request.user, timezone.now()
    ticket = tickets.merging_ticket(user, pk, at=now)
    form = MergeForm(typed(request))
    if request.method != "POST" or not form.is_valid():
        return open_panel(request, pk, _choosing(request, ticket, form))
    other = tickets.other_ticket(user, form.cleaned_data["other"], at=now)
    source, target = _ways(ticket, other, form.cleaned_data["way"])
    panel = _choosing(request, ticket, form)
    if other is None or not tickets.may_merge(user, source):
        return open_panel(request, pk, panel, said=_("Only who has a request merges it."))
    try:
        acts.merge(source, target, by=user, at=now)
    except MergedAway as moved:
        messages.warning(request, str(moved))
        return back(moved.target.pk)
    except Refusal as refusal:
        return open_panel(request, pk, panel, said=str(refusal))
    named = {"source": source.reference, "target": target.reference}
    messages.success(request, _("%(source)s now goes on as %(target)s.") % named)
    return back(target.pk)


def _choosing(request: HttpRequest, ticket: Any, form: MergeForm) -> Panel:
    user, now = request.user, timezone.now()
    asked = request.POST if request.method == "POST" else request.GET
    text = request.GET.get("q", "").strip()[: finding.LONGEST]
    other = tickets.other_ticket(user, _key(asked.get("other", "")), at=now)
    way = FROM if asked.get("way") == FROM else INTO
    extra: dict[str, Any] = {"text": text, "other": other, "way": way, "ways": (INTO, FROM)}
    if other is not None and other.pk != ticket.pk:
        source, target = _ways(ticket, other, way)
        extra["preview"] = joining.preview(source, target, at=now)
        extra["may"] = tickets.may_merge(user, source)
        extra["turned"] = INTO if way == FROM else FROM
    elif text:
        extra["found"] = finding.others(user, ticket, text, at=now)
    else:
        extra["near"] = finding.near(user, ticket, at=now)
    return Panel(
        title=_("Merge with another request"), act=reverse("queues:merging", args=[ticket.pk]),
        submit=_("Merge"), form=form, template="queues/panels/merging.html", extra=extra,
    )  # fmt: skip


def _ways(ticket: Any, other: Any, way: str) -> tuple[Any, Any]:
    return (other, ticket) if way == FROM else (ticket, other)


@form_view
def splitting(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose entries that become a request of their own."""
    user, now = request.user, timezone.now()
    ticket = tickets.merging_ticket(user, pk, at=now)
    form = SplitForm(
        typed(request), entries=list(separable(ticket)), initial={"subject": ticket.subject}
    )
    panel = Panel(
        title=_("Split into two requests"), act=reverse("queues:splitting", args=[pk]),
        submit=_("Make a new request of it"), form=form, template="queues/panels/splitting.html",
        lead=_("What you tick becomes a new request of the same asker; the same secret code opens it."),
    )  # fmt: skip
    if not form.is_valid():
        return open_panel(request, pk, panel)
    given = form.cleaned_data
    try:
        new = acts.split(ticket, given["entry"], subject=given["subject"], by=user, at=now)
    except Refusal as refusal:
        return open_panel(request, pk, panel, said=str(refusal))
    named = {"source": ticket.reference, "target": new.reference}
    messages.success(request, _("%(target)s was split off %(source)s.") % named)
    return back(new.pk)


@form_view
def undoing(request: HttpRequest, pk: int) -> HttpResponse:
    """What undoing a merge or a split gives back and what stays, then the act."""
    user, now = request.user, timezone.now()
    row = tickets.merge_for(user, pk, at=now)
    page = row.target.merged_into_id or row.target_id
    named = {"source": row.source.reference, "target": row.target.reference}
    is_split = row.act == row.Act.SPLIT
    panel = Panel(
        title=_("Undo the split") if is_split else _("Undo the merge"),
        act=reverse("queues:undoing", args=[pk]), submit=_("Undo"),
        template="queues/panels/undoing.html",
        extra={
            "row": row, "is_split": is_split, "came": merged.coming_back(row),
            "stay": 0 if is_split else merged.written_since(row),
        },
    )  # fmt: skip
    if row.undone_at is not None:
        messages.info(request, _("This was undone already."))
        return back(page)
    if request.method != "POST":
        return open_panel(request, page, panel)
    try:
        to = acts.undo(row, by=user, at=now)
    except Refusal as refusal:
        return open_panel(request, page, panel, said=str(refusal))
    done = (
        _("%(target)s is part of %(source)s again.")
        if is_split
        else _("%(source)s is a request of its own again.")
    )
    messages.success(request, done % named)
    return back(to.pk)


def _key(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0
