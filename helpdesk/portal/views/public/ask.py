"""Asking without an account: one question a page, nothing typed is ever lost."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from helpdesk.centre.wording import reader_language
from helpdesk.files.actions import FileRefused
from helpdesk.live import pace
from helpdesk.live.visitors import Visitor, remember, visitor_of
from helpdesk.portal import access, checking, rules, slip, talk, tour
from helpdesk.portal.actions import asking as acts
from helpdesk.portal.actions import bringing, weighing
from helpdesk.portal.actions.following import too_fast
from helpdesk.portal.asking import TYPING, Asking
from helpdesk.portal.rules import Step
from knowledge.search.actions import opening_key


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD"])
def ask(request: HttpRequest) -> HttpResponse:
    """The first page. `?q=` brings along what was searched for, `?topic=` the article one reads."""
    asking = Asking.of(request)
    bringing.bring_words(asking, request.GET.get("q", ""))
    if topic := request.GET.get("topic", ""):
        bringing.bring_article(asking, topic)
    return _page(request, asking, Step.THEME)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, name: str) -> HttpResponse:
    """One page of the wizard: shows what is kept, keeps what is sent, goes on when it is right."""
    try:
        here = Step(name)
    except ValueError:
        raise Http404 from None
    asking = Asking.of(request)
    if here == Step.CHECK:
        return _check(request, asking)
    if here == Step.FACTS and not asking.fact_codes:
        return redirect("portal:ask_step", Step.PAPERS)
    if request.method != "POST":
        shown = here == Step.QUESTION and "answers" in request.GET
        hits = weighing.answers_to(asking, language=reader_language()) if shown else []
        return _page(request, asking, here, hits=hits, key=opening_key(asking.search))
    if here == Step.QUESTION and ("offer" in request.POST or "apart" in request.POST):
        return _brought(request, asking)
    form = asking.form(here, request.POST, request.FILES)
    asking.keep(request.POST, here)
    if here == Step.PAPERS:
        return _papers(request, asking, form)
    if not form.is_valid():
        return _page(request, asking, here, form=form, status=422)
    if here == Step.QUESTION and not asking.has_seen_answers():
        return _suggest(request, asking)
    if here == Step.THEME:
        weighing.weigh_again(asking, language=reader_language())
    return _go_on(request, asking, here)


def _brought(request: HttpRequest, asking: Asking) -> HttpResponse:
    """What to do with the words or the article one came with; the page's own text is kept too."""
    if "question" in request.POST:
        asking.keep(request.POST, Step.QUESTION)
    if "apart" in request.POST:
        bringing.set_apart(asking)
    else:
        bringing.settle_words(asking, request.POST["offer"])
    back = Step.QUESTION if asking.fields.get("theme") else Step.THEME
    return _kept(request, redirect("portal:ask_step", back))


