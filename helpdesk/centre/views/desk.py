"""The centre's own page, for administrators."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.centre import access
from helpdesk.centre.actions import describe
from helpdesk.centre.forms import CentreForm, OperatorForm


@require_http_methods(["GET", "HEAD", "POST"])
def centre(request: HttpRequest) -> HttpResponse:
    """Names, telephone, e-mail, CNDP document and operator."""
    row = access.centre_for(request.user)
    data = request.POST if request.method == "POST" else None
    form, operator = CentreForm(data, instance=row), OperatorForm(data, instance=row.operator)
    if data is not None and form.is_valid() and operator.is_valid():
        describe(row, centre_facts=form.cleaned_data, operator=operator.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("centre:centre")
    status = 200 if data is None else 422
    return render(
        request,
        "centre/centre.html",
        {"form": form, "operator": operator, "home": settings.PUBLIC_URL},
        status=status,
    )
