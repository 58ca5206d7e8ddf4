"""What is kept of people who ask, in plain words, and what the CNDP was told of it."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helpdesk.portal import access


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Numbers and days of declaration and authorisation, purposes, recipients, rights."""
    centre = access.the_centre()
    papers = [
        (_("Declaration"), centre.cndp_number, centre.cndp_on),
        (_("Authorisation"), centre.cndp_authorisation, centre.cndp_authorised_on),
    ] if centre else []  # fmt: skip
    context = {
        "centre": centre,
        "papers": [paper for paper in papers if paper[1] and paper[2]],
        "abroad": "sms" in settings.NOTICE_CHANNELS or bool(settings.TWILIO_NUMBER),
    }
    return render(request, "portal/privacy.html", context)
