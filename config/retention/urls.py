"""Addresses of retention, under /desk/retention/."""

from django.urls import path

from config.retention import views

app_name = "retention"
urlpatterns = [
    path("", views.page, name="page"),
    path("sweep/", views.sweep, name="sweep"),
    path("<slug:kind>/confirmation/", views.confirmation, name="confirmation"),
    path("<slug:kind>/refusal/", views.refusal, name="refusal"),
]
