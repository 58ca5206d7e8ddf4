"""Addresses of the app."""

from django.urls import path

from helpdesk.live.views import public

app_name = "live"
urlpatterns = [path("<str:place>/", public.draft, name="draft")]
