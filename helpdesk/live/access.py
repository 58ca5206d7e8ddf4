"""Whose draft: the person's who is signed in, else the browser's."""

from typing import Any

from django.http import HttpRequest

from helpdesk.live.visitors import visitor_of

PUBLIC = "public:"
"""Drafts at such places are the browser's, whoever is signed in: one side of the tour is an asker."""


def owner_of(request: HttpRequest, place: str) -> dict[str, Any]:
    """`user=` or `visitor=` for the actions on drafts."""
    if request.user.is_authenticated and not place.startswith(PUBLIC):
        return {"user": request.user}
    return {"visitor": visitor_of(request).token}
