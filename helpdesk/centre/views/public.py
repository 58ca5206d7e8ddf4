"""The look of the centre: its colour as a sheet, its logo as a picture, both kept by browsers for good."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from helpdesk.centre import access
from helpdesk.centre.colours import colour_of, is_readable, sheet

FOR_GOOD = "public, max-age=31536000, immutable"


@login_not_required
@require_safe
def colours(request: HttpRequest, colour: str) -> HttpResponse:
    """The rules for one colour, which stands in the address: nothing is asked of the database."""
    known = colour_of(colour)
    if not known or not is_readable(known):
        raise Http404
    return _kept(HttpResponse(sheet(known), content_type="text/css"))


@login_not_required
@require_safe
def logo(request: HttpRequest, digest: str) -> HttpResponse:
    return _kept(HttpResponse(access.logo(digest), content_type="image/png"))


def _kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = FOR_GOOD
    return response
