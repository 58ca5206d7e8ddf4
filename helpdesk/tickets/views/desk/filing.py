"""What a ticket is filed under, the facts known, and the clocks they set going."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.associations import clock
from helpdesk.tickets import access, intake, page
from helpdesk.tickets.actions import naming, timing, write
from helpdesk.tickets.forms.acts import FilingForm
from helpdesk.tickets.forms.facts import FactsForm
from helpdesk.tickets.forms.people import ClockForm
from helpdesk.tickets.views.desk.acts import form_view, typed
from helpdesk.tickets.views.desk.page import Panel, back, open_panel
from knowledge.search.query import suggest

FIELDS = 14


@form_view
def filing(request: HttpRequest, pk: int) -> HttpResponse:
    """Subject, theme and province."""
    now = timezone.now()
    ticket = access.handled_ticket(request.user, pk, at=now)
    form = FilingForm(
        typed(request), themes=access.themes(),
        initial={
            "subject": ticket.subject, "province": ticket.province,
            "theme": ticket.theme.code if ticket.theme else "",
        },
    )  # fmt: skip
    panel = Panel(
        title=_("Subject, theme, province"), act=reverse("tickets:filing", args=[pk]),
        submit=_("Keep"), form=form,
    )  # fmt: skip
    if not form.is_valid():
        return open_panel(request, pk, panel)
    given = form.cleaned_data
    naming.file_under(
        ticket, subject=given["subject"], theme=form.themes.get(given["theme"]),
        province=given["province"], at=now,
    )  # fmt: skip
    return back(pk)


@form_view
def facts(request: HttpRequest, pk: int) -> HttpResponse:
    """What the asker still has to say; days among them set the procedure clock going."""
    now = timezone.now()
    ticket = access.handled_ticket(request.user, pk, at=now)
    known = dict(ticket.facts.values_list("code", "value"))
    if request.method == "POST":
        codes = [code for code in intake.FACTS if code in request.POST]
    else:
        hits = suggest(page.question_of(ticket), lang="ar", limit=1)
        wanted = page.wanted_facts([hit.topic for hit in hits], theme=ticket.theme)
        codes = list(dict.fromkeys([*wanted[:FIELDS], *known]))
    form = FactsForm(typed(request), codes=[c for c in codes if c in intake.FACTS], initial=known)
    panel = Panel(
        title=_("Facts"), act=reverse("tickets:facts", args=[pk]), submit=_("Keep the facts"),
        form=form, template="tickets/panels/facts.html",
    )  # fmt: skip
    if not form.is_valid():
        return open_panel(request, pk, panel)
    write.facts(ticket, form.found, by=request.user, at=now)
    started = timing.start_clocks(ticket, by=request.user, at=now)
    if started:
        text = ngettext(
            "The procedure clock counts %(n)s delay.",
            "The procedure clock counts %(n)s delays.",
            len(started),
        )
        messages.success(request, text % {"n": len(started)})
    return back(pk)


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
