"""The library at the desk."""

from django.urls import URLPattern, path

from knowledge.articles.views import desk

app_name = "library"
urlpatterns: list[URLPattern] = [path("library/opinions/", desk.opinions, name="opinions")]
