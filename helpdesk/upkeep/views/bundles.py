"""Libraries of other centres: ours as a file, keys, what came, what differs, what waits for us."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from helpdesk.upkeep import bundle_access as access
from helpdesk.upkeep import bundle_actions as actions
from helpdesk.upkeep import comparison, forms
from helpdesk.upkeep.bundle_forms import BundleForm, TrustForm
from helpdesk.upkeep.views.acts import Sheet, attempt, show_sheet, typed
from knowledge.articles.actions import bundling
from knowledge.articles.actions.reviewing import Refused
from knowledge.articles.bundles import keys
from knowledge.languages import reading_language

form_view = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def bundles(request: HttpRequest) -> HttpResponse:
    """Our library as a file, our key, what waits for a signature, and what came."""
    user: Any = request.user
    context = {
        "waiting": access.waiting(user), "bundles": access.bundles(user), "keys": access.keys(user),
        "key": keys.own(), "number": keys.number(keys.own()),
    }  # fmt: skip
    return render(request, "upkeep/bundles.html", context)


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The library, signed, as a download."""
    access.may_export(request.user)
    centre, now = access.centre_of(request.user), timezone.now()
    on = timezone.localdate(now)
    made = actions.export(centre, on=on, by=request.user, at=now)
    answer = HttpResponse(made, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{centre.slug}-{on.isoformat()}.wasl"'
    return answer


@form_view
def arrival(request: HttpRequest) -> HttpResponse:
    """Bring in the library of another centre."""
    access.may_bring(request.user)
    form = BundleForm(typed(request), request.FILES or None)
    sheet = Sheet(
        _("Bring in a library"), form, _("Check and bring in"), reverse("bundles:bundles"),
        _("Nothing opens to readers by this: you choose what to take, and a reviewer here signs it."),
    )  # fmt: skip
    if not form.is_valid():
        return show_sheet(request, sheet)
    try:
        row, made = actions.receive(form.content, by=request.user, at=timezone.now())
    except Refused as refused:
        form.add_error("file", str(refused))
        return show_sheet(request, sheet)
    said = _("The signature is right.") if made else _("This bundle came before: here it is.")
    messages.success(request, said)
    return redirect("bundles:bundle", row.pk)


@form_view
def bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """What it would change here, article by article; those ticked are taken."""
    row = access.bundle_for(request.user, pk)
    try:
        found = bundling.opened(row)
        if request.method == "POST":
            return _take(request, row)
    except Refused as refused:
        return render(request, "upkeep/bundle_shut.html", {"bundle": row, "why": str(refused)})
    context = {
        "bundle": row, "groups": comparison.groups(found),
        "terms": comparison.new_terms(found), "only_here": comparison.only_here(found, reading_language()),
    }  # fmt: skip
    return render(request, "upkeep/bundle.html", context)


@require_safe
def difference(request: HttpRequest, pk: int, topic: str, language: str) -> HttpResponse:
    """One edition of theirs beside ours, word by word."""
    row = access.bundle_for(request.user, pk)
    try:
        found = bundling.opened(row)
    except Refused as refused:
        return render(request, "upkeep/bundle_shut.html", {"bundle": row, "why": str(refused)})
    one = comparison.of(found, topic, language)
    if one is None:
        raise Http404
    return render(request, "upkeep/bundle_difference.html", {"bundle": row, **one})


@require_safe
def waiting(request: HttpRequest, version: int) -> HttpResponse:
    """A version that was taken, as it would be read here, with what it changes."""
    found, origin = access.waiting_for(request.user, version)
    context = {"version": found, "origin": origin, **comparison.of_waiting(found)}
    return render(request, "upkeep/bundle_waiting.html", context)


@form_view
def signature(request: HttpRequest, version: int) -> HttpResponse:
    """Sign what was taken: readers see it from now on."""
    found, _origin = access.waiting_for(request.user, version)
    form = forms.SignForm(typed(request))
    sheet = Sheet(
        _("Sign and open"), form, _("Sign and open"), reverse("bundles:waiting", args=[found.pk]),
        _("Readers see this version from now on, with your name, today and the bulletin."), found,
    )  # fmt: skip
    if not form.is_valid():
        return show_sheet(request, sheet)
    done, bulletin = reverse("bundles:bundles"), form.cleaned_data["bulletin"]
    return attempt(request, sheet, actions.sign_and_open, found, done=done, bulletin=bulletin)


@form_view
def away(request: HttpRequest, version: int) -> HttpResponse:
    """Nobody signs it: it waits no more."""
    found, _origin = access.waiting_for(request.user, version)
    form = forms.WhyForm(typed(request))
    sheet = Sheet(
        _("Put this version away"), form, _("Put this version away"), reverse("bundles:waiting", args=[found.pk]),
        _("It waits no more and was never open. It can be taken again from its bundle."), found,
    )  # fmt: skip
    if not form.is_valid():
        return show_sheet(request, sheet)
    done, why = reverse("bundles:bundles"), form.cleaned_data["why"]
    return attempt(request, sheet, actions.put_away, found, done=done, why=why)


@form_view
def new_key(request: HttpRequest) -> HttpResponse:
    """Trust the key of another centre, its number compared by telephone."""
    access.may_trust(request.user)
    form = TrustForm(typed(request))
    sheet = Sheet(
        _("Trust the key of a centre"), form, _("Trust this key"), reverse("bundles:bundles"),
        _("Whoever holds this key can then offer articles here. Nothing opens without our own signature."),
    )  # fmt: skip
    if not form.is_valid():
        return show_sheet(request, sheet)
    given = form.cleaned_data
    try:
        made = actions.trust(
            given["key"], centre=given["centre"], by=request.user, at=timezone.now()
        )
    except Refused as refused:
        form.add_error("key", str(refused))
        return show_sheet(request, sheet)
    if made:
        messages.success(request, _("The key is trusted."))
    else:
        messages.info(request, _("This key was trusted already."))
    return redirect("bundles:bundles")


@require_POST
def key_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Trust it no more."""
    row = access.key_for(request.user, pk)
    if actions.end_trust(row, by=request.user, at=timezone.now()):
        messages.success(request, _("The key is no longer trusted. What was taken before stays."))
    return redirect("bundles:bundles")


def _take(request: HttpRequest, row: Any) -> HttpResponse:
    chosen = set(request.POST.getlist("take"))
    taken = actions.take(row, chosen, by=request.user, at=timezone.now()) if chosen else 0
    if not chosen:
        messages.error(request, _("Tick at least one article."))
    elif taken:
        said = ngettext(
            "%(n)d text now waits for a signature of ours.",
            "%(n)d texts now wait for a signature of ours.", taken,
        )  # fmt: skip
        messages.success(request, said % {"n": taken})
    else:
        messages.info(request, _("Nothing was left to take."))
    return redirect("bundles:bundle", row.pk)
