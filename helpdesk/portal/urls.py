"""Public addresses of the portal."""

from django.urls import URLPattern, path

from helpdesk.portal.views.public import follow
from helpdesk.portal.views.public.home import home

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("follow/", follow.follow, name="follow"),
    path("follow/ticket/", follow.ticket, name="follow_ticket"),
    path("follow/ticket/lines/", follow.lines, name="follow_lines"),
    path("follow/ticket/messages/", follow.message, name="follow_message"),
    path("follow/ticket/closure/", follow.closure, name="follow_closure"),
    path("follow/ticket/rating/", follow.rating, name="follow_rating"),
    path("follow/ticket/files/<str:name>/", follow.file, name="follow_file"),
    path("follow/leaving/", follow.leaving, name="follow_leaving"),
]
