"""Addresses of the app."""

from django.urls import URLPattern, path

from helpdesk.accounts.views import audit, me, people

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("me/", me.me, name="me"),
    path("me/sessions/", me.sessions, name="my_sessions"),
    path("language/", me.language, name="language"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_person, name="new_person"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/details/", people.details, name="details"),
    path("people/<int:pk>/skills/", people.skills, name="skills"),
    path("people/<int:pk>/roles/", people.roles, name="roles"),
    path("people/<int:pk>/postings/", people.postings, name="postings"),
    path("people/<int:pk>/postings/<int:posting>/end/", people.posting_end, name="posting_end"),
    path("people/<int:pk>/activity/", people.activity, name="activity"),
    path("people/<int:pk>/link/", people.link, name="link"),
    path("people/<int:pk>/second-proof/", people.second_proof, name="second_proof"),
    path("people/<int:pk>/sessions/", people.sessions, name="sessions"),
    path("audit/", audit.audit, name="audit"),
]
