"""The day-61 list: whom the centre calls before a delay passes, or once it has."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from helpdesk.associations import access, actions, showing

PER_PAGE = 25


@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, **more: Any) -> HttpResponse:
    today = timezone.localdate()
    page = Paginator(access.to_call(request.user, on=today), PER_PAGE).get_page(
        request.GET.get("page")
    )
    rows = [showing.call(deadline, today=today) for deadline in page]
    return render(request, "associations/day_61.html", {"page": page, "rows": rows, **more})


@require_POST
def called(request: HttpRequest, pk: int) -> HttpResponse:
    """The call was made: the row leaves the list."""
    deadline = access.deadline_for(request.user, pk)
    if actions.note_call(deadline, by=request.user, at=timezone.now()):
        messages.success(request, _("Noted: they have been told. The row leaves the list."))
    elif deadline.called_by:
        messages.info(request, _("%(name)s called already.") % {"name": deadline.called_by})
    else:
        messages.info(request, _("This clock is no longer on the list."))
    return redirect("associations:day_61")


@require_POST
def number(request: HttpRequest, pk: int, phone: int) -> HttpResponse:
    """The number to call about this deadline; the deadline is the reason that is kept."""
    deadline = access.deadline_for(request.user, pk)
    asked = access.phone_to_call(request.user, deadline, phone)
    reason = f"call-about-delay {deadline.pk}"
    shown = asked.number.reveal(
        by=request.user, reason=reason, at=timezone.now(), subject=asked.person
    )
    return _page(request, shown=showing.Shown(asked.pk, shown, deadline=deadline.pk))
