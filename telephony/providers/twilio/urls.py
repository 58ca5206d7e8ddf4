"""Addresses that Twilio posts to."""

from django.urls import path

from telephony.providers.twilio import views

app_name = "twilio"
urlpatterns = [
    path("voice/", views.voice, name="voice"),
    path("language/<int:tries>/", views.language, name="language"),
    path("theme/<int:tries>/", views.theme, name="theme"),
    path("closed/<int:tries>/", views.closed, name="closed"),
    path("wait/", views.wait, name="wait"),
    path("wait/keys/", views.wait_keys, name="wait_keys"),
    path("left/", views.left, name="left"),
    path("message/", views.message, name="message"),
    path("enter/<slug:name>/", views.enter, name="enter"),
    path("back/", views.back, name="back"),
    path("application/", views.application, name="application"),
    path("room/", views.room, name="room"),
    path("dialled/<slug:label>/", views.dialled_status, name="dialled"),
    path("status/", views.status, name="status"),
    path("recorded/", views.recorded, name="recorded"),
    path("taped/<int:pk>/", views.taped, name="taped"),
    path("agree/<int:chosen>/", views.agree, name="agree"),
    path("text/", views.text, name="text"),
    path("text/status/", views.text_status, name="text_status"),
    path("sounds/<slug:name>/", views.sound, name="sound"),
]
