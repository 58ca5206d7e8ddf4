"""Addresses of the libraries of other centres; they stand under /desk/bundles/."""

from django.urls import URLPattern, path

from helpdesk.upkeep.views import bundles

app_name = "bundles"
urlpatterns: list[URLPattern] = [
    path("", bundles.bundles, name="bundles"),
    path("export/", bundles.export, name="export"),
    path("arrival/", bundles.arrival, name="arrival"),
    path("keys/new/", bundles.new_key, name="new_key"),
    path("keys/<int:pk>/end/", bundles.key_end, name="key_end"),
    path("waiting/<int:version>/", bundles.waiting, name="waiting"),
    path("waiting/<int:version>/signature/", bundles.signature, name="signature"),
    path("waiting/<int:version>/away/", bundles.away, name="away"),
    path("<int:pk>/", bundles.bundle, name="bundle"),
    path("<int:pk>/<slug:topic>/<slug:language>/", bundles.difference, name="difference"),
]
