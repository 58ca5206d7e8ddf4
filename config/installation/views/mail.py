"""The mail step: what is set on this server, and the message that proves it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from config.installation import access
from config.installation.checks import before_opening
from config.installation.steps import Step
from config.installation.views.page import shown
from helpdesk.queues import mail_trial


def page(request: HttpRequest, centre: Any, step: Step) -> HttpResponse:
    checks = before_opening(centre=centre.pk, at=timezone.now())
    context = {
        "check": next((check for check in checks if check.key == "mail"), None),
        "goes_out": mail_trial.goes_out(),
        "comes_in": mail_trial.comes_in(),
        "sender": settings.DEFAULT_FROM_EMAIL,
        "domain": settings.MAIL_DOMAIN,
        "folder": settings.OUTBOX_DIR,
    }
    return shown(request, step, centre, "installation/mail.html", context)


@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """Send one test message by the way of every mail; not while this server has no account."""
    access.centre_for(request.user)
    if mail_trial.goes_out() and mail_trial.comes_in():
        mail_trial.begin(by=request.user, at=timezone.now())
    return redirect("installation:step", "mail")
