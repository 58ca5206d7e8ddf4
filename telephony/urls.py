"""Addresses of the desk line."""

from django.urls import path

from telephony.views import desk, papers

app_name = "telephony"
urlpatterns = [
    path("calls/", desk.ring, name="ring"),
    path("calls/<int:pk>/", desk.card, name="card"),
    path("calls/<int:pk>/end/", desk.end, name="end"),
    path("calls/<int:pk>/papers/<slug:code>/", papers.paper, name="paper"),
    path("calls/<int:pk>/suggestions/", desk.suggestions, name="suggestions"),
]
