"""Accounts and postings: administrators for the centre, supervisors for their own team."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from helpdesk.accounts import access, proofs
from helpdesk.accounts.actions import people as acts
from helpdesk.accounts.errors import NotYourself
from helpdesk.accounts.forms import (
    DetailsForm,
    PeopleFilter,
    PersonForm,
    PostingForm,
    RolesForm,
    SkillsForm,
)
from helpdesk.accounts.tables import PeopleTable

LINK = "password_link"


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account here."""
    filters = PeopleFilter(request.GET)
    given = filters.given()
    rows = access.people_for(request.user).for_list(on=timezone.localdate())
    if given.get("q"):
        rows = rows.named_like(given["q"])
    if given.get("role"):
        rows = rows.in_role(given["role"])
    table = PeopleTable(rows)
    RequestConfig(request, paginate={"per_page": 50, "silent": True}).configure(table)
    context = {
        "table": table,
        "filters": filters,
        "may_manage": request.user.has_perm(access.MANAGE),
    }
    return render(request, "accounts/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_person(request: HttpRequest) -> HttpResponse:
    """Add an account; the link to choose a password is shown on the next page, once."""
    access.require(request.user, access.MANAGE)
    if request.method != "POST":
        return render(request, "accounts/new_person.html", {"form": PersonForm()})
    form = PersonForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/new_person.html", {"form": form}, status=422)
    at = timezone.now()
    person = acts.add_person(**form.cleaned_data, by=request.user, at=at)
    _keep_link(request, person)
    messages.success(request, _("The account is there. It still needs a posting."))
    return redirect("accounts:person", person.pk)


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@require_POST
def details(request: HttpRequest, pk: int) -> HttpResponse:
    """Names, e-mail, languages."""
    person = access.managed_person(request.user, pk)
    form = DetailsForm(request.POST, instance=access.managed_person(request.user, pk))
    if not form.is_valid():
        return _page(request, pk, details=form)
    acts.change_details(person, **form.cleaned_data, by=request.user, at=timezone.now())
    return _saved(request, pk)


@require_POST
def skills(request: HttpRequest, pk: int) -> HttpResponse:
    """Languages, themes, how many chats at once."""
    person = access.skilled_person(request.user, pk)
    form = SkillsForm(request.POST, instance=access.skilled_person(request.user, pk))
    if not form.is_valid():
        return _page(request, pk, skills=form)
    acts.change_skills(person, **form.cleaned_data, by=request.user, at=timezone.now())
    return _saved(request, pk)


@require_POST
def roles(request: HttpRequest, pk: int) -> HttpResponse:
    person = access.managed_person(request.user, pk)
    form = RolesForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, roles=form)
    try:
        acts.change_roles(person, form.cleaned_data["roles"], by=request.user, at=timezone.now())
    except NotYourself as refusal:
        return _page(request, pk, said=str(refusal))
    return _saved(request, pk)


@require_POST
def postings(request: HttpRequest, pk: int) -> HttpResponse:
    """A new posting."""
    person = access.person_for(request.user, pk)
    form = PostingForm(request.POST, viewer=request.user, today=timezone.localdate())
    if not form.is_valid():
        return _page(request, pk, posting=form)
    try:
        acts.post(person, **form.cleaned_data, by=request.user, at=timezone.now())
    except NotYourself as refusal:
        return _page(request, pk, posting=form, said=str(refusal))
    return _saved(request, pk)


@require_POST
def posting_end(request: HttpRequest, pk: int, posting: int) -> HttpResponse:
    """End a posting from today on."""
    person = access.person_for(request.user, pk)
    row = access.posting_for(request.user, person, posting)
    try:
        acts.end_posting_now(row, today=timezone.localdate(), by=request.user, at=timezone.now())
    except NotYourself as refusal:
        return _page(request, pk, said=str(refusal))
    return _saved(request, pk)


@require_POST
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account (`active=0`) or open it again (`active=1`)."""
    person = access.managed_person(request.user, pk)
    try:
        acts.set_active(
            person, request.POST.get("active") == "1", by=request.user, at=timezone.now()
        )
    except NotYourself as refusal:
        return _page(request, pk, said=str(refusal))
    return _saved(request, pk)


@require_POST
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link to choose a password."""
    person = access.managed_person(request.user, pk)
    _keep_link(request, person)
    return redirect("accounts:person", pk)


@require_POST
def second_proof(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget the authenticator app of a lost telephone."""
    person = access.managed_person(request.user, pk)
    try:
        acts.reset_proof(person, by=request.user, at=timezone.now())
    except NotYourself as refusal:
        return _page(request, pk, said=str(refusal))
    return _saved(request, pk)


@require_POST
def sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign somebody out on every device."""
    person = access.managed_person(request.user, pk)
    acts.end_sessions(person, by=request.user, at=timezone.now())
    return _saved(request, pk)


def _saved(request: HttpRequest, pk: int) -> HttpResponse:
    messages.success(request, _("Saved. It holds from this person's next page on."))
    return redirect("accounts:person", pk)


def _keep_link(request: HttpRequest, person: Any) -> None:
    """The link goes through the session to the next page, never into an address or a message."""
    path = acts.first_link(person, by=request.user, at=timezone.now())
    request.session[LINK] = {"of": person.pk, "url": f"{settings.PUBLIC_URL}{path}"}


def _page(
    request: HttpRequest, pk: int, *, details: Any = None, roles: Any = None,
    posting: Any = None, skills: Any = None, said: str = "",
) -> HttpResponse:  # fmt: skip
    """One person's page, with the form that could not be taken as it was typed."""
    person, today = access.person_for(request.user, pk), timezone.localdate()
    shown = request.session.get(LINK) or {}
    if shown.get("of") == person.pk:
        del request.session[LINK]
    held = [role.value for role in person.roles]
    rows = [
        (row, row.is_over(today), access.can_post(request.user, row.team, row.province))
        for row in person.postings.filter(team__centre__practice_of=None)
        .select_related("team__centre")
        .order_by("-starts_on", "pk")
    ]
    ours = any(may and not over and row.starts_on <= today for row, over, may in rows)
    context = {
        "person": person,
        "may_manage": request.user.has_perm(access.MANAGE),
        "is_oneself": person.pk == request.user.pk,
        "details": details or DetailsForm(instance=person),
        "skills": skills or SkillsForm(instance=person),
        "may_set_skills": person.is_desk and (ours or request.user.has_perm(access.MANAGE)),
        "roles": roles or RolesForm(initial={"roles": held}),
        "posting": posting or PostingForm(viewer=request.user, today=today),
        "postings": rows,
        "link": shown.get("url", "") if shown.get("of") == person.pk else "",
        "has_proof": proofs.has(person),
        "needs_proof": proofs.is_required(person),
        "said": said,
    }
    status = 409 if said else 422 if details or roles or posting or skills else 200
    return render(request, "accounts/person.html", context, status=status)
