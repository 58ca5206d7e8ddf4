"""Writing into a ticket: an answer with its articles, a question back, a line of a chat, or a note."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from helpdesk.centre.wording import clock_text
from helpdesk.live.actions import drop_draft
from helpdesk.tickets import access
from helpdesk.tickets.actions import answering, asking, chatting, write
from helpdesk.tickets.actions.answering import Quote
from helpdesk.tickets.errors import MergedAway, NotYours, Refusal
from helpdesk.tickets.forms.composing import ComposerForm, read_quotes
from helpdesk.tickets.querysets import draft_place
from helpdesk.tickets.rules import Help
from helpdesk.tickets.views.desk.page import back, show_again


@require_POST
def entries(request: HttpRequest, pk: int) -> HttpResponse:
    """Send what the composer holds. Whatever is refused, the text stays in its field."""
    form = ComposerForm(request.POST)
    quotes = read_quotes(request.POST.getlist("quote"))
    again = {"composer": form, "quotes": quotes}
    try:
        ticket = access.handled_ticket(request.user, pk, at=timezone.now())
    except MergedAway as moved:
        kept = _("Your text is kept: send it here if it still fits.")
        again = {"composer": _moved_on(form, moved.target), "quotes": quotes, "status": 409}
        return show_again(request, moved.target.pk, **again, said=f"{moved} {kept}")
    if not form.is_valid():
        return _unsaid(request, form) or show_again(request, pk, **again)
    try:
        if form.is_answer:
            _answer(request, ticket, form, quotes)
        elif form.is_asking:
            _ask_back(request, ticket, form)
        elif form.is_line:
            sent = _line(request, ticket, form)
            if _by_script(request):
                drop_draft(place=draft_place(pk), user=request.user)
                return JsonResponse({"number": sent.number, "time": clock_text(sent.at)})
        else:
            _note(request, ticket, form)
    except Refusal as refusal:
        if _by_script(request):
            return JsonResponse({"error": str(refusal)}, status=409)
        form = _moved_on(form, ticket)
        return show_again(request, pk, composer=form, quotes=quotes, said=str(refusal), status=409)
    drop_draft(place=draft_place(pk), user=request.user)
    return back(pk)


def _by_script(request: HttpRequest) -> bool:
    """The page sends lines of a chat by itself and stays as it is."""
    return request.headers.get("X-Requested-With") == "fetch"


def _unsaid(request: HttpRequest, form: ComposerForm) -> HttpResponse | None:
    """What is wrong with a line, for the script that sent it."""
    if not _by_script(request):
        return None
    said = " ".join(str(error) for errors in form.errors.values() for error in errors)
    return JsonResponse({"error": said}, status=422)


def _line(request: HttpRequest, ticket: Any, form: ComposerForm) -> Any:
    typed, chat = form.cleaned_data, access.chat_of(ticket)
    if chat is None:
        raise NotYours(_("This request is no chat: write an answer."))
    if ticket.assignee_id != request.user.pk:
        raise NotYours(_("Only who has the request answers. Take it first; your text is kept."))
    chatting.stop_typing(chat, chat.Side.DESK)
    return chatting.say(
        chat, typed["body"], by=request.user, at=timezone.now(), language=typed["language"],
        key=f"said:{ticket.pk}:{typed['key']}",
    )  # fmt: skip


def _note(request: HttpRequest, ticket: Any, form: ComposerForm) -> None:
    typed = form.cleaned_data
    write.note(ticket, typed["body"], by=request.user, at=timezone.now(), key=typed["key"])


def _ask_back(request: HttpRequest, ticket: Any, form: ComposerForm) -> None:
    typed = form.cleaned_data
    if not write.is_written(typed["key"]):
        _check(request, ticket, typed["base"])
    asking.ask_back(
        ticket, typed["body"], by=request.user, at=timezone.now(), language=typed["language"],
        key=typed["key"],
    )  # fmt: skip


def _answer(request: HttpRequest, ticket: Any, form: ComposerForm, quotes: Any) -> None:
    typed = form.cleaned_data
    if not write.is_written(typed["key"]):
        _check(request, ticket, typed["base"])
    versions = access.versions_for(request.user, quotes)
    written = answering.answer(
        ticket, typed["body"], by=request.user, at=timezone.now(), language=typed["language"],
        help=Help(typed["help"]), four_eyes=typed["four_eyes"], key=typed["key"],
        quotes=[Quote(versions[pk], keys) for pk, keys in quotes.items() if pk in versions],
    )  # fmt: skip
    if written.is_waiting:
        messages.info(request, _("A colleague must release this answer before it goes out."))


def _check(request: HttpRequest, ticket: Any, base: int) -> None:
    if ticket.is_closed:
        raise NotYours(_("This request is closed. Reopen it to answer."))
    if ticket.assignee_id != request.user.pk:
        raise NotYours(_("Only who has the request answers. Take it first; your text is kept."))
    new = ticket.entries.since(base).exclude(by=request.user).count()
    if new:
        raise NotYours(
            ngettext(
                "%(n)s new entry came while you wrote. Read it, then send again.",
                "%(n)s new entries came while you wrote. Read them, then send again.",
                new,
            )
            % {"n": new}
        )


def _moved_on(form: ComposerForm, ticket: Any) -> ComposerForm:
    """The same form on the newest state, so that sending again is a decision and works."""
    data = form.data.copy()
    ticket.refresh_from_db(fields=["last"])
    data["base"] = str(ticket.last)
    return ComposerForm(data)
