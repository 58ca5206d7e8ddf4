"""The gap report, and the draft of an article that one click makes of a solved request."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.supervision import access, article_draft, gap_sheets
from helpdesk.supervision import gap_page as gaps
from helpdesk.supervision.gap_forms import DraftForm
from helpdesk.supervision.views.desk import book_answer

EVERY = 10_000


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What was asked and not answered by the library."""
    access.may_see_gaps(request.user)
    shown = gaps.page(request.user, request.GET, at=timezone.now())
    return render(request, "supervision/gaps.html", {"shown": shown})


@require_safe
def workbook(request: HttpRequest) -> HttpResponse:
    """The same lines as a workbook."""
    access.may_see_gaps(request.user)
    shown = gaps.page(request.user, request.GET, at=timezone.now(), most=EVERY)
    return book_answer(gap_sheets.workbook(shown), f"wasl-gaps-{shown.first:%Y-%m-%d}")


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of a solved request without its names, to be corrected, then kept as a draft."""
    user: Any = request.user
    ticket = access.solved_ticket(user, pk, at=timezone.now())
    if article_draft.is_made(ticket):
        messages.info(request, _("A draft was made of this request before."))
        return redirect("tickets:ticket", ticket.pk)
    typed = request.POST if request.method == "POST" else None
    form = DraftForm(typed, initial=article_draft.proposed(ticket) if typed is None else None)
    if typed is not None and form.is_valid():
        made = article_draft.make(ticket, form.cleaned_data, by=user, at=timezone.now())
        messages.success(
            request, _("The draft is with the editors. Readers see nothing of it yet.")
        )
        if user.has_perm("articles.draft_version"):
            return redirect("editing:article", made.topic)
        return redirect("tickets:ticket", ticket.pk)
    context = {"form": form, "ticket": ticket}
    status = 422 if form.errors else 200
    return render(request, "supervision/gap_draft.html", context, status=status)
