"""Addresses of the app: how the centre looks, for everybody."""

from django.urls import URLPattern, path

from helpdesk.centre.views import public

app_name = "centre"
urlpatterns: list[URLPattern] = [
    path("colours-<slug:colour>.css", public.colours, name="colours"),
    path("logo-<slug:digest>.png", public.logo, name="logo"),
]
