"""The chat inside pages of other sites: a small script with a button, and the frame it opens.

No cookie is set or read: browsers keep cookies of frames from us. The page shows its pass in a header.
"""

import hashlib
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition, require_http_methods, require_POST, require_safe

from helpdesk.centre.face import address_of, face
from helpdesk.centre.wording import reader_language
from helpdesk.live import pace
from helpdesk.portal import access, talk
from helpdesk.portal.actions import chatting as acts
from helpdesk.portal.actions.following import too_fast
from helpdesk.portal.chat_doors import Visit, chat_of_token, is_from_here, token_of
from helpdesk.portal.chat_forms import BeginForm
from helpdesk.portal.chat_page import conversation, is_begin_id
from helpdesk.tickets import codes

SELF = "'self'"


@login_not_required
@csrf_exempt
@never_cache
@xframe_options_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def frame(request: HttpRequest) -> HttpResponse:
    """The page in the frame; what is sent to it begins a chat."""
    if request.method == "POST":
        return _begin(request)
    centre = access.the_centre()
    if centre is None:
        raise Http404
    context = {
        "form": BeginForm(initial={"language": reader_language()}), "centre": centre,
        "hours": talk.hours(centre, language=reader_language(), at=timezone.now()),
    }  # fmt: skip
    page = render(request, "portal/chat/frame.html", context)
    page._csp_replace = {"frame-ancestors": [SELF, *centre.chat_sites]}  # type: ignore[attr-defined]
    return page


def _begin(request: HttpRequest) -> HttpResponse:
    """The first line, once: the conversation, its pass, and the code for this once."""
    if not is_from_here(request):
        return _refused(_("This form was not sent from a page of ours."), 403)
    form, key = BeginForm(request.POST), request.POST.get("key", "")
    if not is_begin_id(key):
        return _refused(_("This page is out of date: load it again. Your text is kept."), 422)
    if not form.is_valid():
        errors = [str(error) for errors in form.errors.values() for error in errors]
        return _refused(" ".join(errors), 422)
    if wait := pace.seconds_to_wait(request, pace.ASK):
        answer = _refused(too_fast(wait), 429)
        answer["Retry-After"] = str(wait)
        return answer
    at = timezone.now()
    sent = acts.begin(form.cleaned_data, visitor=f"frame:{key}", key=key, at=at)
    chat = sent.ticket.chat
    visit = Visit(chat, token_of(chat))
    shown: dict[str, Any] = conversation(
        request, visit, at=at, secret=codes.grouped(sent.code) if sent.code else ""
    )
    html = render_to_string("portal/chat/conversation.html", shown, request)
    return JsonResponse({"token": visit.token, "html": html})


def _refused(said: str, status: int) -> JsonResponse:
    return JsonResponse({"error": said}, status=status)


@login_not_required
@csrf_exempt
@never_cache
@require_POST
def apart(request: HttpRequest) -> HttpResponse:
    """From the frame to a page of our own: the pass, sent by our own form, opens the chat in a session."""
    chat = chat_of_token(request.POST.get("pass", "")) if is_from_here(request) else None
    if chat is None:
        return redirect("portal:follow")
    access.open_ticket(request, chat.ticket, at=timezone.now())
    request.session.cycle_key()
    return redirect("portal:chat")


def _script() -> str:
    return render_to_string("portal/chat/widget.js", {"home": address_of(face().host)})


def _etag(_request: HttpRequest) -> str:
    return f'"{hashlib.sha256(_script().encode()).hexdigest()[:20]}"'


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
@condition(etag_func=_etag)
def widget(request: HttpRequest) -> HttpResponse:
    """The script that other sites put into their pages."""
    answer = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
