"""Public addresses of the library; they stand under /library/."""

from django.urls import URLPattern, path

from knowledge.articles.views import papers, public, readers, texts

app_name = "articles"
urlpatterns: list[URLPattern] = [
    path("", public.library, name="library"),
    path("reviewed/", public.reviewed, name="reviewed"),
    path("copy.zip", readers.copy, name="copy"),
    path("changes.atom", readers.changes, name="changes"),
    path("theme/<slug:letter>/", public.theme, name="theme"),
    path("texts/", texts.texts, name="texts"),
    path("texts/<slug:code>/", texts.text, name="text"),
    path("papers/", papers.papers, name="papers"),
    path("papers/<slug:code>/", papers.paper, name="paper"),
    path("papers/<slug:code>/<slug:language>/<slug:form>/", papers.blank, name="paper_blank"),
    path("<slug:topic>/", public.article, name="article"),
    path("<slug:topic>/opinion/", readers.opinion, name="opinion"),
    path("<slug:topic>/print/", readers.printed, name="print"),
    path("<slug:topic>/v<int:number>/", public.past, name="version"),
]
