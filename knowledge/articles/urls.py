"""Public addresses of the library; they stand under /library/."""

from django.urls import URLPattern, path

from knowledge.articles.views import public, texts

app_name = "articles"
urlpatterns: list[URLPattern] = [
    path("", public.library, name="library"),
    path("reviewed/", public.reviewed, name="reviewed"),
    path("texts/", texts.texts, name="texts"),
    path("texts/<slug:code>/", texts.text, name="text"),
    path("<slug:topic>/", public.article, name="article"),
    path("<slug:topic>/v<int:number>/", public.past, name="version"),
]
