"""Addresses of the app."""

from django.urls import path

from helpdesk.files.views import desk

app_name = "files"
urlpatterns = [path("<str:name>/", desk.file, name="file")]
