"""Organisations whose programs ask here: their keys, what they are told, and whether it arrived."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from helpdesk.accounts.actions import keys as acts
from helpdesk.portal.access import the_centre
from helpdesk.portal.organisations import access
from helpdesk.portal.organisations import acts as subscribing
from helpdesk.portal.organisations.forms import KeyForm, OrganisationForm, SubscriptionForm

SHOWN = "shown_once"


@require_http_methods(["GET", "HEAD", "POST"])
def organisations(request: HttpRequest) -> HttpResponse:
    """All of them, and a form for one more."""
    rows = access.organisations_for(request.user)
    form = OrganisationForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        at = timezone.now()
        made = acts.add_organisation(
            centre=the_centre(), by=request.user, at=at, **form.cleaned_data
        )
        return redirect("organisations:organisation", made.pk)
    context = {"rows": rows.with_counts(), "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "portal/organisations/list.html", context, status=status)


@require_safe
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@require_POST
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    """It no longer works with the centre: keys and subscriptions end with it."""
    found = access.organisation_for(request.user, pk)
    acts.end_organisation(found, by=request.user, at=timezone.now())
    messages.success(request, _("Its keys open nothing any more, and nothing is sent to it."))
    return redirect("organisations:organisation", pk)


@require_POST
def keys(request: HttpRequest, pk: int) -> HttpResponse:
    """A new key, shown on the next page, once."""
    found = access.organisation_for(request.user, pk)
    form = KeyForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        return _page(request, pk, key_form=form)
    row, key = acts.make_key(found, **form.cleaned_data, by=request.user, at=timezone.now())
    _show(request, pk, key=key, label=row.label)
    return redirect("organisations:organisation", pk)


@require_POST
def revocation(request: HttpRequest, pk: int, held: int) -> HttpResponse:
    acts.revoke_key(access.key_for(request.user, pk, held), by=request.user, at=timezone.now())
    messages.success(request, _("The key opens nothing any more."))
    return redirect("organisations:organisation", pk)


@require_POST
def subscriptions(request: HttpRequest, pk: int) -> HttpResponse:
    """A new subscription; its secret is shown on the next page, once."""
    found = access.organisation_for(request.user, pk)
    form = SubscriptionForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, subscription_form=form)
    at = timezone.now()
    row = subscribing.subscribe(found, **form.cleaned_data, by=request.user, at=at)
    _show(request, pk, secret=row.secret, label=row.url)
    return redirect("organisations:organisation", pk)


@require_POST
def secret(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Another secret; the old one signs nothing any more."""
    found = access.subscription_for(request.user, pk, row)
    found = subscribing.renew_secret(found, by=request.user, at=timezone.now())
    _show(request, pk, secret=found.secret, label=found.url)
    return redirect("organisations:organisation", pk)


@require_POST
def unsubscribing(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    found = access.subscription_for(request.user, pk, row)
    subscribing.end(found, by=request.user, at=timezone.now())
    messages.success(request, _("Nothing is sent to this address any more."))
    return redirect("organisations:organisation", pk)


def _show(request: HttpRequest, pk: int, **said: str) -> None:
    """What is shown once goes through the session, never into an address or a message."""
    request.session[SHOWN] = {"of": pk, **said}


def _page(
    request: HttpRequest, pk: int, *, key_form: Any = None, subscription_form: Any = None
) -> HttpResponse:
    """One organisation, with the form that could not be taken as it was typed."""
    found, today = access.organisation_for(request.user, pk), timezone.localdate()
    shown = request.session.get(SHOWN) or {}
    if shown.get("of") == pk:
        del request.session[SHOWN]
    context = {
        "organisation": found,
        "shown": shown if shown.get("of") == pk else None,
        "keys": [(row, row.is_over(today)) for row in found.keys.select_related("made_by")],
        "subscriptions": found.subscriptions.filter(ended_at=None),
        "sent": access.sent_to(found),
        "key_form": key_form or KeyForm(today=today),
        "subscription_form": subscription_form or SubscriptionForm(),
    }
    status = 422 if key_form or subscription_form else 200
    return render(request, "portal/organisations/one.html", context, status=status)
