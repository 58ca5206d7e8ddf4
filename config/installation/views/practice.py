"""The practice day: begun and wiped by an administrator, taken part in by whoever works at the desk."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.installation import access
from config.installation.practice import acts, invented, records

NAMES = {
    "ticket": gettext_lazy("Requests"),
    "entry": gettext_lazy("Lines, notes and answers in them"),
    "call": gettext_lazy("Calls"),
    "person": gettext_lazy("Persons"),
    "association": gettext_lazy("Associations"),
    "notice": gettext_lazy("Notices, none of them sent"),
    "storedfile": gettext_lazy("Files"),
}


@require_safe
def practice(request: HttpRequest) -> HttpResponse:
    """How it stands, who is in it, and what one does there."""
    centre = access.practice_centre(request.user)
    held = access.practice_of(centre)
    context = {
        "centre": centre,
        "practice": held,
        "is_in": held is not None and request.user.practising_id == held.pk,
        "people": access.practising_in(held) if held else [],
        "kinds": _kinds(records.gathered(held)) if held and access.begins(request.user) else [],
        "lines_too": centre.opened_at is None,
    }
    return render(request, "installation/practice.html", context)


@require_POST
def beginning(request: HttpRequest) -> HttpResponse:
    """It is there, and who began it is in it."""
    centre, at = access.centre_for(request.user), timezone.now()
    held = acts.begin(centre, by=request.user, at=at)
    return _joined(request, held, at=at)


@require_POST
def part(request: HttpRequest) -> HttpResponse:
    """Take part (`part=yes`), or go back to the real desk."""
    held, at = access.practice_of(access.practice_centre(request.user)), timezone.now()
    if held is None:
        return redirect("installation:practice")
    if request.POST.get("part") == "yes":
        return _joined(request, held, at=at)
    try:
        acts.leave(request.user, at=at)
    except acts.InHand as held_up:
        messages.error(request, str(held_up))
    else:
        messages.success(request, _("You are back at the real desk."))
    return redirect("installation:practice")


@require_POST
def requests(request: HttpRequest) -> HttpResponse:
    """A few invented questions come in."""
    held = access.practice_of(access.centre_for(request.user))
    number = invented.bring(held, at=timezone.now()) if held else 0
    if number:
        said = ngettext(
            "%(n)s invented request came in.", "%(n)s invented requests came in.", number
        )
        messages.success(request, said % {"n": number})
    else:
        messages.info(request, _("All invented requests have come in already."))
    return redirect("installation:practice")


@require_http_methods(["GET", "HEAD", "POST"])
def wiping(request: HttpRequest) -> HttpResponse:
    """What would go, counted; then all of it, if nothing came in meanwhile."""
    centre, said = access.centre_for(request.user), ""
    held = access.practice_of(centre)
    if held is None:
        return redirect("installation:practice")
    if request.method == "POST":
        said = _wiped(request, centre)
        if not said:
            messages.success(request, _("The practice is wiped. Nothing of it is left."))
            return redirect("installation:practice")
    found = records.gathered(held)
    context = {"practice": held, "kinds": _kinds(found), "size": acts.size(found), "said": said}
    return render(request, "installation/wiping.html", context, status=409 if said else 200)


def _wiped(request: HttpRequest, centre: Any) -> str:
    """Why it could not be done; empty = it is."""
    if "sure" not in request.POST:
        return _("Say that you are sure: it cannot be taken back.")
    expected = request.POST.get("size", "")[:12]
    number = int(expected) if expected.isascii() and expected.isdecimal() else -1
    try:
        acts.wipe(centre, expected=number, by=request.user, at=timezone.now())
    except (acts.Moved, records.Entangled) as refusal:
        return str(refusal)
    return ""


def _joined(request: HttpRequest, held: Any, *, at: Any) -> HttpResponse:
    try:
        acts.join(request.user, held, at=at)
    except acts.InHand as held_up:
        messages.error(request, str(held_up))
    else:
        messages.success(
            request, _("You are in the practice: what you see from now on is invented.")
        )
    return redirect("installation:practice")


def _kinds(found: records.Found) -> list[tuple[Any, int]]:
    return [(NAMES[name], number) for name, number in acts.counted(found)]
