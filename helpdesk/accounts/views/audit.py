"""The audit: who did and read what, when. Never what it said."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from helpdesk.accounts import access
from helpdesk.accounts.forms import AuditFilter
from helpdesk.accounts.tables import AuditTable


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """The newest rows first, by act, person, subject and day; and whether the chain is whole."""
    filters = AuditFilter(request.GET)
    rows = access.audit_for(request.user).matching(**filters.given()).newest()
    table = AuditTable(rows)
    RequestConfig(request, paginate={"per_page": 50, "silent": True}).configure(table)
    context = {"table": table, "filters": filters, "chain": access.chain_state(request.user)}
    return render(request, "accounts/audit.html", context)
