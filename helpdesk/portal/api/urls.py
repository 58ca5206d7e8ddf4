"""Addresses of the API; they stand under /api/. What is unknown there is told as a document too."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path

from helpdesk.portal.api.document import document
from helpdesk.portal.api.door import door
from helpdesk.portal.api.problems import Problem
from helpdesk.portal.api.site import api


def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """Any other address."""
    raise Problem("not-found")


app_name = "api"
urlpatterns: list[URLPattern] = [
    path("openapi.json", door(openapi, frozenset({"GET"})), name="openapi"),
    *api.addresses(),
    path("<path:rest>", door(unknown), name="unknown"),
]
