"""Saying who asks and for which association: found, added, or in formation."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.associations import actions
from helpdesk.associations.rules import Standing
from helpdesk.tickets import access, finding
from helpdesk.tickets.actions import naming
from helpdesk.tickets.forms.people import NewAssociationForm, NewPersonForm
from helpdesk.tickets.views.desk.acts import form_view
from helpdesk.tickets.views.desk.page import Panel, back, open_panel


@form_view
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Who asks: somebody found by number or name, somebody new, or nobody named."""
    now, user = timezone.now(), request.user
    ticket = access.handled_ticket(user, pk, at=now)
    form = NewPersonForm(
        request.POST if "new" in request.POST else None, initial={"standing": ticket.standing}
    )
    chosen: Any = None
    if request.method == "POST" and "new" not in request.POST:
        standing = _standing(request.POST.get("standing", ""), ticket.standing)
        if "nobody" not in request.POST:
            chosen = finding.person(user, request.POST.get("person", ""))
            if chosen is None:
                raise Http404
        naming.set_person(ticket, chosen, standing=standing, by=user, at=now)
        return back(pk)
    if form.is_valid():
        given = form.cleaned_data
        chosen = actions.person_for(
            centre=ticket.centre, at=now, name=given["name"], email=given["email"],
            number=given["number"], speaks=given["speaks"],
            language="fr" if ticket.language == "fr" else "ar",
        )  # fmt: skip
        naming.set_person(ticket, chosen, standing=given["standing"], by=user, at=now)
        return back(pk)
    text = request.GET.get("q", "").strip()[:120]
    panel = Panel(
        title=_("Who asks"), act=reverse("tickets:person", args=[pk]), submit=_("Add and attach"),
        form=form, template="tickets/panels/person.html",
        extra={
            "text": text, "found": finding.people(user, text), "standings": Standing.choices,
            "standing": ticket.standing,
        },
    )  # fmt: skip
    return open_panel(request, pk, panel)


@form_view
def association(request: HttpRequest, pk: int) -> HttpResponse:
    """For which association: one found by name in either script, a new one, or one in formation."""
    now, user = timezone.now(), request.user
    ticket = access.handled_ticket(user, pk, at=now)
    form = NewAssociationForm(
        request.POST if "new" in request.POST else None, initial={"province": ticket.province}
    )
    if request.method == "POST" and "new" not in request.POST:
        naming.set_association(ticket, _picked(request, ticket), by=user, at=now)
        return back(pk)
    if form.is_valid():
        given = form.cleaned_data
        found = actions.association_for(
            centre=ticket.centre, at=now, name=given["name"], province=given["province"],
            commune=given["commune"],
        )  # fmt: skip
        if ticket.person is not None and given["office"]:
            actions.hold_office(ticket.person, found, office=given["office"], at=now)
        naming.set_association(ticket, found, by=user, at=now)
        return back(pk)
    text = request.GET.get("q", "").strip()[:120]
    panel = Panel(
        title=_("For which association"), act=reverse("tickets:association", args=[pk]),
        submit=_("Add and attach"), form=form, template="tickets/panels/association.html",
        extra={"text": text, "found": finding.associations(user, text)},
    )  # fmt: skip
    return open_panel(request, pk, panel)


def _picked(request: HttpRequest, ticket: Any) -> Any:
    if "none" in request.POST:
        return None
    if "formation" in request.POST:
        founder = ticket.person if ticket.standing == Standing.FOUNDER else None
        return actions.in_formation(
            centre=ticket.centre, at=timezone.now(), province=ticket.province, founder=founder
        )
    found = finding.association(request.user, request.POST.get("association", ""))
    if found is None:
        raise Http404
    return found


def _standing(typed: str, before: str) -> str:
    return typed if typed in Standing.values else before
