"""Each request of somebody who practises is practice: it asks in that centre, and is counted nowhere."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from helpdesk.centre import practice
from knowledge.uncounted import uncounted


class Practising:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        centre = getattr(request.user, "practising_id", None)
        if centre is None:
            return self.get_response(request)
        with practice.within(centre), uncounted():
            return self.get_response(request)
