"""Public addresses of the portal."""

from django.urls import URLPattern, path

from helpdesk.portal.views.public.home import home

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
]
