"""What a ticket is filed under, the facts known, and the clocks they set going."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.associations import clock
from helpdesk.centre import collision
from helpdesk.centre.collision import Moved
from helpdesk.tickets import access, page
from helpdesk.tickets import facts as fact_list
from helpdesk.tickets.actions import naming, timing, write
from helpdesk.tickets.forms.acts import FilingForm
from helpdesk.tickets.forms.facts import FactsForm
from helpdesk.tickets.forms.people import ClockForm
from helpdesk.tickets.views.desk.acts import form_view, typed
from helpdesk.tickets.views.desk.page import Panel, back, open_panel
from knowledge.articles import advising
from knowledge.search.query import suggest

FIELDS = 14


@form_view
def filing(request: HttpRequest, pk: int) -> HttpResponse:
    """Subject, theme and province."""
    now = timezone.now()
    ticket = access.handled_ticket(request.user, pk, at=now)
    filed = _filed(ticket)
    seen = request.POST.get(collision.FIELD) or collision.stamp(filed)

    def made(data: Any) -> FilingForm:
        return FilingForm(data, themes=advising.themes(ticket.theme), initial=filed)

    form = made(typed(request))
    panel = Panel(
        title=_("Subject, theme, province"), act=reverse("tickets:filing", args=[pk]),
        submit=_("Keep"), form=form, seen=seen,
    )  # fmt: skip
    if not form.is_valid():
        return open_panel(request, pk, panel)
    given = form.cleaned_data
    try:
        if collision.has_moved(seen, filed):
            raise Moved
        naming.file_under(
            ticket, subject=given["subject"], theme=form.themes.get(given["theme"]),
            province=given["province"], by=request.user, at=now,
        )  # fmt: skip
    except Moved:
        fresh = access.handled_ticket(request.user, pk, at=now)
        who = fresh.filed_by.shown_name if fresh.filed_by else ""
        return _both(request, pk, panel, _filed(fresh), made, who=who, at=fresh.filed_at)
    return back(pk)


@form_view
def facts(request: HttpRequest, pk: int) -> HttpResponse:
    """What the asker still has to say; days among them set the procedure clock going."""
    now = timezone.now()
    ticket = access.handled_ticket(request.user, pk, at=now)
    known, listed = dict(ticket.facts.values_list("code", "value")), fact_list.facts()
    if request.method == "POST":
        codes = [code for code in listed if code in request.POST]
    else:
        hits = suggest(page.question_of(ticket), lang="ar", limit=1)
        wanted = page.wanted_facts([hit.topic for hit in hits], theme=ticket.theme, most=FIELDS)
        codes = [code for code in listed if code in wanted or code in known]
    told = {code: known.get(code, "") for code in codes}
    seen = request.POST.get(collision.FIELD) or collision.stamp(told)

    def made(data: Any) -> FactsForm:
        return FactsForm(data, codes=codes, initial=known)

    form = made(typed(request))
    panel = Panel(
        title=_("Facts"), act=reverse("tickets:facts", args=[pk]), submit=_("Keep the facts"),
        form=form, template="tickets/panels/facts.html", seen=seen,
    )  # fmt: skip
    if not form.is_valid():
        return open_panel(request, pk, panel)
    try:
        if collision.has_moved(seen, told):
            raise Moved
        write.facts(ticket, form.found, by=request.user, at=now, seen=known)
    except Moved:
        fresh = dict(ticket.facts.values_list("code", "value"))
        told = {code: fresh.get(code, "") for code in codes}
        teller, told_at = access.last_teller(ticket, codes)
        return _both(request, pk, panel, told, made, who=teller, at=told_at)
    started = timing.start_clocks(ticket, by=request.user, at=now)
    if started:
        text = ngettext(
            "The procedure clock counts %(n)s delay.",
            "The procedure clock counts %(n)s delays.",
            len(started),
        )
        messages.success(request, text % {"n": len(started)})
    return back(pk)


def _filed(ticket: Any) -> dict[str, str]:
    theme = ticket.theme.code if ticket.theme else ""
    return {"subject": ticket.subject, "theme": theme, "province": ticket.province}


def _both(
    request: HttpRequest, pk: int, panel: Panel, now: Mapping[str, Any], made: Any, *, who: str,
    at: datetime | None,
) -> HttpResponse:  # fmt: skip
    """The form again, with what somebody else saved beside what was typed here."""
    data, pairs = collision.both(panel.form, panel.seen, now)
    if not pairs:
        return back(pk)  # both say the same
    fresh = collision.Collision(collision.stamp(now), who, at, pairs)
    again = replace(panel, form=made(data), seen=fresh.stamp, collision=fresh)
    return open_panel(request, pk, again)


@form_view
def deadline(request: HttpRequest, pk: int) -> HttpResponse:
    """Start a clock by hand: what happened, and when."""
    now = timezone.now()
    ticket = access.handled_ticket(request.user, pk, at=now)
    form = ClockForm(typed(request), rules=clock.choices(staff=True))
    panel = Panel(
        title=_("Start a clock"), act=reverse("tickets:deadline", args=[pk]), submit=_("Start"),
        form=form,
    )  # fmt: skip
    if form.is_valid() and not clock.is_plausible(
        form.cleaned_data["event_on"], today=timezone.localdate()
    ):
        form.add_error("event_on", _("Check the year."))
    if not form.is_valid():
        return open_panel(request, pk, panel)
    given = form.cleaned_data
    timing.count(ticket, given["rule"], event_on=given["event_on"], by=request.user, at=now)
    return back(pk)
