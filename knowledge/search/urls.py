"""Public addresses of search; they stand under /search/."""

from django.urls import URLPattern, path

from knowledge.search.views import public

app_name = "search"
urlpatterns: list[URLPattern] = [
    path("", public.results, name="results"),
    path("library/<slug:topic>/", public.opened, name="opened"),
]
