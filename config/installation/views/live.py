"""Before the centre opens: each thing red, amber or green, who must act, and the opening itself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.installation import access
from config.installation.actions import NotReady, open_centre
from config.installation.checks import STOPPERS, before_opening, stopping


@require_http_methods(["GET", "HEAD", "POST"])
def live(request: HttpRequest) -> HttpResponse:
    centre = access.centre_for(request.user)
    at, said = timezone.now(), ""
    if request.method == "POST":
        try:
            open_centre(centre, by=request.user, at=at)
        except NotReady as refusal:
            said = str(refusal)
        else:
            messages.success(request, _("The centre is open to the public."))
            return redirect("installation:live")
    checks = before_opening(centre=centre.pk, at=at)
    context = {
        "centre": centre, "checks": checks, "red": stopping(checks), "said": said,
        "stoppers": STOPPERS,
    }  # fmt: skip
    return render(request, "installation/live.html", context, status=409 if said else 200)
