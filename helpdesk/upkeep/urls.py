"""Addresses of the upkeep of the library; they stand under /desk/."""

from django.urls import URLPattern, path

from helpdesk.upkeep.views import acts, desk, glossary

app_name = "upkeep"
urlpatterns: list[URLPattern] = [
    path("reviews/", desk.reviews, name="reviews"),
    path("reviews/assignment/", desk.assignment, name="assignment"),
    path("reviews/<slug:topic>/", desk.article, name="article"),
    path("reviews/<slug:topic>/validity/", acts.validity, name="validity"),
    path("reviews/<slug:topic>/reading/", acts.reading, name="reading"),
    path("reviews/<slug:topic>/<slug:language>/signature/", acts.signature, name="signature"),
    path("reviews/<slug:topic>/<slug:language>/unsigning/", acts.unsigning, name="unsigning"),
    path("reviews/<slug:topic>/<slug:language>/advice/", acts.advice, name="advice"),
    path("reviews/texts/<slug:code>/validity/", acts.text_validity, name="text_validity"),
    path("glossary/", glossary.terms, name="terms"),
    path("glossary/new/", glossary.term_new, name="term_new"),
    path("glossary/proposals/", glossary.proposals, name="proposals"),
    path("glossary/proposals/aside/", glossary.aside, name="aside"),
    path("glossary/test/", glossary.testing, name="testing"),
    path("glossary/<int:pk>/", glossary.term, name="term"),
    path("glossary/<int:pk>/state/", glossary.term_state, name="term_state"),
    path("glossary/shipped/<slug:key>/", glossary.entry, name="entry"),
    path("glossary/shipped/<slug:key>/rest/", glossary.entry_rest, name="entry_rest"),
]
