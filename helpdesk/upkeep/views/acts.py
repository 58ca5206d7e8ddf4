"""Acts of upkeep that have a form of their own: validity, reading again, signing, changed advice."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.upkeep import access, actions, forms, listing
from knowledge.articles.actions.reviewing import Refused
from knowledge.languages import reading_language

form_view = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Sheet:
    """A form on a page of its own. `back` is where it leads when done or put away."""

    title: str
    form: Any
    submit: str
    back: str
    lead: str = ""
    version: Any = None


@form_view
def validity(request: HttpRequest, topic: str) -> HttpResponse:
    """From when until when the article is in force."""
    user: Any = request.user
    found = access.reviewed_article(user, topic)
    form = forms.ValidityForm(
        typed(request), texts=access.texts(), articles=access.titles(reading_language()), own=topic,
        initial=_set_now(found),
    )  # fmt: skip
    back = reverse("upkeep:article", args=[topic])
    if form.is_valid():
        given = _rows(form.cleaned_data, user)
        return _set(request, found, given, why=form.cleaned_data["why"], back=back)
    title, lead = _("Validity"), _("Only what a text says: an unknown day stays empty.")
    return show_sheet(request, Sheet(title, form, _("Keep"), back, lead))


@form_view
def text_validity(request: HttpRequest, code: str) -> HttpResponse:
    """The same for a text of law."""
    user: Any = request.user
    found = access.reviewed_text(user, code)
    form = forms.ValidityForm(
        typed(request), texts=access.texts(), articles=None, own=code, initial=_set_now(found)
    )
    back = reverse("articles:text", args=[code])
    if form.is_valid():
        given = _rows(form.cleaned_data, user)
        return _set(request, found, given, why=form.cleaned_data["why"], back=back)
    return show_sheet(request, Sheet(_("Validity of a text"), form, _("Keep"), back, found.name))


@form_view
def reading(request: HttpRequest, topic: str) -> HttpResponse:
    """It was read again and stays as it is."""
    found, today = access.reviewed_article(request.user, topic), timezone.localdate()
    form = forms.KeepForm(
        typed(request), on=today, initial={"review_on": listing.next_review(today)}
    )
    back = reverse("upkeep:article", args=[topic])
    if form.is_valid():
        actions.keep(found, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("Kept. The next review has its day."))
        return redirect(back)
    lead = _("You read it against the law and it is still right. If not, write a new version.")
    return show_sheet(request, Sheet(_("Read again"), form, _("It is still right"), back, lead))


@form_view
def signature(request: HttpRequest, topic: str, language: str) -> HttpResponse:
    """Vouch for the version readers see, by name."""
    version = access.reviewed_version(request.user, topic, _known(language))
    form = forms.SignForm(typed(request))
    sheet = _version_sheet(
        version, _("Sign as reviewer"), form, _("Sign"),
        _("Your name, today and the bulletin then stand on the page instead of « provisional »."),
    )  # fmt: skip
    if not form.is_valid():
        return show_sheet(request, sheet)
    bulletin = form.cleaned_data["bulletin"]
    return attempt(request, sheet, actions.sign, version, bulletin=bulletin)


@form_view
def unsigning(request: HttpRequest, topic: str, language: str) -> HttpResponse:
    """Take a signature back: the version is provisional again."""
    version = access.reviewed_version(request.user, topic, _known(language))
    form = forms.WhyForm(typed(request))
    sheet = _version_sheet(
        version, _("Take the signature back"), form, _("Take it back"),
        _("The page says « provisional » again. Who had signed stays in the history."),
    )  # fmt: skip
    if not form.is_valid():
        return show_sheet(request, sheet)
    return attempt(request, sheet, actions.take_back_signature, version, **form.cleaned_data)


@form_view
def advice(request: HttpRequest, topic: str, language: str) -> HttpResponse:
    """The version changes advice: those who were answered from an older one are called back."""
    version = access.reviewed_version(request.user, topic, _known(language))
    form = forms.AdviceForm(typed(request))
    sheet = _version_sheet(
        version, _("This version changes advice"), form, _("Open the recall"),
        _("Every open or recent answer given from an older version goes onto a list of people to "
          "call back. Nothing leaves before somebody of the desk sends it."),
    )  # fmt: skip
    if not form.is_valid():
        return show_sheet(request, sheet)
    return attempt(request, sheet, actions.mark_changes_advice, version, **form.cleaned_data)


def attempt(
    request: HttpRequest, sheet: Sheet, act: Any, version: Any, *, done: str = "", **given: Any
) -> HttpResponse:
    """Do it, or say on the form why it cannot be. `done` is where it leads then, else back."""
    try:
        act(version, by=request.user, at=timezone.now(), **given)
    except Refused as refused:
        sheet.form.add_error(None, str(refused))
        return show_sheet(request, sheet)
    messages.success(request, _("Done, and kept in the history."))
    return redirect(done or sheet.back)


def _set(request: HttpRequest, of: Any, given: Any, *, why: str, back: str) -> HttpResponse:
    if actions.set_validity(of, given, by=request.user, at=timezone.now(), why=why):
        messages.success(request, _("Done, and kept in the history."))
    else:
        messages.info(request, _("Nothing differed: it stays as it was."))
    return redirect(back)


def _set_now(of: Any) -> dict[str, Any]:
    """What the form shows first: as it is kept."""
    return {
        "in_force_from": of.in_force_from, "in_force_until": of.in_force_until,
        "is_ended": of.is_ended, "ended_by": of.ended_by.code if of.ended_by else "",
        "successor": getattr(getattr(of, "successor", None), "topic", ""),
        "territory": getattr(of, "territory", []),
    }  # fmt: skip


def _rows(typed: dict[str, Any], user: Any) -> dict[str, Any]:
    """Codes as the rows they name."""
    code, topic = typed["ended_by"], typed.get("successor", "")
    return {
        **typed,
        "ended_by": access.reviewed_text(user, code) if code else None,
        "successor": access.reviewed_article(user, topic) if topic else None,
    }


def _version_sheet(version: Any, title: str, form: Any, submit: str, lead: str) -> Sheet:
    back = reverse("upkeep:article", args=[version.edition.article.topic])
    return Sheet(title, form, submit, back, lead, version)


def show_sheet(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """The form on its page; 422 where something in it is not as it must be."""
    status = 422 if sheet.form.errors else 200
    return render(request, "upkeep/act.html", {"sheet": sheet, "form": sheet.form}, status=status)


def typed(request: HttpRequest) -> Any:
    """What a form is bound to; None where nobody has sent it yet."""
    return request.POST if request.method == "POST" else None


def _known(language: str) -> str:
    if language not in ("ar", "fr"):
        raise Http404
    return language
