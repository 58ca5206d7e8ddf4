"""Addresses that exchanges and telephones post to."""

from django.urls import path

from telephony.providers.hook import views

app_name = "linehook"
urlpatterns = [
    path("events/", views.events, name="events"),
    path("caller/", views.caller, name="caller"),
]
