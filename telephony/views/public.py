"""The caller's page: the form before, the call under way, and what follows it; one address, `/call/`.

The script asks for the microphone before it sends the form, so a call never begins in silence. Whatever
stands in the way leads to the other ways, with what was typed: a call-back, a message, a chat, a question.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helpdesk.centre.wording import reader_language
from helpdesk.live import pace
from helpdesk.live.visitors import remember, visitor_of
from helpdesk.portal.access import the_centre
from helpdesk.portal.actions.following import new_key, too_fast
from helpdesk.portal.forms import RatingForm
from helpdesk.tickets import codes
from helpdesk.tickets.errors import Refusal
from telephony import actions, doors
from telephony.actions import entering, recording
from telephony.actions.entering import Agreed, Way
from telephony.caller_page import Standing, door_context
from telephony.calling_forms import BackForm, CallForm

ELSEWHERE = {"chat": "portal:chat", "ask": "portal:ask"}
"""Ways that are pages of their own: what was typed goes along."""


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest) -> HttpResponse:
    """The call of this browser; without one, the form."""
    if request.method == "POST":
        return _begin(request)
    if "new" in request.GET:
        doors.forget_call(request)
        return redirect("calling:call")
    at = timezone.now()
    leg = doors.caller_leg(request, at=at)
    if leg is None:
        language = request.GET.get("language", "") or reader_language()
        words = request.GET.get("q", "")[:400]
        first = {"language": language, "words": words, "key": new_key()}
        return _form(request, CallForm(initial=first), language=language)
    return _standing(request, Standing(leg, at))


def _standing(request: HttpRequest, standing: Standing, *, status: int = 200, **more: Any) -> Any:
    name = "line" if standing.call.is_live else "ended"
    return render(
        request, f"telephony/call/{name}.html", standing.context(**more), status=status
    )  # fmt: skip


def _form(
    request: HttpRequest, form: CallForm, *, language: str, page: str = "begin", status: int = 200,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    centre = the_centre()
    if centre is None:
        raise Http404
    door = doors.door(
        centre,
        language=language,
        at=timezone.now(),
        theme=form.chosen_theme if form.is_bound else None,
    )
    context = {"form": form, "centre": centre, **door_context(door, language=language), **more}
    shown = render(request, f"telephony/call/{page}.html", context, status=status)
    return remember(shown, visitor_of(request))


def _begin(request: HttpRequest) -> HttpResponse:
    way, form = request.POST.get("way", ""), CallForm(request.POST)
    if way in ELSEWHERE:
        words = request.POST.get("words", "").strip()[:400]
        return redirect(reverse(ELSEWHERE[way]) + (f"?{urlencode({'q': words})}" if words else ""))
    right = form.is_valid()
    language = form.cleaned_data.get("language") or reader_language()
    # The other ways ask for no more than is missing: a number, on the page where they stand.
    page = "ways" if request.POST.get("from") == "ways" else "begin"
    if not right or way not in list(Way):
        return _form(request, form, language=language, page=page, status=422)
    said = form.cleaned_data
    if way != Way.CALL_BACK and not said["microphone"]:
        return _form(request, form, language=language, page="ways", why="script")
    if wait := pace.seconds_to_wait(request, pace.ASK):
        form.add_error(None, too_fast(wait))
        return _form(request, form, language=language, page=page, status=429)
    why = _obstacle(form) if way == Way.CALL else ""
    if why:
        return _form(request, form, language=language, page="ways", why=why)
    return _enter(request, form, Way(way))


def _obstacle(form: CallForm) -> str:
    """Why nobody would answer; whoever would rather wait for somebody of another language may."""
    said = form.cleaned_data
    door = doors.door(
        the_centre(), language=said["language"], at=timezone.now(), theme=form.chosen_theme
    )  # fmt: skip
    return "" if door.why == "language" and said["anyway"] else door.why


def _enter(request: HttpRequest, form: CallForm, way: Way) -> HttpResponse:
    centre, visitor = the_centre(), visitor_of(request)
    if centre is None:
        raise Http404
    said = form.cleaned_data
    agreed = Agreed(reader_language()) if said.get("record") else None
    key = f"web:{visitor.token[:22]}:{said['key'][:30] or new_key()}"
    leg = entering.enter(
        way, form.caller, centre=centre, at=timezone.now(), key=key, agreed=agreed
    )  # fmt: skip
    doors.keep_call(request, leg)
    return remember(redirect("calling:call"), visitor)


def with_call(view: Callable[[HttpRequest, Standing], HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives a view the call of this browser; where there is none, the way back to the form."""

    @wraps(view)
    def opened(request: HttpRequest) -> HttpResponse:
        at = timezone.now()
        leg = doors.caller_leg(request, at=at)
        return redirect("calling:call") if leg is None else view(request, Standing(leg, at))

    return opened


@login_not_required
@never_cache
@require_GET
@with_call
def place(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Where the caller stands, as a fragment; 204 when the page shows it already."""
    if standing.mark == request.GET.get("mark"):
        return HttpResponse(status=204)
    return render(request, "telephony/call/place.html", standing.context())


@login_not_required
@require_POST
@with_call
def call_back(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The caller leaves the line and is called."""
    form = BackForm(request.POST)
    if "number" in request.POST and not form.is_valid():
        return _standing(request, standing, status=422, back=form)
    number = form.cleaned_data.get("number") if form.is_bound and form.is_valid() else None
    if number is None and not standing.has_number:
        return _standing(request, standing, status=422, back=form)
    if standing.call.is_live and not standing.call.has_voice:
        actions.ask_call_back(standing.call, at=standing.at, number=number)
    return redirect("calling:call")


@login_not_required
@require_POST
@with_call
def ending(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The caller hangs up."""
    if standing.leg.is_here:
        actions.end(standing.leg, at=standing.at)
    return redirect("calling:call")


@login_not_required
@require_POST
@with_call
def withdrawal(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The caller does not want to be recorded any more."""
    recording.withdraw(standing.call, at=standing.at)
    return redirect("calling:call")


@login_not_required
@require_POST
@with_call
def code(request: HttpRequest, standing: Standing) -> HttpResponse:
    """A follow code for the request, shown in this answer and nowhere else."""
    if wait := pace.seconds_to_wait(request, pace.ASK):
        messages.warning(request, too_fast(wait))
        return redirect("calling:call")
    key = request.POST.get("key", "")[:60] or new_key()
    made = entering.new_code(standing.call, key, at=standing.at)
    if not made:
        return redirect("calling:call")
    return _standing(request, standing, secret=codes.grouped(made))


@login_not_required
@require_POST
@with_call
def rating(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What the caller thought of the talk."""
    form = RatingForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Choose one of the five."))
        return redirect("calling:call")
    try:
        entering.rate(standing.call, **form.given, at=standing.at)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect("calling:call")
