"""One step of the set-up: the same page the first time and years later."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseNotAllowed
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.installation import access, presets
from config.installation.forms import LibraryForm, PresetForm
from config.installation.steps import Step
from config.installation.views import backup, mail, sheet, staff
from config.installation.views.page import saved, shown
from helpdesk.centre import actions
from helpdesk.centre.forms import CentreForm, ContactForm, LookForm, OperatorForm, PrivacyForm
from helpdesk.hours.forms import WeekForm
from helpdesk.queues.actions import set_hours
from helpdesk.queues.forms import ClosedForm
from telephony.ways import ways

FORM = "installation/form.html"


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, slug: str) -> HttpResponse:
    centre, step = access.centre_for(request.user), access.step_named(slug)
    return PAGES[step.slug](request, centre, step)


def _centre(request: HttpRequest, centre: Any, step: Step) -> HttpResponse:
    data = _posted(request)
    form, operator = CentreForm(data, instance=centre), OperatorForm(data, instance=centre.operator)
    if data is not None and form.is_valid() and operator.is_valid():
        row = access.centre_for(request.user)
        actions.describe(
            row, step=step.slug, facts=form.cleaned_data, operator=operator.cleaned_data,
            by=request.user, at=timezone.now(),
        )  # fmt: skip
        return saved(request, step)
    parts = [(_("The centre"), form), (_("The association that runs it"), operator)]
    return _forms(request, centre, step, parts)


def _look(request: HttpRequest, centre: Any, step: Step) -> HttpResponse:
    data = _posted(request)
    form = LookForm(data, request.FILES or None, initial={"colour": centre.colour})
    if data is not None and form.is_valid():
        at, said = timezone.now(), form.cleaned_data
        facts = {"colour": said["colour"]}
        actions.describe(centre, step=step.slug, facts=facts, by=request.user, at=at)
        if said["logo"] or said["drop"]:
            actions.show_logo(centre, said["logo"], step=step.slug, by=request.user, at=at)
        return saved(request, step)
    return _forms(request, centre, step, [("", form)], template="installation/look.html")


def _privacy(request: HttpRequest, centre: Any, step: Step) -> HttpResponse:
    return _facts(request, centre, step, PrivacyForm, "installation/privacy.html")


def _contact(request: HttpRequest, centre: Any, step: Step) -> HttpResponse:
    return _facts(
        request, centre, step, ContactForm, "installation/contact.html", home=settings.PUBLIC_URL
    )


def _library(request: HttpRequest, centre: Any, step: Step) -> HttpResponse:
    data = _posted(request)
    form = LibraryForm(data, centre=centre, people=access.reviewers_of(centre))
    if data is not None and form.is_valid():
        at = timezone.now()
        actions.describe(centre, step=step.slug, facts=form.facts, by=request.user, at=at)
        return saved(request, step)
    return _forms(request, centre, step, [("", form)], template="installation/library.html")


def _hours(request: HttpRequest, centre: Any, step: Step) -> HttpResponse:
    """The hours that all queues share; one with hours of its own has its own page."""
    data, queue = _posted(request), access.queues_of(centre)[0]
    openings = list(queue.schedule.openings.all()) if queue.schedule else []
    week = WeekForm(data, openings=openings)
    fasting = WeekForm(data, openings=openings, in_ramadan=True)
    if data is not None and week.is_valid() and fasting.is_valid():
        if week.windows:
            windows = [*week.windows, *fasting.windows]
            set_hours(queue, windows, alone=False, by=request.user, at=timezone.now())
            return saved(request, step)
        week.add_error(None, _("A queue is open on one day at least. To close it, pause it."))
    context = {"week": week, "fasting": fasting, "queues": access.queues_of(centre)}
    status = 200 if data is None else 422
    return shown(request, step, centre, "installation/hours.html", context, status=status)


def _queues(request: HttpRequest, centre: Any, step: Step) -> HttpResponse:
    data = _posted(request)
    form = PresetForm(data, initial={"preset": presets.held(centre) or presets.ONE})
    if data is not None and form.is_valid():
        at = timezone.now()
        presets.lay(centre, form.cleaned_data["preset"], by=request.user, at=at)
        return saved(request, step)
    queues = [(queue, ClosedForm.of(queue)) for queue in access.queues_of(centre)]
    context = {"form": form, "queues": queues, "own": not presets.held(centre)}
    status = 200 if data is None else 422
    return shown(request, step, centre, "installation/queues.html", context, status=status)


def _read_only(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A step without a form of its own."""

    def answer(request: HttpRequest, centre: Any, step: Step) -> HttpResponse:
        if request.method == "POST":
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return page(request, centre, step)

    return answer


def _lines(request: HttpRequest, centre: Any, step: Step) -> HttpResponse:
    return shown(request, step, centre, "installation/lines.html", {"ways": ways(centre)})


def _practice(request: HttpRequest, centre: Any, step: Step) -> HttpResponse:
    held = access.practice_of(centre)
    return shown(request, step, centre, "installation/practice_step.html", {"practice": held})


PAGES: dict[str, Callable[[HttpRequest, Any, Step], HttpResponse]] = {
    "centre": _centre,
    "look": _look,
    "privacy": _privacy,
    "contact": _contact,
    "hours": _hours,
    "queues": _queues,
    "staff": staff.page,
    "mail": mail.page,
    "lines": _read_only(_lines),
    "library": _library,
    "associations": _read_only(sheet.associations),
    "backup": _read_only(backup.page),
    "practice": _read_only(_practice),
}


def _facts(
    request: HttpRequest, centre: Any, step: Step, kind: Any, template: str, **more: Any
) -> HttpResponse:
    """A step that is one form over fields of the centre."""
    data = _posted(request)
    form = kind(data, instance=centre)
    if data is not None and form.is_valid():
        row, at = access.centre_for(request.user), timezone.now()
        actions.describe(row, step=step.slug, facts=form.cleaned_data, by=request.user, at=at)
        return saved(request, step)
    return _forms(request, centre, step, [("", form)], template=template, **more)


def _forms(
    request: HttpRequest, centre: Any, step: Step, parts: list[tuple[str, Any]],
    *, template: str = FORM, **more: Any,
) -> HttpResponse:  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return shown(request, step, centre, template, {"parts": parts, **more}, status=status)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
