"""The page of one association, its facts, its stage, its clocks and who holds an office in it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from helpdesk.associations import access, actions, showing
from helpdesk.associations.forms import (
    AssociationForm,
    DeadlineForm,
    EndForm,
    MandateEndForm,
    MandateForm,
    StageForm,
)
from helpdesk.associations.views.desk.correcting import corrected


@require_safe
def association(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access.association_for(request.user, pk))


def _page(request: HttpRequest, one: Any, **bound: Any) -> HttpResponse:
    """The page; a form that came back with errors stands open in its place, text kept."""
    today = timezone.localdate()
    context = {
        "association": one,
        "facts": showing.facts(one),
        "mandates": showing.mandates(one, today=today),
        "clocks": showing.clocks(request.user, one, today=today),
        "stage_form": StageForm(initial={"stage": one.stage, "on": today}),
        "deadline_form": DeadlineForm(initial={"event_on": today}),
        "mandate_form": MandateForm(),
        "end_form": EndForm(initial={"on": today}, auto_id=False),
        **bound,
    }
    return render(request, "associations/association.html", context, status=422 if bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: HttpRequest, pk: int) -> HttpResponse:
    return corrected(
        request, access.association_for, pk, fields=actions.CHANGEABLE,
        form=lambda data, one, initial: AssociationForm(
            data, initial=initial, nameless=one.in_formation
        ),
        act=actions.change_association, title=_("Facts of the association"),
        back=reverse("associations:association", args=[pk]),
    )  # fmt: skip


@require_POST
def stage(request: HttpRequest, pk: int) -> HttpResponse:
    one = access.association_for(request.user, pk)
    form = StageForm(request.POST)
    if not form.is_valid():
        return _page(request, one, stage_form=form)
    given = form.cleaned_data
    actions.change_stage(
        one, stage=given["stage"], on=given["on"], by=request.user, at=timezone.now()
    )
    messages.success(request, _("The stage is noted and its clocks follow."))
    return redirect("associations:association", pk)


@require_POST
def deadlines(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a clock going. The same event twice is one clock."""
    one = access.association_for(request.user, pk)
    form = DeadlineForm(request.POST)
    if not form.is_valid():
        return _page(request, one, deadline_form=form)
    given = form.cleaned_data
    actions.start_deadline(
        one, rule=given["rule"], event_on=given["event_on"], by=request.user, at=timezone.now()
    )
    return redirect("associations:association", pk)


@require_POST
def deadline_end(request: HttpRequest, pk: int) -> HttpResponse:
    deadline = access.deadline_for(request.user, pk)
    form = EndForm(request.POST, auto_id=False)
    if not form.is_valid():
        return _page(request, deadline.association, end_form=form, ending=deadline.pk)
    end = actions.meet if form.cleaned_data["how"] == "met" else actions.drop
    if not end(deadline, on=form.cleaned_data["on"]):
        messages.info(request, _("This clock had ended already."))
    return redirect("associations:association", deadline.association_id)


@require_POST
def mandates(request: HttpRequest, pk: int) -> HttpResponse:
    """Note who holds an office; the person is found by number and name, or written down."""
    one = access.association_for(request.user, pk)
    form = MandateForm(request.POST)
    if not form.is_valid():
        return _page(request, one, mandate_form=form)
    given, now = form.cleaned_data, timezone.now()
    actions.appoint(
        one, name=given["name"], number=given["number"], office=given["office"], at=now,
        starts_on=given["starts_on"], ends_on=given["ends_on"], source=given["source"],
    )  # fmt: skip
    return redirect("associations:association", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def mandate_end(request: HttpRequest, pk: int) -> HttpResponse:
    mandate = access.mandate_for(request.user, pk)
    form = MandateEndForm(
        request.POST if request.method == "POST" else None,
        starts_on=mandate.starts_on, initial={"on": mandate.ends_on or timezone.localdate()},
    )  # fmt: skip
    page = reverse("associations:association", args=[mandate.association_id])
    if not form.is_valid():
        context = {
            "form": form, "submit": _("Keep"), "back": page,
            "title": _("End of the mandate: %(name)s, %(office)s")
            % {"name": mandate.person, "office": mandate.get_office_display()},
        }  # fmt: skip
        return render(
            request, "associations/form.html", context, status=422 if form.errors else 200
        )
    actions.end_mandate(mandate, on=form.cleaned_data["on"])
    return redirect(page)
