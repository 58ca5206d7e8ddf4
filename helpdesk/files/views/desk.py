"""Files for people who are signed in; askers without an account have the follow page's own way."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from helpdesk.files import access, serving


@require_safe
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    return serving.answer(request, access.file_for(request.user, name))
