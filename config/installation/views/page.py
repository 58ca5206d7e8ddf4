"""What every step's page has in common: where one is, and where it goes on."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from config.installation import steps
from config.installation.steps import STEPS, Step


def shown(
    request: HttpRequest, step: Step, centre: Any, template: str, context: dict[str, Any],
    *, status: int = 200,
) -> HttpResponse:  # fmt: skip
    at = STEPS.index(step)
    place = {
        "centre": centre,
        "step": step,
        "number": at + 1,
        "count": len(STEPS),
        "before": STEPS[at - 1].address if at else "",
        "next_address": steps.after(step),
    }
    return render(request, template, {**place, **context}, status=status)


def saved(request: HttpRequest, step: Step) -> HttpResponse:
    """Saved: on to the next step; whoever came to change one thing is one click from the list."""
    messages.success(request, _("Saved."))
    return redirect(steps.after(step))
