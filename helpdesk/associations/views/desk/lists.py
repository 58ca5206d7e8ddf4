"""The list of associations, and a new one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from helpdesk.associations import access, actions
from helpdesk.associations.forms import AssociationForm, FilterForm
from helpdesk.associations.tables import AssociationTable

PER_PAGE = 25


@require_safe
def associations(request: HttpRequest) -> HttpResponse:
    """By name in either script, province and stage; the newest first."""
    rows = access.associations(request.user)
    form = FilterForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    if asked.get("q"):
        rows = rows.named(asked["q"])
    if asked.get("province"):
        rows = rows.filter(province=asked["province"])
    if asked.get("stage"):
        rows = rows.filter(stage=asked["stage"])
    table = AssociationTable(rows.with_next_deadline().order_by("-pk"))
    RequestConfig(request, paginate={"per_page": PER_PAGE, "silent": True}).configure(table)
    return render(request, "associations/list.html", {"table": table, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write an association down. One of the same name and province is opened instead."""
    centre = access.centre_of(request.user)
    form = AssociationForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"form": form, "title": _("New association"), "submit": _("Write it down")}
        return render(
            request, "associations/form.html", context, status=422 if form.errors else 200
        )
    given = form.cleaned_data
    known = actions.known_association(
        centre, called=[given["name_ar"], given["name_fr"]], province=given["province"]
    )
    if known is not None:
        messages.info(request, _("This association is known already. Nothing new was written."))
        return redirect("associations:association", known.pk)
    made = actions.add_association(centre=centre, at=timezone.now(), by=request.user, **given)
    return redirect("associations:association", made.pk)
