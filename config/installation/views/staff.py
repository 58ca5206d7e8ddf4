"""The staff step: who works here already, and one more."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from config.installation import access
from config.installation.actions import invite
from config.installation.forms import NewcomerForm, SheetForm
from config.installation.steps import Step
from config.installation.views.page import shown
from helpdesk.accounts.actions.people import first_link

LINKS = "set-up-links"
"""Where links wait in the session for the one page that shows them."""


def page(request: HttpRequest, centre: Any, step: Step) -> HttpResponse:
    form = NewcomerForm(request.POST if request.method == "POST" else None, centre=centre)
    if request.method == "POST" and form.is_valid():
        at, said = timezone.now(), dict(form.cleaned_data)
        user = invite(
            team=access.team_of(centre), province=said.pop("province"),
            starts_on=timezone.localdate(at), said=said, by=request.user, at=at,
        )  # fmt: skip
        link = settings.PUBLIC_URL + first_link(user, by=request.user, at=at)
        request.session[LINKS] = [(str(user), link)]
        messages.success(request, _("The account is there. Hand over the link."))
        return redirect(step.address)
    context = {
        "form": form,
        "sheet": SheetForm(),
        "people": access.staff_of(request.user),
        "links": request.session.pop(LINKS, []) if request.method == "GET" else [],
    }
    status = 422 if form.is_bound else 200
    return shown(request, step, centre, "installation/staff.html", context, status=status)
