"""Addresses of the app; they stand under /desk/."""

from django.urls import path

from helpdesk.hours.views import desk

app_name = "hours"
urlpatterns = [
    path("holidays/", desk.holidays, name="holidays"),
    path("holidays/new/", desk.new, name="new"),
    path("holidays/fixed/", desk.fixed, name="fixed"),
    path("holidays/ramadan/", desk.new_ramadan, name="new_ramadan"),
    path("holidays/ramadan/<int:pk>/", desk.ramadan, name="ramadan"),
    path("holidays/<int:pk>/confirmation/", desk.confirmation, name="confirmation"),
    path("holidays/<int:pk>/refusal/", desk.refusal, name="refusal"),
]
