"""How long records are kept: the rules, a dry run, the second person, and the deletion itself."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from config.retention import access, acts
from config.retention.forms import DaysForm

LISTED_FOR = timedelta(hours=1)
"""So long what a dry run listed may be deleted as it was listed."""


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The rules with what would go now; a post proposes other days."""
    may_set = request.user.has_perm(access.SET)
    at, is_post = timezone.now(), request.method == "POST"
    centre = access.set_centre(request.user) if is_post else access.centre_for(request.user)
    listed = acts.dry_run(centre, at=at)
    form = DaysForm(request.POST if is_post else None, listed=listed)
    if is_post and form.is_valid():
        made = acts.propose(centre, form.cleaned_data, by=request.user, at=at)
        if made:
            messages.success(request, _("Proposed. It holds once a second person confirms it."))
        else:
            messages.info(request, _("Nothing differs from what holds or was proposed."))
        return redirect("retention:page")
    context = {
        "centre": centre, "listed": listed, "form": form, "may_set": may_set, "at": at.isoformat(),
        "total": sum(one.number or 0 for one in listed),
        "rows": list(zip(listed, form, strict=True)),
    }  # fmt: skip
    status = 422 if is_post else 200
    return render(request, "retention/page.html", context, status=status)


@require_POST
def confirmation(request: HttpRequest, kind: str) -> HttpResponse:
    """A second person takes the proposal into force, with the days they read."""
    rule = access.proposal(request.user, kind)
    days = request.POST.get("days", "")
    try:
        seen = int(days) if days.isascii() and days.isdigit() and len(days) < 7 else -1
        done = acts.confirm(rule, days=seen, by=request.user, at=timezone.now())
    except acts.OwnProposal as own:
        messages.error(request, str(own))
        return redirect("retention:page")
    if done:
        messages.success(request, _("It holds from now on."))
    else:
        messages.error(request, _("The proposal changed meanwhile. Read it again."))
    return redirect("retention:page")


@require_POST
def refusal(request: HttpRequest, kind: str) -> HttpResponse:
    acts.refuse(access.proposal(request.user, kind), by=request.user, at=timezone.now())
    messages.success(request, _("The proposal is gone. What held before holds."))
    return redirect("retention:page")


@require_POST
def sweep(request: HttpRequest) -> HttpResponse:
    """Delete what the dry run listed: by its moment, not by the moment of the click."""
    centre, at = access.set_centre(request.user), timezone.now()
    listed_at = _moment(request.POST.get("at", ""))
    if listed_at is None or not at - LISTED_FOR <= listed_at <= at:
        messages.error(request, _("The list is older than an hour. Read it again."))
        return redirect("retention:page")
    number = sum(acts.sweep(centre, at=listed_at, by=request.user).values())
    messages.success(
        request,
        ngettext("%(n)s row was deleted.", "%(n)s rows were deleted.", number) % {"n": number},
    )
    return redirect("retention:page")


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text[:40])
    except ValueError:
        return None
    return found if found.tzinfo else None
