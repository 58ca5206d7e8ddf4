"""The health page: what runs, what does not, and what to do, for supervisors and administrators."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.installation import access
from config.installation.checks import of_every_day
from knowledge.health import worst


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    centre = access.health_for(request.user)
    at = timezone.now()
    checks = of_every_day(centre=centre.pk, at=at)
    context = {"checks": checks, "worst": worst(checks), "at": at}
    return render(request, "installation/health.html", context)
