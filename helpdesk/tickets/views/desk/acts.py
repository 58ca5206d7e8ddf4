"""Acts on a ticket that have a form of their own: close, promise, level, code, number, dispute."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from helpdesk.tickets import access, codes, conflicts
from helpdesk.tickets.actions import closing, levels, naming, promising
from helpdesk.tickets.errors import Overtaken
from helpdesk.tickets.forms import acts
from helpdesk.tickets.rules import Help, Level, Outcome
from helpdesk.tickets.views.desk.page import Panel, back, open_panel, show

form_view = require_http_methods(["GET", "HEAD", "POST"])


def typed(request: HttpRequest) -> Any:
    """What was posted; None while the form is only shown."""
    return request.POST if request.method == "POST" else None


@form_view
def closure(request: HttpRequest, pk: int) -> HttpResponse:
    ticket = access.handled_ticket(request.user, pk, at=timezone.now())
    last = ticket.answers.values_list("help", flat=True).last()
    form = acts.CloseForm(typed(request), initial={"help": ticket.help or last or ""})
    panel = Panel(
        title=_("Close with an outcome"), act=reverse("tickets:closure", args=[pk]),
        submit=_("Close the request"), form=form,
        lead=_("Promises still owed are dropped. The person can reopen the request."),
    )  # fmt: skip
    if not form.is_valid():
        return open_panel(request, pk, panel)
    given = form.cleaned_data
    try:
        closing.close(
            ticket, by=request.user, at=timezone.now(), outcome=Outcome(given["outcome"]),
            help=Help(given["help"]),
        )  # fmt: skip
    except Overtaken:
        messages.info(request, _("This request was closed already."))
    return back(pk)


@require_POST
def reopening(request: HttpRequest, pk: int) -> HttpResponse:
    ticket = access.handled_ticket(request.user, pk, at=timezone.now())
    closing.reopen(ticket, by=request.user, at=timezone.now())
    return back(pk)


@form_view
def promises(request: HttpRequest, pk: int) -> HttpResponse:
    ticket, now = access.handled_ticket(request.user, pk, at=timezone.now()), timezone.now()
    initial = {**acts.soon(now), "key": acts.once(f"promise:{pk}")}
    form = acts.PromiseForm(typed(request), initial=initial, at=now)
    panel = Panel(
        title=_("Promise a call-back"), act=reverse("tickets:promises", args=[pk]),
        submit=_("Promise"), form=form, template="tickets/panels/promise.html",
    )  # fmt: skip
    if not form.is_valid():
        return open_panel(request, pk, panel)
    starts, ends = form.window
    promising.promise(
        ticket, by=request.user, at=now, window_from=starts, window_until=ends,
        note=form.cleaned_data["note"], key=form.cleaned_data["key"],
    )  # fmt: skip
    return back(pk)


@require_POST
def attempts(request: HttpRequest, pk: int) -> HttpResponse:
    """One try to call: reached or not. `tries` says which; the same one twice counts once."""
    owed = access.promise_for(request.user, pk)
    access.handled_ticket(request.user, owed.ticket_id, at=timezone.now())
    if request.POST.get("tries") != str(owed.attempts):
        messages.info(request, _("This attempt was noted already."))
        return back(owed.ticket_id)
    try:
        promising.attempt(
            owed, by=request.user, at=timezone.now(), reached=request.POST.get("reached") == "yes"
        )
    except Overtaken as overtaken:
        messages.info(request, str(overtaken))
    return back(owed.ticket_id)


@form_view
def level(request: HttpRequest, pk: int) -> HttpResponse:
    """Who may read the ticket; for a sealed one also the names."""
    ticket = access.handled_ticket(request.user, pk, at=timezone.now())
    _must(request, "tickets.seal_ticket")
    form = acts.LevelForm(typed(request), initial={"level": ticket.level})
    if form.is_valid():
        levels.set_level(
            ticket, Level(form.cleaned_data["level"]), by=request.user, at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
        return back(pk)
    return open_panel(request, pk, _level_panel(ticket, form, None))


@require_POST
def grants(request: HttpRequest, pk: int) -> HttpResponse:
    """Name somebody who may read a sealed ticket."""
    ticket = access.handled_ticket(request.user, pk, at=timezone.now())
    _must(request, "tickets.seal_ticket")
    people = access.readers(ticket, on=timezone.localdate())
    form = acts.GrantForm(request.POST, people=people)
    if not form.is_valid():
        fresh = acts.LevelForm(initial={"level": ticket.level})
        return open_panel(request, pk, _level_panel(ticket, fresh, form))
    named = form.people[form.cleaned_data["user"]]
    levels.grant(
        ticket, named, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"]
    )
    return back(pk)


@require_POST
def grant_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a name off a sealed ticket."""
    given = access.grant_for(request.user, pk, at=timezone.now())
    levels.end_grant(given, by=request.user, at=timezone.now(), reason=_("taken off the list"))
    return redirect("/desk/") if given.user_id == request.user.pk else back(given.ticket_id)


