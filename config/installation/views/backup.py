"""The step of the backups: how they stand, the first key, and one taken now."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from config.installation import access
from config.installation.backups import jobs, keys
from config.installation.checks import before_opening
from config.installation.steps import Step
from config.installation.views.page import shown
from helpdesk.centre import backing

SLUG = "backup"


def page(request: HttpRequest, centre: Any, step: Step, *, private: str = "") -> HttpResponse:
    checks = before_opening(centre=centre.pk, at=timezone.now())
    context = {
        "checks": [check for check in checks if check.key in step.checks],
        "folder": settings.BACKUP_DIR,
        "public": keys.public_key(),
        "private": private,
    }
    return shown(request, step, centre, "installation/backup.html", context)


@require_POST
@never_cache
def key(request: HttpRequest) -> HttpResponse:
    """Make the first pair. The private half stands in this one answer and is kept nowhere.

    Another key is for whoever looks after the server: who can replace it could lock everybody out.
    """
    centre = access.centre_for(request.user)
    if not settings.BACKUP_DIR or keys.public_key():
        return redirect("installation:step", SLUG)
    return page(request, centre, access.step_named(SLUG), private=keys.make())


@require_POST
def now(request: HttpRequest) -> HttpResponse:
    """Begin one in a process of its own; the page tells when it is proved."""
    access.centre_for(request.user)
    if settings.BACKUP_DIR and keys.public_key():
        jobs.start(backing.begin(at=timezone.now()).pk)
    return redirect("installation:step", SLUG)
