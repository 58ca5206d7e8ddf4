"""Addresses of the line; included twice, for callers and for the desk."""

from collections.abc import Callable

from django.urls import URLPattern, path, register_converter

from telephony.providers.web import views


class SideConverter:
    regex = "offer|answer"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(SideConverter, "side")


def addresses(side: Callable[[views.View], views.View]) -> list[URLPattern]:
    """The same views behind one side's doorway."""
    return [
        path("", side(views.state), name="state"),
        path("pages/", side(views.pages), name="pages"),
        path("servers/", side(views.ice), name="servers"),
        path("reports/", side(views.reports), name="reports"),
        path("departure/", side(views.departure), name="departure"),
        path("links/<int:link>/rounds/", side(views.rounds), name="rounds"),
        path(
            "links/<int:link>/rounds/<int:number>/<side:side>/",
            side(views.description),
            name="description",
        ),
    ]


public = (addresses(views.public), "callers_line")
desk = (addresses(views.desk), "desk_line")
