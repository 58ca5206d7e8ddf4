"""What callers hear: the list by language, one prompt with its recordings, a recording sent or taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from telephony.providers.twilio.account import account
from telephony.providers.twilio.prompts import access, actions, placeholders, standing
from telephony.providers.twilio.prompts.audio import LARGEST, BadSound
from telephony.providers.twilio.prompts.forms import RecordingForm
from telephony.providers.twilio.prompts.sounds import ROOT
from telephony.providers.twilio.prompts.wanted import LANGUAGES, MUSIC, NUMBERS, SAID, THEMES


@require_safe
def prompts(request: HttpRequest) -> HttpResponse:
    """One language with what is heard of each prompt, and the counts of all."""
    access.may_keep(request.user)
    counts = standing.counts()
    asked = request.GET.get("language", "")
    language = asked if asked in LANGUAGES else LANGUAGES[0]
    shown = next(one for one in counts if one.language == language)
    music = next(one for one in counts if not one.language)
    groups = [
        (_("What is said"), [row for row in shown.rows if row.prompt.group == SAID]),
        (_("Names of the themes"), [row for row in shown.rows if row.prompt.group == THEMES]),
        (_("Numbers"), [row for row in shown.rows if row.prompt.group == NUMBERS]),
        (_("Music"), list(music.rows)),
    ]
    context = {
        "counts": counts, "language": language, "is_off": account() is None, "sounds": ROOT,
        "groups": [(title, rows) for title, rows in groups if rows], "reader": placeholders.is_there(),
    }  # fmt: skip
    return render(request, "prompts/prompts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def prompt(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """One prompt; a file that is sent becomes what is heard from the next call on."""
    one = access.prompt_for(request.user, language, name)
    form = RecordingForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = RecordingForm(request.POST, request.FILES)
        if form.is_valid() and _record(request, one, form):
            messages.success(request, _("Kept. The next caller hears it."))
            return redirect("prompts:prompt", language, name)
    context = {
        "prompt": one, "standing": standing.standing(one), "form": form, "sounds": ROOT,
        "history": access.history(one), "longest": actions.longest(one), "is_music": name == MUSIC,
        "next": _next(one),
    }  # fmt: skip
    return render(request, "prompts/prompt.html", context, status=422 if form.errors else 200)


@require_POST
def taking_back(request: HttpRequest, language: str, name: str, pk: int) -> HttpResponse:
    """A recording is heard no more."""
    one = access.prompt_for(request.user, language, name)
    row = access.recording_for(request.user, one, pk)
    if actions.take_back(row, by=request.user, at=timezone.now()):
        messages.success(request, _("Taken back: it is played no more."))
    return redirect("prompts:prompt", language, name)


def _record(request: HttpRequest, one: Any, form: RecordingForm) -> bool:
    try:
        content = form.cleaned_data["file"].read(LARGEST + 1)
        actions.record(one, content, by=request.user, at=timezone.now())
    except BadSound as bad:
        form.add_error("file", str(bad))
        return False
    return True


def _next(one: Any) -> Any:
    """The next prompt of the language that nobody has recorded."""
    if one.name == MUSIC:
        return None
    rows = next(c for c in standing.counts() if c.language == one.language).rows
    places = [row.prompt.key for row in rows]
    at = places.index(one.key) + 1
    return next((row.prompt for row in (*rows[at:], *rows[: at - 1]) if row.is_missing), None)
