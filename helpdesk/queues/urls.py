"""Addresses of the app; they stand under /desk/."""

from django.urls import URLPattern, path

from helpdesk.queues.views.desk import (
    chats,
    home,
    merging,
    palette,
    requests,
    settings,
    taking,
)

app_name = "queues"
urlpatterns: list[URLPattern] = [
    path("", home.desk, name="desk"),
    path("lists/", home.lists, name="lists"),
    path("presence/", home.presence, name="presence"),
    path("queue/", requests.requests, name="list"),
    path("queue/next/", taking.take_next, name="next"),
    path("palette/", palette.palette, name="palette"),
    path("queues/", settings.queues, name="queues"),
    path("queues/<int:pk>/", settings.queue, name="queue"),
    path("queues/<int:pk>/hours/", settings.hours, name="hours"),
    path("queues/<int:pk>/targets/", settings.targets, name="targets"),
    path("queues/<int:pk>/closed/", settings.closed, name="closed"),
    path("search/", requests.find, name="search"),
    path("tickets/<int:pk>/claim/", taking.claim, name="claim"),
    path("tickets/<int:pk>/chat/ending/", chats.ending, name="chat_ending"),
    path("tickets/<int:pk>/refusal/", taking.decline, name="decline"),
    path("tickets/<int:pk>/handover/", taking.handover, name="handover"),
    path("tickets/<int:pk>/merging/", merging.merging, name="merging"),
    path("tickets/<int:pk>/splitting/", merging.splitting, name="splitting"),
    path("merges/<int:pk>/undoing/", merging.undoing, name="undoing"),
]
