"""Two persons who are one: looked at side by side, made one, and parted again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.associations import access, actions, showing
from helpdesk.associations.forms import MergeForm

form_view = require_http_methods(["GET", "HEAD", "POST"])


@form_view
def merging(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the other, see both, say who goes on."""
    user = request.user
    one = access.merging_person(user, pk)
    asked = request.POST if request.method == "POST" else request.GET
    other = access.other_person(user, asked.get("other", ""))
    text = request.GET.get("q", "").strip()[:120]
    if other is None or other.pk == one.pk:
        context = {"person": one, "text": text, "found": access.alike(user, one, text)}
        return render(request, "associations/person_merging.html", context)
    form = MergeForm(
        request.POST if request.method == "POST" else None, people=[one, other],
        initial={"keep": one.pk, "other": other.pk},
    )  # fmt: skip
    said = access.not_mergeable(user, one, other)
    if not said and form.is_valid():
        target = form.kept
        try:
            actions.merge_persons(form.gone, target, by=user, at=timezone.now())
        except actions.NotOne as why:
            said = str(why)
        else:
            messages.success(request, _("The two are one person now."))
            return redirect("associations:person", target.pk)
    context = {
        "person": one, "other": other, "form": form, "said": said,
        "both": [showing.side(who, today=timezone.localdate()) for who in (one, other)],
    }  # fmt: skip
    status = 409 if said and request.method == "POST" else 422 if form.errors else 200
    return render(request, "associations/person_merging.html", context, status=status)


@form_view
def parting(request: HttpRequest, pk: int) -> HttpResponse:
    """What parting two again gives back, then the act."""
    row = access.person_merge_for(request.user, pk)
    said = ""
    if request.method == "POST":
        try:
            back = actions.part_persons(row, by=request.user, at=timezone.now())
        except actions.NotOne as why:
            said = str(why)
        else:
            messages.success(request, _("They are two persons again."))
            return redirect("associations:person", back.pk)
    context: dict[str, Any] = {
        "row": row, "said": said, "counts": showing.moved(row),
        "back": reverse("associations:person", args=[row.target_id]),
    }  # fmt: skip
    status = 409 if said else 200
    return render(request, "associations/person_parting.html", context, status=status)
