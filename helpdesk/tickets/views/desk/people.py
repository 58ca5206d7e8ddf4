"""Saying who asks and for which association: found, added, or in formation."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.associations import actions
from helpdesk.associations.rules import Standing
from helpdesk.centre import collision
from helpdesk.centre.collision import Collision, Moved, Pair
from helpdesk.tickets import access, finding
from helpdesk.tickets.actions import naming
from helpdesk.tickets.forms.people import NewAssociationForm, NewPersonForm, standing_of
from helpdesk.tickets.views.desk.acts import form_view
from helpdesk.tickets.views.desk.page import Panel, back, open_panel


@form_view
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Who asks: somebody found by number or name, somebody new, or nobody named."""
    now, user = timezone.now(), request.user
    ticket = access.handled_ticket(user, pk, at=now)
    said = {"person": ticket.person_id, "standing": ticket.standing}
    seen = request.POST.get(collision.FIELD) or collision.stamp(said)
    is_new = "new" in request.POST
    form = NewPersonForm(request.POST if is_new else None, initial={"standing": ticket.standing})
    clash, chosen = None, None
    if request.method == "POST" and (not is_new or form.is_valid()):
        if not is_new and "nobody" not in request.POST:
            chosen = finding.person(user, request.POST.get("person", ""))
            if chosen is None:
                raise Http404
        try:
            with transaction.atomic():
                if collision.has_moved(seen, said):
                    raise Moved
                if is_new:
                    chosen = _new_person(ticket, form.cleaned_data, at=now)
                standing = standing_of(request.POST.get("standing", ""), ticket.standing)
                naming.set_person(ticket, chosen, standing=standing, by=user, at=now)
            return back(pk)
        except Moved:
            ticket = access.handled_ticket(user, pk, at=now)
            said = {"person": ticket.person_id, "standing": ticket.standing}
            mine = form.cleaned_data["name"] if is_new else str(chosen or _("nobody named"))
            theirs = str(ticket.person or _("nobody named"))
            theirs = f"{theirs} · {ticket.get_standing_display()}"
            clash = _clash(ticket, "person", said, Pair(_("Who asks"), theirs, mine))
    text = request.GET.get("q", "").strip()[:120]
    panel = Panel(
        title=_("Who asks"), act=reverse("tickets:person", args=[pk]), submit=_("Add and attach"),
        form=form, template="tickets/panels/person.html",
        seen=clash.stamp if clash else seen, collision=clash,
        extra={
            "text": text, "found": finding.people(user, text), "standings": Standing.choices,
            "standing": ticket.standing, "again": [] if is_new else _again(request.POST),
        },
    )  # fmt: skip
    return open_panel(request, pk, panel)


@form_view
def association(request: HttpRequest, pk: int) -> HttpResponse:
    """For which association: one found by name in either script, a new one, or one in formation."""
    now, user = timezone.now(), request.user
    ticket = access.handled_ticket(user, pk, at=now)
    said = {"association": ticket.association_id}
    seen = request.POST.get(collision.FIELD) or collision.stamp(said)
    is_new = "new" in request.POST
    form = NewAssociationForm(
        request.POST if is_new else None, initial={"province": ticket.province}
    )
    clash, chosen = None, None
    if request.method == "POST" and (not is_new or form.is_valid()):
        try:
            with transaction.atomic():
                picked = None if is_new else _picked(request, ticket)
                chosen = picked
                if collision.has_moved(seen, said):
                    raise Moved
                chosen = _new_association(ticket, form.cleaned_data, at=now) if is_new else picked
                naming.set_association(ticket, chosen, by=user, at=now)
            return back(pk)
        except Moved:
            ticket = access.handled_ticket(user, pk, at=now)
            said = {"association": ticket.association_id}
            mine = form.cleaned_data["name"] if is_new else _named(chosen)
            pair = Pair(_("For which association"), _named(ticket.association), mine)
            clash = _clash(ticket, "association", said, pair)
    text = request.GET.get("q", "").strip()[:120]
    panel = Panel(
        title=_("For which association"), act=reverse("tickets:association", args=[pk]),
        submit=_("Add and attach"), form=form, template="tickets/panels/association.html",
        seen=clash.stamp if clash else seen, collision=clash,
        extra={
            "text": text, "found": finding.associations(user, text),
            "again": [] if is_new else _again(request.POST),
        },
    )  # fmt: skip
    return open_panel(request, pk, panel)


def _new_person(ticket: Any, given: Mapping[str, Any], *, at: Any) -> Any:
    return actions.person_for(
        centre=ticket.centre, at=at, name=given["name"], email=given["email"],
        number=given["number"], speaks=given["speaks"],
        language="fr" if ticket.language == "fr" else "ar",
    )  # fmt: skip


def _new_association(ticket: Any, given: Mapping[str, Any], *, at: Any) -> Any:
    found = actions.association_for(
        centre=ticket.centre, at=at, name=given["name"], province=given["province"],
        commune=given["commune"],
    )  # fmt: skip
    if ticket.person is not None and given["office"]:
        actions.hold_office(ticket.person, found, office=given["office"], at=at)
    return found


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


def _clash(ticket: Any, about: str, said: Mapping[str, Any], pair: Pair) -> Collision:
    """Both choices side by side, with who made the other one."""
    who, at = access.last_said(ticket, about)
    return Collision(collision.stamp(said), who, at, [pair])


def _again(posted: Any) -> list[tuple[str, str]]:
    """What was chosen, to be sent once more as a decision."""
    names = ("person", "nobody", "standing", "association", "formation", "none")
    return [(name, posted[name]) for name in names if name in posted]


def _named(association: Any) -> str:
    return str(association.shown_name if association else _("none named"))
