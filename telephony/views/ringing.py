"""What rings, fetched again when it moves."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from telephony import access


@require_GET
def ringing(request: HttpRequest) -> HttpResponse:
    access.may_answer(request.user)
    return render(request, "telephony/ringing.html")
