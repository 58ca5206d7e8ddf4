"""Addresses of the app."""

from django.urls import URLPattern, path

from helpdesk.centre.views import desk

app_name = "centre"
urlpatterns: list[URLPattern] = [path("centre/", desk.centre, name="centre")]
