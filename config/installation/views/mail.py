"""The mail step: the accounts by which mail goes out and comes in, and the message that proves both."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.installation import access
from config.installation.checks import before_opening
from config.installation.forms import MailInForm, MailOutForm
from config.installation.steps import Step
from config.installation.views.page import shown
from helpdesk.notices import posting
from helpdesk.queues import mail_trial, reaching

FORMS = {posting.OUT.value: MailOutForm, posting.IN.value: MailInForm}


def page(request: HttpRequest, centre: Any, step: Step) -> HttpResponse:
    """Each account is a form of its own; `part` says which was sent. None where the environment names it."""
    asked = {
        way: kind(
            request.POST if request.POST.get("part") == way else None, instance=posting.held(way)
        )
        for way, kind in FORMS.items()
        if not posting.is_given(way) and access.may_set_mail(centre)
    }
    form = asked.get(request.POST.get("part", ""))
    if form is not None and form.is_valid() and _kept(request, centre, form):
        return redirect(step.address)
    checks = before_opening(centre=centre.pk, at=timezone.now())
    context = {
        "check": next((check for check in checks if check.key == "mail"), None),
        "ways": [
            {
                "way": way, "title": posting.OUT.label if way == posting.OUT else posting.IN.label,
                "set": posting.is_set(way), "given": posting.is_given(way),
                "held": posting.held(way), "form": asked.get(way),
            }
            for way in FORMS
        ],
        "may_set": access.may_set_mail(centre),
        "proves": mail_trial.goes_out() and mail_trial.comes_in(),
        "sender": posting.sender(),
        "answered": posting.answered_to() or f"reply@{settings.MAIL_DOMAIN}",
        "folder": settings.OUTBOX_DIR,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return shown(request, step, centre, "installation/mail.html", context, status=status)


def _kept(request: HttpRequest, centre: Any, form: Any) -> bool:
    """Keep the account if one can sign in by it; then the message leaves that proves both ways."""
    account, at = form.account, timezone.now()
    if refused := reaching.refusal(account):
        form.add_error(*refused)
        return False
    posting.keep(account, centre=centre, by=request.user, at=at)
    messages.success(request, _("The server let us in; the account is kept."))
    if mail_trial.goes_out() and mail_trial.comes_in():
        mail_trial.begin(by=request.user, at=at)
    return True


@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """Send one test message by the way of every mail; not while this server has no account."""
    access.centre_for(request.user)
    if mail_trial.goes_out() and mail_trial.comes_in():
        mail_trial.begin(by=request.user, at=timezone.now())
    return redirect("installation:step", "mail")


@require_POST
def give_up(request: HttpRequest, way: str) -> HttpResponse:
    """Forget an account that was set on the page."""
    centre = access.centre_for(request.user)
    if way in FORMS and access.may_set_mail(centre):
        posting.give_up(way, centre=centre, by=request.user, at=timezone.now())
    return redirect("installation:step", "mail")
