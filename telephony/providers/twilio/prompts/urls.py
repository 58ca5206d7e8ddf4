"""Addresses of the page of prompts."""

from django.urls import path

from telephony.providers.twilio.prompts import views

app_name = "prompts"
urlpatterns = [
    path("", views.prompts, name="prompts"),
    path("<slug:language>/<slug:name>/", views.prompt, name="prompt"),
    path(
        "<slug:language>/<slug:name>/<int:pk>/taking-back/", views.taking_back, name="taking_back"
    ),
]
