"""A chat on our own pages and in the frame on others': one way to write, read, end and go on.

Our pages answer forms by going back to the page; a page that shows a pass gets the conversation as
a fragment, a script gets JSON for its lines.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helpdesk.centre.wording import clock_text, reader_language
from helpdesk.files import serving
from helpdesk.files.actions import FileRefused
from helpdesk.live import pace, passes, streams
from helpdesk.live.visitors import remember, visitor_of
from helpdesk.portal import access, slip, talk, thread
from helpdesk.portal.actions import chatting as acts
from helpdesk.portal.actions.following import new_key, too_fast
from helpdesk.portal.chat_doors import Visit, guarded, visit_of
from helpdesk.portal.chat_forms import BeginForm, LineForm, MailForm
from helpdesk.portal.chat_page import conversation
from helpdesk.portal.forms import RatingForm
from helpdesk.tickets import codes
from helpdesk.tickets.actions import chatting
from helpdesk.tickets.errors import Refusal


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def chat(request: HttpRequest) -> HttpResponse:
    """The chat that is open in this browser; without one, the first line of a new one."""
    at = timezone.now()
    if request.method == "POST":
        return _begin(request)
    visit = visit_of(request, at=at, extend=True)
    if visit is None or "new" in request.GET:
        return _first(request, BeginForm(initial=_brought(request)))
    return render(request, "portal/chat/talk.html", conversation(request, visit, at=at))


def _brought(request: HttpRequest) -> dict[str, str]:
    words = request.GET.get("q", "")[:400]
    return {"words": words, "language": reader_language(), "key": new_key()}


def _first(request: HttpRequest, form: BeginForm, *, status: int = 200) -> HttpResponse:
    centre = access.the_centre()
    if centre is None:
        raise Http404
    context = {
        "form": form, "centre": centre,
        "hours": talk.hours(centre, language=reader_language(), at=timezone.now()),
    }  # fmt: skip
    page = render(request, "portal/chat/begin.html", context, status=status)
    return remember(page, visitor_of(request))


def _begin(request: HttpRequest) -> HttpResponse:
    form = BeginForm(request.POST)
    if not form.is_valid():
        return _first(request, form, status=422)
    if wait := pace.seconds_to_wait(request, pace.ASK):
        form.add_error(None, too_fast(wait))
        return _first(request, form, status=429)
    at, visitor = timezone.now(), visitor_of(request)
    key = form.cleaned_data["key"] or new_key()
    user = request.user if request.user.is_authenticated else None
    sent = acts.begin(form.cleaned_data, visitor=visitor.token, key=key, at=at, user=user)
    access.open_ticket(request, sent.ticket, at=at)
    request.session.cycle_key()
    slip.remember(request, key)
    return remember(redirect("portal:chat"), visitor)


@login_not_required
@never_cache
@require_GET
def since(request: HttpRequest, number: int) -> HttpResponse:
    """Lines after this number and how the chat stands; 204 when the page has all of it."""
    at = timezone.now()
    visit = visit_of(request, at=at, extend=True)
    if visit is None:
        return HttpResponse(status=403)
    chatting.see_asker(visit.chat, at=at)
    shown = talk.Talk(visit.chat, at, since=min(number, visit.chat.ticket.last))
    if not shown.lines and shown.mark == request.GET.get("mark"):
        return HttpResponse(status=204)
    return render(request, "portal/chat/news.html", {"talk": shown, "visit": visit})


def with_visit(view: Callable[[HttpRequest, Visit], HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives a view the chat that is open for the page; where none is, the way back to it."""

    @wraps(view)
    def opened(request: HttpRequest) -> HttpResponse:
        visit = visit_of(request, at=timezone.now(), extend=True)
        return _shut(request) if visit is None else view(request, visit)

    return opened


@login_not_required
@require_POST
@guarded
@with_visit
def lines(request: HttpRequest, visit: Visit) -> HttpResponse:
    """One line. A script gets `{"number", "time"}`, or `{"error"}` as a sentence; nothing is doubled."""
    at = timezone.now()
    form = LineForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refused(request, visit, form, 422)
    if wait := acts.seconds_to_wait(request, visit):
        form.add_error(None, too_fast(wait))
        answer = _refused(request, visit, form, 429)
        answer["Retry-After"] = str(wait)
        return answer
    try:
        written = acts.add_line(visit.chat, form.cleaned_data, language=reader_language(), at=at)
    except FileRefused as refused:
        form.add_error("files", str(refused))
        return _refused(request, visit, form, 422)
    except acts.Ended:
        form.add_error(None, _("This chat has ended. Your text is kept: begin a new one with it."))
        return _refused(request, visit, form, 409)
    if _by_script(request, visit):
        return JsonResponse({"number": written.number, "time": clock_text(written.at)})
    return redirect("portal:chat")


def _by_script(request: HttpRequest, visit: Visit | None) -> bool:
    return bool(visit and visit.token) or request.headers.get("X-Requested-With") == "fetch"


