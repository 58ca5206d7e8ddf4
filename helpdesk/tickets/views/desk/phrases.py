"""The page of ready phrases: one's own, and those of the team for who keeps them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from helpdesk.tickets import desk_access
from helpdesk.tickets.actions import phrasing
from helpdesk.tickets.forms.phrases import PhraseForm
from helpdesk.tickets.views.desk.acts import form_view, typed


@require_safe
def phrases(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    rows = desk_access.phrases_kept(user)
    keeps = user.has_perm("tickets.keep_phrases")
    context = {
        "keeps": keeps,
        "groups": [
            (_("My own"), [row for row in rows if row.owner_id], True),
            (_("Of the team"), [row for row in rows if row.team_id], keeps),
        ],
    }
    return render(request, "tickets/phrases.html", context)


@form_view
def new_phrase(request: HttpRequest) -> HttpResponse:
    return _phrase(request, None, title=_("A new phrase"))


@form_view
def phrase(request: HttpRequest, pk: int) -> HttpResponse:
    return _phrase(request, desk_access.kept_phrase(request.user, pk), title=_("Correct a phrase"))


def _phrase(request: HttpRequest, one: Any, *, title: str) -> HttpResponse:
    desk_access.enter(request.user)
    initial = {name: getattr(one, name) for name in phrasing.TEXTS} if one else {"keeper": "own"}
    form = PhraseForm(
        typed(request), initial=initial, teams=desk_access.keeping_teams(request.user),
        is_new=one is None,
    )  # fmt: skip
    if form.is_valid():
        try:
            phrasing.write_phrase(
                one, form.cleaned_data, team=form.team, by=request.user, at=timezone.now()
            )
            return redirect("tickets:all_phrases")
        except phrasing.ShortcutTaken as taken:
            form.add_error(
                "shortcut_ar" if form.cleaned_data["shortcut_ar"] else "shortcut_fr", str(taken)
            )
    context = {"form": form, "title": title, "phrase": one}
    status = 422 if form.errors else 200
    return render(request, "tickets/phrase.html", context, status=status)


@require_POST
def retirement(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of use, or (`back`) into use again."""
    one = desk_access.kept_phrase(request.user, pk)
    act = phrasing.revive_phrase if "back" in request.POST else phrasing.retire_phrase
    try:
        act(one, by=request.user, at=timezone.now())
    except phrasing.ShortcutTaken as taken:
        messages.error(request, str(taken))
    return redirect("tickets:all_phrases")
