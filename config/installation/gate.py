"""A centre that has not opened shows visitors one sober page; its staff, and its demo, see everything.

Machines and mail are held back where they come in, each in its own words (`face.is_held_back`).
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from helpdesk.centre.face import COME_BACK, face, is_held_back

ASKING = frozenset({"portal", "calling", "callers_line"})
"""Addresses by which somebody asks, calls, chats or follows."""
READING = frozenset({"articles", "search", "words"})
"""The library: open early where the centre says so."""
ALWAYS = frozenset({"portal:privacy"})


class OpensSoon:
    """Stands in front of the public pages until an administrator opened the centre."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not _is_public(match) or not is_held_back():
            return None
        found = face()
        if found.reads_early and match.namespace in READING:
            return None
        if request.user.is_authenticated and request.user.is_of_staff:
            return None
        answer = render(request, "opens_soon.html", {"face": found}, status=503)
        answer["Retry-After"] = str(COME_BACK)
        return answer


def _is_public(match: Any) -> bool:
    """Whether the address is one that waits for the opening. Desk pages of these apps do not."""
    if match.route.startswith("desk/") or match.view_name in ALWAYS:
        return False
    return match.namespace in ASKING | READING
