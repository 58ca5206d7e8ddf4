"""Acts with a form of their own: begin an article, hand in, review, restore, drop."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.editing import access, actions, forms, showing
from knowledge.articles import differing, parts
from knowledge.articles.actions import drafting, publishing
from knowledge.articles.actions.reviewing import Refused

form_view = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Sheet:
    """A form on a page of its own: `more` is what its template shows besides."""

    title: str
    about: str
    form: Any
    submit: str
    back: str
    lead: str = ""
    more: dict[str, Any] = field(default_factory=dict)


@form_view
def new(request: HttpRequest) -> HttpResponse:
    """A new article, as a draft."""
    access.may_write(request.user)
    form = forms.NewForm(_typed(request), themes=access.themes())
    if form.is_valid():
        article = drafting.begin_draft(
            form.cleaned_data["theme"], form.titles, {}, by=request.user, at=timezone.now()
        )
        return redirect("editing:article", article.topic)
    lead = _("Readers see nothing of it until a second person has published it.")
    back = reverse("editing:articles")
    return _sheet(request, Sheet(_("New article"), "", form, _("Begin"), back, lead))


@form_view
def submission(request: HttpRequest, topic: str, language: str) -> HttpResponse:
    """Hand the draft of one language in, with the list of checks."""
    desk = access.desk(request.user, topic)
    work = desk[access.known_language(language)]
    if work.draft is None or work.review is not None:
        return _gone(request, topic, work)
    form = forms.WhyForm(_typed(request))
    checks = _checks(desk, language)
    more = {
        "language": language, "topic": topic, "checks": checks, "unsettled": work.unsettled,
        "changes": _changes(work.shown, work.texts),
        "is_new": work.shown is None,
    }  # fmt: skip
    sheet = Sheet(
        _("Hand in for review"), _about(desk, language), form, _("Hand in"), _editor(topic),
        _("Somebody else reads it and publishes it. Until then it cannot be written in."), more,
    )  # fmt: skip
    if not form.is_valid():
        return _sheet(request, sheet)
    return _try(request, sheet, publishing.submit, work.draft, **form.cleaned_data)


@form_view
def review(request: HttpRequest, topic: str, language: str) -> HttpResponse:
    """What was handed in, beside what readers see; publish it now or on a day, or send it back."""
    user: Any = request.user
    access.may_review(user)
    desk = access.desk(user, topic)
    work = desk[access.known_language(language)]
    version = work.review
    if version is None:
        return _gone(request, topic, work)
    own, now = publishing.is_writer(version, user), timezone.now()
    form: Any = (
        forms.WhyForm(_typed(request))
        if own
        else forms.ReviewForm(_typed(request), at=now, is_released=version.publish_at is not None)
    )
    more = {
        "language": language, "topic": topic, "checks": _checks(desk, language),
        "changes": _changes(work.shown, work.texts), "is_new": work.shown is None,
        "version": version, "own": own,
    }  # fmt: skip
    sheet = Sheet(
        _("In review"), _about(desk, language), form,
        _("Take it back") if own else _("Decide"), _editor(topic),
        _("You wrote in it: somebody else publishes it. You can take it back and go on.")
        if own else _("Read what changes for readers, then decide."), more,
    )  # fmt: skip
    if not form.is_valid():
        return _sheet(request, sheet)
    why = form.cleaned_data["why"]
    if own or form.cleaned_data["decision"] == "back":
        return _try(request, sheet, publishing.send_back, version, why=why)
    if form.cleaned_data["decision"] == "hold":
        return _try(request, sheet, publishing.hold, version, why=why)
    moment = form.cleaned_data["publish_at"] if form.cleaned_data["decision"] == "day" else None
    return _try(request, sheet, actions.publish, version, why=why, publish_at=moment)


@form_view
def dropping(request: HttpRequest, topic: str, language: str) -> HttpResponse:
    """Put a draft away; readers keep what they see."""
    desk = access.desk(request.user, topic)
    work = desk[access.known_language(language)]
    if work.draft is None or work.review is not None:
        return _gone(request, topic, work)
    form = forms.WhyForm(_typed(request))
    sheet = Sheet(
        _("Drop the draft"), _about(desk, language), form, _("Drop it"), _editor(topic),
        _("The editor shows again what readers see. The words dropped stay stored."),
    )  # fmt: skip
    if not form.is_valid():
        return _sheet(request, sheet)
    return _try(request, sheet, drafting.drop, work.draft, **form.cleaned_data)


@form_view
def restoring(request: HttpRequest, topic: str, language: str, number: int) -> HttpResponse:
    """An older version becomes the draft; it is reviewed as any other."""
    desk = access.desk(request.user, topic, paired=False)
    version = access.version(desk, language, number)
    form = forms.WhyForm(_typed(request))
    sheet = Sheet(
        _("Restore version %(n)d as a draft") % {"n": number}, _about(desk, language), form,
        _("Make it the draft"), reverse("editing:history", args=[topic]),
        _("Nothing is published by this: the draft is read by a second person as any other."),
        {"language": language, "changes": _changes(version, desk[language].texts, back=True)},
    )  # fmt: skip
    if not form.is_valid():
        return _sheet(request, sheet)
    return _try(request, sheet, drafting.restore, version, **form.cleaned_data)


def _checks(desk: Any, language: str) -> Any:
    return publishing.to_check(desk, language, publishing.known(), on=timezone.localdate())


def _changes(version: Any, texts: Any, *, back: bool = False) -> list[Any]:
    """(label, changes) from what readers see to the texts, or (`back`) from the texts to the version."""
    said = parts.of_version(version) if version is not None else {}
    found = differing.differing(texts, said) if back else differing.differing(said, texts)
    return [(parts.LABELS[name], rows) for name, rows in found.items()]


def _try(request: HttpRequest, sheet: Sheet, act: Any, of: Any, **given: Any) -> HttpResponse:
    """Do it, or say on the form why it cannot be."""
    try:
        act(of, by=request.user, at=timezone.now(), **given)
    except Refused as refused:
        sheet.form.add_error(None, str(refused))
        return _sheet(request, sheet)
    messages.success(request, _("Done, and kept in the history."))
    return redirect(sheet.back)


def _gone(request: HttpRequest, topic: str, work: Any) -> HttpResponse:
    """There is nothing to act on here: say what there is, on the page of the article."""
    said = (
        _("It is in review already.") if work.review is not None else _("There is no draft here.")
    )
    messages.info(request, said)
    return redirect("editing:article", topic)


def _about(desk: Any, language: str) -> str:
    return (
        f"{desk[language].text('title') or showing.title(desk)} · {showing.language_name(language)}"
    )


def _editor(topic: str) -> str:
    return reverse("editing:article", args=[topic])


def _sheet(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    status = 422 if sheet.form.errors else 200
    context = {"sheet": sheet, "form": sheet.form, **sheet.more}
    return render(request, "editing/act.html", context, status=status)


def _typed(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
