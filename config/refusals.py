"""Refusals that Django answers with an empty page get one that a person can read."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from config.views import errors

EMPTY = {405}


class RefusalPages:
    """A form's address opened by hand (405) explains itself; machines still get the bare status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code not in EMPTY or response.streaming or response.content:
            return response
        if not request.accepts("text/html"):
            return response
        page = errors.refused(request, response.status_code)
        if allow := response.get("Allow"):
            page["Allow"] = allow
        return page
