"""The number of a merged request leads to the one that goes on, on every page of the desk."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.tickets.errors import MergedAway


class MergedNumbers:
    """Turns `MergedAway` into a way on: reading goes to the same page of the other request; an act
    is not done there unseen, since it was meant for what its page showed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, moved: Exception) -> HttpResponse | None:
        if not isinstance(moved, MergedAway):
            return None
        page = reverse("tickets:ticket", args=[moved.target.pk])
        if request.method not in ("GET", "HEAD"):
            messages.warning(request, f"{moved} {not_done()}")
            return _to(request, page)
        if request.htmx:  # type: ignore[attr-defined]
            # A piece of the other request has no place in the page of this one.
            messages.info(request, str(moved))
            return _to(request, page)
        match = request.resolver_match
        view, kwargs = "tickets:ticket", {"pk": moved.target.pk}
        if match and match.kwargs.get("pk") == moved.ticket.pk:
            view, kwargs = match.view_name, {**match.kwargs, **kwargs}
        if view == "tickets:ticket":
            messages.info(request, str(moved))
        query = request.META.get("QUERY_STRING", "")
        return _to(request, reverse(view, kwargs=kwargs) + (f"?{query}" if query else ""))


def not_done() -> str:
    return _("Nothing was done. Look at the request as it is now, then decide.")


def _to(request: HttpRequest, url: str) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)
