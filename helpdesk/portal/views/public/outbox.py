"""The outbox of the demonstration: each e-mail and SMS as its receiver sees it. A real centre has none."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from helpdesk.notices import access, reading

ON_A_PAGE = 20


@login_not_required
@require_safe
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    pages = Paginator(access.outbox(at=timezone.now()), ON_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {"page": page, "messages_shown": reading.shown(page.object_list)}
    return render(request, "portal/outbox.html", context)
