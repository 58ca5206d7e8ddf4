"""Public addresses of calls."""

from django.urls import include, path

from telephony.views import pieces, public

app_name = "calling"
urlpatterns = [
    path("", public.call, name="call"),
    path("place/", public.place, name="place"),
    path("call-back/", public.call_back, name="call_back"),
    path("ending/", public.ending, name="ending"),
    path("withdrawal/", public.withdrawal, name="withdrawal"),
    path("code/", public.code, name="code"),
    path("rating/", public.rating, name="rating"),
    path("voicemail/", include(pieces.addresses(pieces.public, "voicemail"))),
]
