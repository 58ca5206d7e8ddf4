"""The desk: its lists, kept fresh without moving; one's own state; what to do when nothing waits."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from helpdesk.centre.face import face
from helpdesk.queues.actions import STATES, be, seen
from helpdesk.queues.context import desk_of
from knowledge import room

ELSEWHERE = (
    ("supervision.read_programme", "supervision:programme"),
    ("articles.draft_version", "articles:library"),
    ("accounts.manage_users", "accounts:people"),
)
"""Where people begin who read no tickets: the first place their rights open."""


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    mine = desk_of(request, shows="pane")
    if mine.found is None:
        return _elsewhere(request)
    with room.not_needed():
        seen(request.user, at=mine.at)
    return render(request, "queues/desk.html")


@require_GET
def lists(request: HttpRequest) -> HttpResponse:
    """The start pane again. The rows a page shows already keep their places."""
    names = ("mine", "shared", "left", "due", "release")
    kept = {name: _numbers(request.GET.get(name, "")) for name in names}
    open_pk = next(iter(_numbers(request.GET.get("open", ""))), None)
    mine = desk_of(request, shows="pane")
    mine.kept, mine.open_pk = kept, open_pk
    if mine.found is None:
        raise PermissionDenied
    with room.not_needed():
        seen(request.user, at=mine.at)
    return render(request, "queues/lists_again.html", {"open_pk": open_pk})


@require_POST
def presence(request: HttpRequest) -> HttpResponse:
    """Say that one is available, occupied, on a break or away."""
    user: Any = request.user
    state = request.POST.get("state", "")
    if not user.has_perm("tickets.handle_ticket"):
        raise PermissionDenied
    if state not in STATES:
        return HttpResponseBadRequest()
    be(user, STATES[state], at=timezone.now())
    return redirect(_safe(request, request.POST.get("next", "")))


def _safe(request: HttpRequest, url: str) -> str:
    good = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if good and url.startswith("/desk/") else reverse("queues:desk")


def _elsewhere(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if user.has_perm("centre.change_centre") and not face().is_open:
        return redirect("installation:home")  # a centre that is being set up
    for permission, name in ELSEWHERE:
        if user.has_perm(permission):
            try:
                return redirect(name)
            except NoReverseMatch:
                continue
    raise PermissionDenied


def _numbers(text: str) -> list[int]:
    """`"12,15"` as numbers; anything else is left out."""
    parts = text[:400].split(",")[:30]
    return [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 15]