def _level_panel(ticket: Any, form: Any, naming_form: Any) -> Panel:
    now = timezone.now()
    sealed = ticket.level == Level.SEALED
    people = access.readers(ticket, on=timezone.localdate()) if sealed else []
    extra = {
        "named": access.grants(ticket, at=now) if sealed else [],
        "naming": naming_form or (acts.GrantForm(people=people) if sealed else None),
    }
    return Panel(
        title=_("Who may read it"), act=reverse("tickets:level", args=[ticket.pk]),
        submit=_("Change"), form=form, template="tickets/panels/level.html", extra=extra,
    )  # fmt: skip


@form_view
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """A new follow code: shown to the advisor this once, to be dictated."""
    ticket = access.handled_ticket(request.user, pk, at=timezone.now())
    form = acts.CodeForm(
        typed(request), has_number=access.number_of(ticket) is not None,
        initial={"key": acts.once(f"code:{pk}")},
    )  # fmt: skip
    panel = Panel(
        title=_("New secret code"), act=reverse("tickets:code", args=[pk]),
        submit=_("Make a new code"), form=form,
        lead=_("The old code stops working. The new one is shown once, to read out: it never goes "
               "into a mail, an SMS or a note."),
    )  # fmt: skip
    if not form.is_valid():
        return open_panel(request, pk, panel)
    given = form.cleaned_data
    made = naming.new_code(
        ticket, by=request.user, at=timezone.now(), how=given["how"], key=given["key"]
    )
    if not made:
        messages.info(
            request, _("This code was shown already. Make another one if it was not noted.")
        )
        return back(pk)
    context = {"ticket": ticket, "code": codes.grouped(made)}
    return render(request, "tickets/code.html", context)


@form_view
def number(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole telephone number, for a reason that is kept."""
    ticket = access.handled_ticket(request.user, pk, at=timezone.now())
    if not access.may_reveal(request.user, ticket):
        raise PermissionDenied
    form = acts.RevealForm(typed(request))
    panel = Panel(
        title=_("Show the number"), act=reverse("tickets:number", args=[pk]),
        submit=_("Show"), form=form,
    )  # fmt: skip
    if not form.is_valid():
        return open_panel(request, pk, panel)
    known = access.number_of(ticket)
    shown = ""
    if known is not None:
        shown = known.reveal(
            by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"], subject=ticket
        )
    fresh = access.shown_ticket(request.user, pk, at=timezone.now())
    return show(request, fresh, new_number=shown)


@form_view
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """Say on which side of its association's quarrel the ticket stands."""
    ticket = access.handled_ticket(request.user, pk, at=timezone.now())
    form = acts.SideForm(typed(request), initial={"side": conflicts.side_of(ticket)})
    lead = _("Tickets on the other side warn whoever opens them.")
    if ticket.association_id is None:
        lead = _("Say first for which association this is.")
    panel = Panel(
        title=_("Dispute inside the association"), act=reverse("tickets:dispute", args=[pk]),
        submit=_("Keep"), form=form, lead=lead,
    )  # fmt: skip
    if not form.is_valid() or ticket.association_id is None:
        return open_panel(request, pk, panel)
    side, now = form.cleaned_data["side"], timezone.now()
    if side == "end":
        if running := access.open_dispute(ticket):
            naming.end_dispute(running, ticket=ticket, by=request.user, at=now)
    else:
        naming.take_side(ticket, side, by=request.user, at=now)
    return back(pk)


def _must(request: HttpRequest, permission: str) -> None:
    user: Any = request.user
    if not user.has_perm(permission):
        raise PermissionDenied
