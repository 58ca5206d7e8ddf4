"""The page of one person: who, reached how, in which offices; numbers masked until asked for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from helpdesk.associations import access, actions, showing
from helpdesk.associations.forms import PersonForm, PhoneForm, ReasonForm
from helpdesk.associations.views.desk.correcting import corrected


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    one = access.person_for(request.user, pk)
    if one.pk != pk:
        return redirect("associations:person", one.pk)
    return _page(request, one)


def _page(request: HttpRequest, one: Any, **more: Any) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "person": one,
        "phones": showing.phones(one),
        "offices": showing.offices(one, today=today),
        "merges": showing.merges(one),
        "may_reveal": access.may_reveal(request.user, one),
        "phone_form": PhoneForm(),
        "reason_form": ReasonForm(auto_id=False),
        **more,
    }
    bad = any(getattr(value, "errors", None) for value in more.values())
    return render(request, "associations/person.html", context, status=422 if bad else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: HttpRequest, pk: int) -> HttpResponse:
    return corrected(
        request, access.person_for, pk, fields=actions.OF_PERSON,
        form=lambda data, one, initial: PersonForm(data, initial=initial),
        act=actions.change_person, title=_("Who this is"),
        back=reverse("associations:person", args=[pk]),
    )  # fmt: skip


@require_POST
def phones(request: HttpRequest, pk: int) -> HttpResponse:
    one = access.person_for(request.user, pk)
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _page(request, one, phone_form=form)
    actions.add_phone(one, form.cleaned_data["number"], at=timezone.now())
    return redirect("associations:person", pk)


@require_POST
def number(request: HttpRequest, pk: int, phone: int) -> HttpResponse:
    """Show one number whole, on this page and this once; who saw it and why is kept."""
    one = access.person_for(request.user, pk)
    asked = access.phone_of(request.user, one, phone)
    form = ReasonForm(request.POST, auto_id=False)
    if not form.is_valid():
        return _page(request, one, reason_form=form, asked=asked.pk)
    shown = asked.number.reveal(
        by=request.user, reason=form.cleaned_data["reason"], at=timezone.now(), subject=one
    )
    return _page(request, one, shown=showing.Shown(asked.pk, shown))
