"""The address of the check."""

from django.urls import path

from telephony.providers.twilio.checking import views

app_name = "line_check"
urlpatterns = [path("", views.checks, name="checks")]
