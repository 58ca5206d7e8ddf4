"""The receipt of a question that was just sent: on the page, on paper, as PDF."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from helpdesk.live.visitors import visitor_of
from helpdesk.portal import slip
from helpdesk.portal.actions.asking import Sent, sent_before


@login_not_required
@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Number and code, large. They are shown in this browser only, until put away."""
    sent = _sent(request)
    if sent is None:
        return redirect("portal:follow")
    context = {"receipt": slip.receipt(sent.ticket, sent.code), "ticket": sent.ticket}
    return render(request, "portal/done.html", context)


@login_not_required
@never_cache
@require_safe
def pdf(request: HttpRequest) -> HttpResponse:
    """The same as a PDF; where none can be made, the page says how to print."""
    sent = _sent(request)
    if sent is None:
        return redirect("portal:follow")
    try:
        made = slip.pdf(slip.receipt(sent.ticket, sent.code))
    except slip.NoPdf:
        messages.info(request, _("No PDF can be made here: print this page, or keep it as a PDF."))
        return redirect("portal:ask_done")
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{sent.ticket.reference}.pdf"'
    return answer


@login_not_required
@require_POST
def putting_away(request: HttpRequest) -> HttpResponse:
    """The person has kept it: from now on this browser no longer shows the code."""
    sent = _sent(request)
    slip.put_away(request)
    answer = redirect("portal:follow")
    if sent:
        answer["Location"] += f"?ref={sent.ticket.reference}"
    return answer


def _sent(request: HttpRequest) -> Sent | None:
    key = slip.kept_key(request)
    return sent_before(visitor_of(request).token, key) if key else None