def _refused(request: HttpRequest, visit: Visit, form: LineForm, status: int) -> HttpResponse:
    if _by_script(request, visit):
        return JsonResponse({"error": form.said}, status=status)
    page = conversation(request, visit, at=timezone.now(), line=form)
    return render(request, "portal/chat/talk.html", page, status=status)


def _shut(request: HttpRequest) -> HttpResponse:
    """No chat is open for this page: to the start, or a sentence for a script."""
    said = _(
        "This chat is not open here any more. Enter the number and the code to come back to it."
    )
    if _by_script(request, None) or "X-Wasl-Chat" in request.headers:
        return JsonResponse({"error": said}, status=403)
    messages.info(request, said)
    return redirect("portal:follow")


@login_not_required
@require_POST
@guarded
@with_visit
def marks(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Signs of the page: shown up to a number, somebody types."""
    number = request.POST.get("read", "")
    if number.isascii() and number.isdigit() and len(number) < 10:
        chatting.read(visit.chat, acts.Side.ASKER, int(number))
    if request.POST.get("typing") and visit.chat.is_live:
        chatting.type_on(visit.chat, acts.Side.ASKER)
    return HttpResponse(status=204)


@login_not_required
@require_POST
@guarded
@with_visit
def ending(request: HttpRequest, visit: Visit) -> HttpResponse:
    acts.end(visit.chat, at=timezone.now())
    return _again(request, visit)


@login_not_required
@require_POST
@guarded
@with_visit
def mail(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Go on by e-mail."""
    form = MailForm(request.POST)
    if not form.is_valid():
        return _again(request, visit, status=422, mail=form)
    if wait := pace.seconds_to_wait(request, pace.ASK, who=visit.who):
        form.add_error(None, too_fast(wait))
        return _again(request, visit, status=429, mail=form)
    acts.by_mail(visit.chat, form.cleaned_data["email"], at=timezone.now())
    return _again(request, visit, said=_("Noted: what we write is announced to this address."))


@login_not_required
@require_POST
@guarded
@with_visit
def code(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A new code, shown in the answer to this form and nowhere else; the old one stops working."""
    if wait := pace.seconds_to_wait(request, pace.ASK, who=visit.who):
        return _again(request, visit, status=429, said=too_fast(wait))
    made = acts.new_code(
        visit.chat, request.POST.get("key", "")[:60] or new_key(), at=timezone.now()
    )
    if not made:
        return _again(request, visit)
    if not visit.token:
        slip.put_away(request)
    page = conversation(request, visit, at=timezone.now(), secret=codes.grouped(made))
    name = "portal/chat/conversation.html" if visit.token else "portal/chat/talk.html"
    return render(request, name, page)


@login_not_required
@require_POST
@guarded
@with_visit
def kept(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The person has kept number and code: this browser shows the code no more."""
    if not visit.token:
        slip.put_away(request)
    return _again(request, visit)


@login_not_required
@require_POST
@guarded
@with_visit
def rating(request: HttpRequest, visit: Visit) -> HttpResponse:
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _again(request, visit, status=422, said=_("Choose one of the five."))
    try:
        acts.rate(visit.chat, **form.given, at=timezone.now())
    except Refusal as refusal:
        return _again(request, visit, said=str(refusal))
    return _again(request, visit)


def _again(
    request: HttpRequest, visit: Visit, *, status: int = 200, said: str = "", **shown: Any
) -> HttpResponse:
    """The conversation once more, after an act or with what could not be taken."""
    if visit.token:
        page = conversation(request, visit, at=timezone.now(), said=said, **shown)
        return render(request, "portal/chat/conversation.html", page, status=status)
    if status == 200:
        if said:
            messages.success(request, said)
        return redirect("portal:chat")
    page = conversation(request, visit, at=timezone.now(), said=said, **shown)
    return render(request, "portal/chat/talk.html", page, status=status)


@login_not_required
@never_cache
@require_GET
def whole(request: HttpRequest) -> HttpResponse:
    """The conversation as a fragment: what a page with a pass begins with."""
    at = timezone.now()
    visit = visit_of(request, at=at, extend=True)
    if visit is None:
        return HttpResponse(status=403)
    chatting.see_asker(visit.chat, at=at)
    return render(request, "portal/chat/conversation.html", conversation(request, visit, at=at))


@login_not_required
@never_cache
@require_GET
@with_visit
def listen(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A new pass for the page's socket: to the chat's own stream and no other."""
    return JsonResponse({"pass": passes.make(streams.chat(visit.chat.ticket_id))})


@login_not_required
@require_GET
def file(request: HttpRequest, name: str) -> HttpResponse:
    """A file of the chat, as an attachment that no browser opens."""
    visit = visit_of(request, at=timezone.now())
    stored = thread.file_of(visit.chat.ticket, name) if visit else None
    if stored is None:
        raise Http404
    return serving.inert(stored)
