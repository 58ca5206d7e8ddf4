"""Addresses of calls at the desk."""

from django.urls import include, path

from telephony.views import acts, desk, owed, papers, passing, pieces, ringing, supervision

app_name = "telephony"
urlpatterns = [
    path("calls/", desk.ring, name="ring"),
    path("calls/under-way/", supervision.under_way, name="under_way"),
    path("calls/ringing/", ringing.ringing, name="ringing"),
    path("calls/<int:pk>/", desk.card, name="card"),
    path("calls/<int:pk>/band/", ringing.band, name="band"),
    path("calls/<int:pk>/extension/", acts.extension, name="extension"),
    path("calls/<int:pk>/end/", desk.end, name="end"),
    path("calls/<int:pk>/papers/<slug:code>/", papers.paper, name="paper"),
    path("calls/<int:pk>/suggestions/", desk.suggestions, name="suggestions"),
    path("calls/owed/<int:pk>/", owed.call_now, name="call_now"),
    path("calls/made/request/<int:pk>/", owed.call_asker, name="call_asker"),
    path("calls/made/person/<int:pk>/<int:phone>/", owed.call_person, name="call_person"),
    path("calls/<int:pk>/not-reached/", owed.not_reached, name="not_reached"),
    path("calls/<int:pk>/answer/", acts.answer, name="answer"),
    path("calls/<int:pk>/refusal/", acts.refusal, name="refusal"),
    path("calls/<int:pk>/hold/", acts.hold, name="hold"),
    path("calls/<int:pk>/mute/", acts.mute, name="mute"),
    path("calls/<int:pk>/receivers/", passing.choices, name="receivers"),
    path("calls/<int:pk>/transfer/", passing.transfer, name="transfer"),
    path("calls/<int:pk>/consultation/", passing.consultation, name="consultation"),
    path("calls/<int:pk>/consultation/joining/", passing.joining, name="joining"),
    path(
        "calls/<int:pk>/consultation/ending/",
        passing.consultation_ending,
        name="consultation_ending",
    ),
    path("calls/<int:pk>/handing-over/", passing.handing_over, name="handing_over"),
    path("calls/<int:pk>/supervision/", supervision.supervision, name="supervision"),
    path("calls/<int:pk>/recording/", include(pieces.addresses(pieces.desk, "recording"))),
    path("calls/<int:pk>/beside/", supervision.beside, name="beside"),
]
