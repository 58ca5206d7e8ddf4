"""Keeping the glossary: the list, a term, words that searches held and nothing knows, the test box."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from helpdesk.upkeep import access, actions, wordbook
from helpdesk.upkeep.forms import AsideForm, TermForm
from knowledge.articles.actions.reviewing import Refused
from knowledge.search import kept, unknown
from knowledge.search.explaining import LONGEST, explain

form_view = require_http_methods(["GET", "HEAD", "POST"])
LONGEST_WORD = 40


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """Every term: the centre's own and what ships."""
    text = request.GET.get("q", "").strip()[:LONGEST_WORD]
    found = wordbook.holding(wordbook.rows(access.terms(request.user)), text)
    code = wordbook.view_code(request.GET.get("view", ""))
    rows = wordbook.shown(found, code)
    context = {
        "rows": rows[: wordbook.MOST],
        "more": max(0, len(rows) - wordbook.MOST),
        "views": wordbook.views(found, code, text),
        "code": code,
        "text": text,
    }
    return render(request, "upkeep/terms.html", context)


@form_view
def term_new(request: HttpRequest) -> HttpResponse:
    """A new term; `?word=` is one that searches held."""
    access.may_keep_terms(request.user)
    return _form(request, None, None)


@form_view
def term(request: HttpRequest, pk: int) -> HttpResponse:
    """A term kept here."""
    found = access.term_for(request.user, pk)
    return _form(request, found, _entry_of(request, found))


@form_view
def entry(request: HttpRequest, key: str) -> HttpResponse:
    """An entry that ships: what is written here stands in its place."""
    of, term = access.entry_for(request.user, key)
    if term is not None and request.method != "POST":
        word = request.GET.urlencode()
        return redirect(wordbook.address(term.pk) + (f"?{word}" if word else ""))
    return _form(request, term, of)


@require_POST
def entry_rest(request: HttpRequest, key: str) -> HttpResponse:
    """Put an entry that ships to rest."""
    of, term = access.entry_for(request.user, key)
    if term is None:
        given = {**wordbook.begun(of, ""), "note": ""}
        try:
            term = actions.write_term(given, by=request.user, at=timezone.now(), stands_for=key)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("upkeep:entry", key)
    return _move(request, term, "resting", term.revision)


@require_POST
def term_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Rest, use again, or as it ships."""
    found = access.term_for(request.user, pk)
    state = request.POST.get("state", "")
    if state not in found.State.values or (state == "shipped" and not found.stands_for):
        raise Http404
    revision = request.POST.get("revision", "")
    return _move(
        request, found, state, int(revision) if revision.isdecimal() and len(revision) < 9 else 0
    )


@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """Words that several searches held and nothing knows."""
    access.may_keep_terms(request.user)
    kept.follow(at_once=True)
    return render(request, "upkeep/proposals.html", {"proposals": unknown.proposals()})


@require_POST
def aside(request: HttpRequest) -> HttpResponse:
    """A word is no term: never propose it again."""
    access.may_keep_terms(request.user)
    form = AsideForm(request.POST)
    if not form.is_valid() or not unknown.is_proposed(form.cleaned_data["word"]):
        messages.error(request, _("This word is not among those proposed."))
    else:
        word = form.cleaned_data["word"]
        actions.set_word_aside(word, by=request.user, at=timezone.now())
        messages.success(request, _("« %(word)s » is not proposed again.") % {"word": word})
    return redirect("upkeep:proposals")


@require_safe
def testing(request: HttpRequest) -> HttpResponse:
    """What a question becomes, and what it finds first."""
    access.may_keep_terms(request.user)
    text = request.GET.get("q", "").strip()[:LONGEST]
    context = {"text": text, "told": explain(text) if text else None}
    return render(request, "upkeep/testing.html", context)


def _form(request: HttpRequest, term: Any, of: Any) -> HttpResponse:
    """The page of a term: `term` that is kept, `of` the entry that ships and that it stands for."""
    kept.follow(at_once=True)
    word = request.GET.get("word", "").strip()[:LONGEST_WORD]
    form = TermForm(
        request.POST if request.method == "POST" else None,
        initial=wordbook.begun(term or of, word), shown_before=bool(of and of.is_shown),
    )  # fmt: skip
    if form.is_valid():
        try:
            return _keep(request, form, term, of)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {
        "form": form, "term": term, "of": of, "word": word,
        "near": [] if term or of else wordbook.near(word),
        "history": access.term_history(term) if term else [],
    }  # fmt: skip
    return render(request, "upkeep/term.html", context, status=422 if form.errors else 200)


def _keep(request: HttpRequest, form: TermForm, term: Any, of: Any) -> HttpResponse:
    given, now, user = form.cleaned_data, timezone.now(), request.user
    revision = given["revision"] or 0
    if term is None:
        term = actions.write_term(given, by=user, at=now, stands_for=of.key if of else "")
        messages.success(request, _("Kept: the next search uses it."))
    elif actions.change_term(term, given, revision=revision, by=user, at=now):
        messages.success(request, _("Kept: the next search uses it."))
    else:
        messages.info(request, _("Nothing differed: it stays as it was."))
    return redirect("upkeep:term", term.pk)


def _move(request: HttpRequest, term: Any, state: str, revision: int) -> HttpResponse:
    try:
        actions.move_term(term, state, revision=revision, by=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Done, and kept in the history."))
    return redirect("upkeep:term", term.pk)


def _entry_of(request: HttpRequest, term: Any) -> Any:
    """What it stands for; None for a notion of the centre's own, or one that no longer ships."""
    try:
        return access.entry_for(request.user, term.stands_for)[0] if term.stands_for else None
    except Http404:
        return None
