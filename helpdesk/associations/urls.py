"""Addresses of the app; they stand under /desk/."""

from django.urls import path

from helpdesk.associations.views.desk import association, calls, lists, merging, people

app_name = "associations"
urlpatterns = [
    path("associations/", lists.associations, name="list"),
    path("associations/new/", lists.new, name="new"),
    path("associations/<int:pk>/", association.association, name="association"),
    path("associations/<int:pk>/facts/", association.facts, name="facts"),
    path("associations/<int:pk>/stage/", association.stage, name="stage"),
    path("associations/<int:pk>/deadlines/", association.deadlines, name="deadlines"),
    path("associations/<int:pk>/mandates/", association.mandates, name="mandates"),
    path("deadlines/<int:pk>/end/", association.deadline_end, name="deadline_end"),
    path("mandates/<int:pk>/end/", association.mandate_end, name="mandate_end"),
    path("contacts/<int:pk>/", people.person, name="person"),
    path("contacts/<int:pk>/facts/", people.facts, name="person_facts"),
    path("contacts/<int:pk>/phones/", people.phones, name="phones"),
    path("contacts/<int:pk>/phones/<int:phone>/number/", people.number, name="number"),
    path("contacts/<int:pk>/merging/", merging.merging, name="person_merging"),
    path("contact-merges/<int:pk>/parting/", merging.parting, name="person_parting"),
    path("day-61/", calls.calls, name="day_61"),
    path("day-61/<int:pk>/called/", calls.called, name="called"),
    path("day-61/<int:pk>/number/<int:phone>/", calls.number, name="number_to_call"),
]
