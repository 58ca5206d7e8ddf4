"""What is steered from the board: who gets what waits, who serves which queue, pauses, notices to the desk."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from helpdesk.accounts.errors import NotYourself
from helpdesk.queues import actions as queues
from helpdesk.supervision import access, actions, team
from helpdesk.supervision.forms import NoticeForm, PauseForm, ServingForm, this_evening
from helpdesk.tickets import access as tickets
from helpdesk.tickets.errors import Refusal

form_view = require_http_methods(["GET", "HEAD", "POST"])


@form_view
def assignment(request: HttpRequest, pk: int) -> HttpResponse:
    """Who of the team gets what waits. The loser of a race learns who has it."""
    access.may_see_board(request.user)
    at = timezone.now()
    ticket = tickets.handled_ticket(request.user, pk, at=at)
    people = {one.user.pk: one.user for one in _of_team(request.user, ticket, at=at)}
    chosen = people.get(_number(request.POST.get("to", "")))
    if request.method == "POST" and chosen is not None:
        try:
            queues.give(ticket, to=chosen, by=request.user, at=at)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        else:
            words = _("Given to %(name)s.") % {"name": chosen.shown_name}
            messages.success(request, words)
            return redirect("supervision:board")
    members = _of_team(request.user, ticket, at=at)
    context = {
        "ticket": ticket, "members": members,
        "best": next((one.user.pk for one in members if one.is_free), None),
        "is_asked": request.method == "POST" and chosen is None,
    }  # fmt: skip
    return render(request, "supervision/assignment.html", context)


def _of_team(user: Any, ticket: Any, *, at: Any) -> list[team.Member]:
    """The desk people of the ticket's team, as they stand."""
    mates = {one.pk for one in tickets.readers(ticket, on=timezone.localdate(at))}
    return [one for one in team.members(user, at=at) if one.user.pk in mates]


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The team as it stands; `?state=` narrows it to one state."""
    access.may_see_board(request.user)
    at, state = timezone.now(), request.GET.get("state", "")[:10]
    everybody = team.members(request.user, at=at)
    held = access.steered_queues(request.user) if _steers(request) else []
    context = {
        "members": team.in_state(everybody, state), "state": state, "total": len(everybody),
        "views": _views(everybody, state), "queues": held, "at": at,
    }  # fmt: skip
    return render(request, "supervision/team.html", context)


def _views(everybody: list[team.Member], state: str) -> list[dict[str, Any]]:
    page = reverse("supervision:team")
    made = (
        ("", _("All")), ("free", _("Available")), ("occupied", _("Occupied")),
        ("break", _("On a break")), ("gone", _("Not connected")),
    )  # fmt: skip
    return [
        {
            "label": label, "url": f"{page}?state={code}" if code else page,
            "current": code == state, "count": len(team.in_state(everybody, code)),
        }
        for code, label in made
    ]  # fmt: skip


@require_POST
def serving(request: HttpRequest, pk: int) -> HttpResponse:
    """Today this advisor serves one queue first, or all alike again."""
    at = timezone.now()
    today = timezone.localdate(at)
    advisor = access.steered_advisor(request.user, pk, on=today)
    form = ServingForm(request.POST, queues=access.steered_queues(request.user))
    if not form.is_valid():
        messages.error(request, _("Choose a queue of the list."))
        return redirect("supervision:team")
    try:
        queues.serve(advisor, form.chosen, on=today, by=request.user, at=at)
    except NotYourself as refusal:
        messages.warning(request, str(refusal))
    else:
        name = advisor.shown_name
        messages.success(
            request,
            _("Today %(name)s serves “%(queue)s” first.") % {"name": name, "queue": form.chosen}
            if form.chosen
            else _("%(name)s serves all queues again.") % {"name": name},
        )
    return redirect("supervision:team")


@form_view
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a queue until a time, with the words that askers read."""
    at = timezone.now()
    queue = access.steered_queue(request.user, pk)
    initial = {"until": timezone.localtime(queue.paused_until or this_evening(at))}
    initial |= {"text_ar": queue.paused_ar, "text_fr": queue.paused_fr}
    form = PauseForm(request.POST if request.method == "POST" else None, at=at, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        queues.pause(
            queue, until=data["until"], why_ar=data["text_ar"], why_fr=data["text_fr"],
            by=request.user, at=at,
        )  # fmt: skip
        messages.success(request, _("“%(queue)s” is paused.") % {"queue": queue})
        return redirect("supervision:board")
    status = 422 if form.is_bound else 200
    context = {"form": form, "queue": queue, "is_paused": queue.is_paused(at=at)}
    return render(request, "supervision/pause.html", context, status=status)


@require_POST
def opening(request: HttpRequest, pk: int) -> HttpResponse:
    """The pause is over: the queue's hours count again."""
    queue = access.steered_queue(request.user, pk)
    if queues.end_pause(queue, by=request.user, at=timezone.now()):
        messages.success(request, _("“%(queue)s” follows its hours again.") % {"queue": queue})
    else:
        messages.info(request, _("“%(queue)s” was not paused.") % {"queue": queue})
    return redirect("supervision:board")


@form_view
def notices(request: HttpRequest) -> HttpResponse:
    """Sentences over every page of the desk: those that stand, and a new one."""
    at = timezone.now()
    standing = access.notices(request.user, at=at)
    form = NoticeForm(
        request.POST if request.method == "POST" else None,
        teams=access.steered_teams(request.user), at=at,
        initial={"ends_at": timezone.localtime(this_evening(at))},
    )  # fmt: skip
    if form.is_valid():
        data = form.cleaned_data
        actions.tell_desk(data.pop("team"), by=request.user, at=at, **data)
        messages.success(request, _("The desk reads it on every page."))
        return redirect("supervision:notices")
    context = {"form": form, "standing": standing, "at": at}
    return render(
        request, "supervision/notices.html", context, status=422 if form.is_bound else 200
    )


@require_POST
def notice_end(request: HttpRequest, pk: int) -> HttpResponse:
    at = timezone.now()
    actions.end_notice(access.steered_notice(request.user, pk, at=at), by=request.user, at=at)
    messages.success(request, _("Nobody sees it any more."))
    return redirect("supervision:notices")


@require_safe
def desk_notices(request: HttpRequest) -> HttpResponse:
    """What stands over the pages of this person, fetched by a page that stays open for long."""
    access.works_here(request.user)
    return render(request, "supervision/parts/desk_notices.html")


@require_POST
def putting_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever has read a notice puts it away for themselves."""
    notice = access.shown_notice(request.user, pk, at=timezone.now())
    actions.put_away(notice, by=request.user)
    if getattr(request, "htmx", False):
        return HttpResponse("")
    back = request.POST.get("next", "")
    good = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if good and back.startswith("/desk/") else reverse("queues:desk"))


def _steers(request: HttpRequest) -> bool:
    user: Any = request.user
    return bool(user.has_perm(access.STEER))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0
