"""Following a request by its number and code: open, read, add, close, rate."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helpdesk.centre.wording import reader_language
from helpdesk.files import serving
from helpdesk.files.actions import FileRefused
from helpdesk.live import pace
from helpdesk.live.visitors import remember, visitor_of
from helpdesk.portal import access, door, opinion, thread, tour
from helpdesk.portal.actions import following
from helpdesk.portal.forms import FollowForm, MessageForm, RatingForm, ResultForm
from helpdesk.tickets.errors import Refusal


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """The pair of number and code; `?ref=` fills in the number, never the code."""
    visitor = visitor_of(request)
    if request.method != "POST":
        form = FollowForm(initial={"reference": request.GET.get("ref", "")[:40]})
        return remember(_pair(request, form), visitor)
    form = FollowForm(request.POST)
    if not form.is_valid():
        return remember(_pair(request, form, status=422), visitor)
    try:
        ticket = access.open_by_code(request, **form.cleaned_data, at=timezone.now())
    except door.TooEarly as early:
        words = _("Many wrong codes came from here. Wait, then try again. Seconds to wait: %(n)s.")
        form.add_error(None, words % {"n": early.seconds})
        return remember(_later(request, form, 429, early.seconds), visitor)
    except door.Busy:
        form.add_error(None, _("Many people are asking just now. Try again in a few seconds."))
        return remember(_later(request, form, 503, 3), visitor)
    if ticket is None:
        form.add_error(
            None, _("This number and this code do not belong together. Check both on your receipt.")
        )
        return remember(_pair(request, form, status=422), visitor)
    request.session.cycle_key()
    inside = "portal:chat" if following.is_live(ticket) else "portal:follow_ticket"
    return remember(redirect(inside), visitor)


def _pair(request: HttpRequest, form: FollowForm, *, status: int = 200) -> HttpResponse:
    kept = access.followed(request, at=timezone.now(), extend=False)
    context = {
        "form": form,
        "open": kept.ticket if kept and kept.is_open else None,
        "centre": access.the_centre(),
    }
    return render(request, "portal/follow.html", context, status=status)


def _later(request: HttpRequest, form: FollowForm, status: int, seconds: int) -> HttpResponse:
    page = _pair(request, form, status=status)
    page["Retry-After"] = str(seconds)
    return page


@login_not_required
@never_cache
@require_GET
def ticket(request: HttpRequest) -> HttpResponse:
    """The request that is open in this browser."""
    found = access.followed(request, at=timezone.now())
    if found is None or not found.is_open:
        return _closed_door(found)
    return _page(request, found.ticket)


def _page(
    request: HttpRequest,
    ticket: Any,
    *,
    message: MessageForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = thread.conversation(ticket)
    tour.note_reading(request.session, shown)
    place = following.message_place(ticket)
    kept = following.typed(request, place)
    context = {
        "shown": shown,
        "ticket": ticket,
        "is_live": following.is_live(ticket),
        "draft_place": place,
        "message": message or MessageForm(initial={"key": following.new_key(), **kept}),
        "opinion": opinion.opinion(ticket, at=timezone.now()),
        "month": opinion.month(ticket, at=timezone.now()),
    }
    return render(request, "portal/ticket.html", context, status=status)


def _closed_door(found: access.Followed | None) -> HttpResponse:
    """Back to the pair, with the number filled in when the time has just run out."""
    answer = redirect("portal:follow")
    if found:
        answer["Location"] += f"?ref={found.ticket.reference}"
    return answer


@login_not_required
@never_cache
@require_GET
def lines(request: HttpRequest) -> HttpResponse:
    """What the page fetches by itself: 204 when there is nothing new since the number it has."""
    ticket = access.open_followed(request, extend=False)
    if ticket is None:
        return HttpResponse(status=403)
    since = request.GET.get("since", "")
    if since.isdecimal() and int(since[:9]) >= thread.newest(ticket):
        return HttpResponse(status=204)
    shown = thread.conversation(ticket)
    tour.note_reading(request.session, shown)
    return render(request, "portal/parts/thread.html", {"shown": shown})


@login_not_required
@require_POST
def message(request: HttpRequest) -> HttpResponse:
    """Add words or files; a closed request opens again by it."""
    found = access.followed(request, at=timezone.now())
    if found is None or not found.is_open:
        now = timezone.now()
        following.keep_message(request, found.ticket if found else None, at=now)
        return _closed_door(found)
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found.ticket, message=form, status=422)
    if wait := pace.seconds_to_wait(request, pace.ADD):
        form.add_error(None, following.too_fast(wait))
        return _page(request, found.ticket, message=form, status=429)
    try:
        following.add_message(
            request, found.ticket, form.cleaned_data, language=reader_language(), at=timezone.now()
        )
    except FileRefused as refused:
        form.add_error("files", str(refused))
        return _page(request, found.ticket, message=form, status=422)
    return redirect("portal:follow_ticket")


@login_not_required
@require_POST
def closure(request: HttpRequest) -> HttpResponse:
    found = access.followed(request, at=timezone.now())
    if found is None or not found.is_open:
        return _closed_door(found)
    try:
        following.close(found.ticket, at=timezone.now())
    except Refusal:
        pass  # closed already: what the person wanted is the case
    return redirect("portal:follow_ticket")


@login_not_required
@require_POST
def rating(request: HttpRequest) -> HttpResponse:
    """A tap on a face, or on a reason; with `part` only the partial comes back, for script."""
    found = access.followed(request, at=timezone.now())
    if found is None or not found.is_open:
        return _closed_door(found)
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _page(request, found.ticket, status=422)
    try:
        following.rate(found.ticket, **form.given, at=timezone.now())
    except Refusal as refusal:
        messages.info(request, str(refusal))
    if request.POST.get("part"):
        return rating_part(request, found.ticket)
    return redirect(f"{reverse('portal:follow_ticket')}#rate")


def rating_part(request: HttpRequest, ticket: Any, *, url: str = "") -> HttpResponse:
    """Only what asks for the opinion, as it stands now: for pages that are not the follow page."""
    asked = opinion.opinion(ticket, at=timezone.now(), url=url)
    return render(request, "portal/parts/rating.html", {"opinion": asked})


@login_not_required
@require_POST
def result(request: HttpRequest) -> HttpResponse:
    """What came of it, a month later."""
    found = access.followed(request, at=timezone.now())
    if found is None or not found.is_open:
        return _closed_door(found)
    form = ResultForm(request.POST)
    if not form.is_valid():
        return _page(request, found.ticket, status=422)
    try:
        following.tell_result(found.ticket, form.cleaned_data["result"], at=timezone.now())
    except Refusal as refusal:
        messages.info(request, str(refusal))
    return redirect(f"{reverse('portal:follow_ticket')}#result")


@login_not_required
@require_GET
def file(request: HttpRequest, name: str) -> HttpResponse:
    """A file of the thread, as an attachment that no browser opens."""
    ticket = access.open_followed(request)
    stored = thread.file_of(ticket, name) if ticket else None
    if stored is None:
        raise Http404
    return serving.inert(stored)


@login_not_required
@require_POST
def leaving(request: HttpRequest) -> HttpResponse:
    """Close the request in this browser, as one does on a shared telephone."""
    access.leave(request)
    return redirect("portal:follow")
