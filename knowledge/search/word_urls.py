"""The glossary's address; it stands at /library/words/."""

from django.urls import URLPattern, path

from knowledge.search.views import words

app_name = "words"
urlpatterns: list[URLPattern] = [path("", words.words, name="words")]
