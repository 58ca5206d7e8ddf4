"""Addresses of organisations at the desk; they stand under /desk/organisations/."""

from django.urls import URLPattern, path

from helpdesk.portal.views.desk import organisations as views

app_name = "organisations"
urlpatterns: list[URLPattern] = [
    path("", views.organisations, name="organisations"),
    path("<int:pk>/", views.organisation, name="organisation"),
    path("<int:pk>/ending/", views.ending, name="ending"),
    path("<int:pk>/keys/", views.keys, name="keys"),
    path("<int:pk>/keys/<int:held>/revocation/", views.revocation, name="revocation"),
    path("<int:pk>/subscriptions/", views.subscriptions, name="subscriptions"),
    path("<int:pk>/subscriptions/<int:row>/secret/", views.secret, name="secret"),
    path("<int:pk>/subscriptions/<int:row>/ending/", views.unsubscribing, name="unsubscribing"),
]