def _suggest(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show the articles that may answer under the question; without any, go on."""
    if not weighing.look_for_answers(asking, language=reader_language(), at=timezone.now()):
        return _go_on(request, asking, Step.QUESTION)
    answer = redirect("portal:ask_step", Step.QUESTION)
    then = f"&then={Step.CHECK}" if request.POST.get("then") == Step.CHECK else ""
    answer["Location"] += f"?answers=1{then}#answers"
    return _kept(request, answer)


def _go_on(request: HttpRequest, asking: Asking, here: Step) -> HttpResponse:
    changing = request.POST.get("then") == Step.CHECK
    following = Step.CHECK if changing else rules.after(here, asking.fact_codes)
    return _kept(request, redirect("portal:ask_step", following))


def _page(
    request: HttpRequest,
    asking: Asking,
    here: Step,
    *,
    form: Any = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    number, count = rules.place_of(here, asking.page_codes)
    context = {
        "asking": asking,
        "about": access.article_asked_about(asking),
        "step": here,
        "number": number,
        "count": count,
        "back": rules.before(here, asking.fact_codes),
        "form": form or asking.form(here),
        "then": request.POST.get("then") or request.GET.get("then", ""),
        "typing": TYPING,
        "centre": access.the_centre(),
        "file_limit": settings.FILE_LIMIT,
        **more,
    }  # fmt: skip
    names = [f"portal/ask/{here}.html", "portal/ask/step.html"]
    return _kept(request, render(request, names, context, status=status))


def _papers(request: HttpRequest, asking: Asking, form: Any) -> HttpResponse:
    """Add a file, take one out, or go on. A file chosen is kept whichever button was pressed."""
    if name := request.POST.get("remove"):
        acts.remove_paper(asking, name)
        return _again(request)
    upload = request.FILES.get("file")
    if upload is None:
        if "add" in request.POST:
            form.add_error("file", _("Choose a file."))
            return _page(request, asking, Step.PAPERS, form=form, status=422)
        return _go_on(request, asking, Step.PAPERS)
    status = 422
    if wait := pace.seconds_to_wait(request, pace.UPLOAD):
        status = 429
        form.add_error("file", too_fast(wait))
    else:
        try:
            acts.add_paper(asking, upload, at=timezone.now())
        except FileRefused as refused:
            form.add_error("file", str(refused))
        except acts.TooMany:
            form.add_error("file", _("There are 6 files already: take one out first."))
        else:
            if "add" in request.POST:
                return _again(request)
            return _go_on(request, asking, Step.PAPERS)
    return _page(request, asking, Step.PAPERS, form=form, status=status)


def _again(request: HttpRequest) -> HttpResponse:
    """The page of papers once more, on the same way to or from the check page."""
    answer = redirect("portal:ask_step", Step.PAPERS)
    if request.POST.get("then") == Step.CHECK:
        answer["Location"] += f"?then={Step.CHECK}"
    return _kept(request, answer)


def _check(request: HttpRequest, asking: Asking) -> HttpResponse:
    key = request.POST.get("key", "")[:60] if request.method == "POST" else ""
    if key and (sent := acts.sent_before(asking.visitor, key)):
        return _done(request, sent, key)
    said, missing = asking.checked()
    if missing is not None:
        return _kept(request, redirect("portal:ask_step", missing))
    if request.method != "POST":
        return _checked(request, asking, said)
    if key != asking.key:
        return _checked(
            request, asking, said, _("The question was changed: look at it again."), 409
        )
    if request.POST.get("website"):
        return _checked(request, asking, said, _("Leave the last field empty and send again."), 422)
    if wait := pace.seconds_to_wait(request, pace.ASK):
        return _checked(request, asking, said, too_fast(wait), 429)
    user = request.user if request.user.is_authenticated else None
    sent = acts.send(asking, said, language=reader_language(), at=timezone.now(), user=user)
    return _done(request, sent, key)


def _checked(
    request: HttpRequest, asking: Asking, said: dict[str, Any], error: str = "", status: int = 200
) -> HttpResponse:
    return _page(
        request, asking, Step.CHECK, form=asking, error=error,
        rows=checking.rows(asking, said, about=access.article_asked_about(asking)),
        closed=_closed(asking), status=status,
    )  # fmt: skip


def _closed(asking: Asking) -> talk.Hours | None:
    """Said before sending, when the queue of this question is closed or paused."""
    centre = access.the_centre()
    if centre is None:
        return None
    theme = access.theme_asked(asking)
    return talk.closed(centre, theme, language=reader_language(), at=timezone.now())


def _done(request: HttpRequest, sent: acts.Sent, key: str) -> HttpResponse:
    slip.remember(request, key)
    tour.note_asked(request.session, sent.ticket)
    return _kept(request, redirect("portal:ask_done"))


@login_not_required
@require_POST
def erasure(request: HttpRequest) -> HttpResponse:
    """Throw away what was typed, as on a shared telephone."""
    Asking.of(request).forget()
    return redirect("portal:ask")


def _kept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    visitor: Visitor = visitor_of(request)
    return remember(response, visitor)
