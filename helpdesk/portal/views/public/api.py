"""What programs can ask, for the people who write them: the same operations as the OpenAPI document."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from helpdesk.portal.api import document, problems


@login_not_required
@require_safe
def api(request: HttpRequest) -> HttpResponse:
    told = [(code, status, said) for code, (status, said) in problems.SENTENCES.items()]
    context = {"operations": document.operations(), "problems": told}
    return render(request, "portal/api.html", context)
