"""The demonstration: entering by one click as one of the cast, and the tour. A real centre has neither."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from helpdesk.centre.wording import reader_language
from helpdesk.live.visitors import remember, visitor_of
from helpdesk.portal import casting, tour
from helpdesk.portal.asking import Asking
from helpdesk.portal.rules import Step

View = Callable[..., HttpResponse]


def demo_only(view: View) -> View:
    """Outside the demonstration the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@login_not_required
@demo_only
@never_cache
@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """Who one can be, and what the tour shows."""
    return render(request, "portal/demo.html", _context(request))


@login_not_required
@demo_only
@require_POST
def enter(request: HttpRequest, role: str) -> HttpResponse:
    """Sign in as one of the cast, in the language of the page one came from.

    `colleague`: as somebody of the same role who works while the simulated network rings.
    """
    if role not in casting.ENTRIES:
        raise Http404
    user = casting.player(role, request.POST.get("colleague", "")[:40])
    if user is None:
        messages.error(request, _("The demonstration is not laid out yet: run “make run” again."))
        return redirect("portal:home")
    kept = {key: request.session[key] for key in tour.CARRIED if key in request.session}
    casting.sign_in(request, user, language=reader_language())
    request.session.update(kept)
    if role != "association":
        tour.note(request.session, "desk")
    return redirect(_next(request) or casting.ENTRIES[role].home)


def _next(request: HttpRequest) -> str:
    """Where to go after entering: a page of this site only."""
    url = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return url if safe and url.startswith("/") else ""


@login_not_required
@demo_only
@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The tour: each step knows by itself whether it was done."""
    return render(request, "portal/tour.html", _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    progress = tour.progress(request.session)
    return {
        "entries": casting.entries(),
        "tour": progress,
        "under_way": tour.is_under_way(request.session),
        "links": _links(progress),
        "receipt": tour.receipt_of(request, progress),
    }


def _links(progress: tour.Progress) -> dict[str, str]:
    """Where the steps after the first lead; empty while there is nothing to show."""
    if progress.ticket is None:
        return {}
    links = {
        "desk": reverse("tickets:ticket", args=[progress.ticket.pk]),
        "follow": f"{reverse('portal:follow')}?ref={progress.ticket.reference}",
    }
    if progress.answer:
        links["proof"] = reverse("tickets:provenance", args=[progress.answer.pk])
    return links


@login_not_required
@demo_only
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Start the tour, or start it again."""
    tour.begin(request.session)
    return redirect("portal:tour")


@login_not_required
@demo_only
@require_POST
def question(request: HttpRequest) -> HttpResponse:
    """The first step: the question is ready in the wizard, in the other window."""
    if not tour.is_under_way(request.session):
        tour.begin(request.session)
    asking = Asking.of(request)
    asking.forget()
    fresh = Asking(asking.visitor, dict(tour.QUESTION[reader_language()]))
    fresh.save()
    return remember(redirect("portal:ask_step", Step.QUESTION), visitor_of(request))


@login_not_required
@demo_only
@require_POST
def proof(request: HttpRequest) -> HttpResponse:
    """The last step: the proof of the answer, seen by the advisor."""
    answer = tour.progress(request.session).answer
    if answer is None:
        return redirect("portal:tour")
    tour.note(request.session, "proof")
    kept = {key: request.session[key] for key in tour.CARRIED if key in request.session}
    advisor = casting.player("advisor")
    if advisor is not None:
        casting.sign_in(request, advisor, language=reader_language())
        request.session.update(kept)
    return redirect("tickets:provenance", answer.pk)
