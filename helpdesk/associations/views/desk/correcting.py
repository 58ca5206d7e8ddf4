"""Correcting the facts of a row on a page of its own; a colleague's correction is never overwritten."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.centre import collision
from helpdesk.centre.collision import Collision, Moved


def corrected(
    request: HttpRequest,
    read: Callable[[Any, int], Any],
    pk: int,
    *,
    fields: Iterable[str],
    form: Callable[[Any, Any, dict[str, Any]], Any],
    act: Callable[..., Any],
    title: str,
    back: str,
) -> HttpResponse:
    """Show the form, or keep what it brings by `act`; when somebody saved first, both texts (409)."""
    one = read(request.user, pk)
    held = {field: getattr(one, field) for field in fields}
    seen = request.POST.get(collision.FIELD) or collision.stamp(held)
    filled = form(request.POST if request.method == "POST" else None, one, held)
    shown = {"title": title, "submit": _("Keep"), "back": back}
    if not filled.is_valid():
        context = {**shown, "form": filled, "seen": seen}
        status = 422 if filled.errors else 200
        return render(request, "associations/form.html", context, status=status)
    try:
        if collision.has_moved(seen, held):
            raise Moved
        act(one, by=request.user, at=timezone.now(), **filled.cleaned_data)
    except Moved:
        fresh = read(request.user, pk)
        now = {field: getattr(fresh, field) for field in held}
        data, pairs = collision.both(filled, seen, now)
        if pairs:
            who = fresh.changed_by.shown_name if fresh.changed_by else ""
            clash = Collision(collision.stamp(now), who, fresh.changed_at, pairs)
            context = {**shown, "form": form(data, fresh, now), "seen": clash.stamp}
            return render(
                request, "associations/form.html", {**context, "collision": clash}, status=409
            )
    return redirect(back)
