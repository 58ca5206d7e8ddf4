"""The page of a signed-in member: own requests, own associations and what falls due in them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from helpdesk.portal import access


@never_cache
@require_safe
def my(request: HttpRequest) -> HttpResponse:
    if request.user.roles and not request.user.roles <= {"member"}:
        return redirect("/desk/")
    context = {
        "tickets": access.own_tickets(request.user),
        "mandates": access.own_mandates(request.user),
        "deadlines": access.own_deadlines(request.user),
    }
    return render(request, "portal/my.html", context)


@never_cache
@require_safe
def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """Open one's own request without its code, on the same page as every asker."""
    access.open_ticket(request, access.own_ticket(request.user, pk), at=timezone.now())
    return redirect("portal:follow_ticket")
