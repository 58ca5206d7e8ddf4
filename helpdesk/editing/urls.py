"""Addresses of the article editor; they stand under /desk/."""

from django.urls import URLPattern, path

from helpdesk.editing.views import acts, desk, reading, saving

app_name = "editing"
urlpatterns: list[URLPattern] = [
    path("editor/", desk.articles, name="articles"),
    path("editor/new/", acts.new, name="new"),
    path("editor/<slug:topic>/", desk.article, name="article"),
    path("editor/<slug:topic>/watching/", saving.watching, name="watching"),
    path("editor/<slug:topic>/pairing/", saving.pairing, name="pairing"),
    path("editor/<slug:topic>/history/", reading.history, name="history"),
    path("editor/<slug:topic>/<slug:language>/part/", saving.part, name="part"),
    path("editor/<slug:topic>/<slug:language>/beside/", saving.beside, name="beside"),
    path("editor/<slug:topic>/<slug:language>/preview/", reading.preview, name="preview"),
    path("editor/<slug:topic>/<slug:language>/comparison/", reading.comparison, name="comparison"),
    path("editor/<slug:topic>/<slug:language>/submission/", acts.submission, name="submission"),
    path("editor/<slug:topic>/<slug:language>/review/", acts.review, name="review"),
    path("editor/<slug:topic>/<slug:language>/dropping/", acts.dropping, name="dropping"),
    path(
        "editor/<slug:topic>/<slug:language>/v<int:number>/restoring/",
        acts.restoring, name="restoring",
    ),
]  # fmt: skip
