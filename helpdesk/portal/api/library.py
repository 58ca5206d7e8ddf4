"""The library for programs: articles, themes, search, texts of law, glossary. Only what every reader sees."""

from typing import Annotated, Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from ninja import Path, Query, Router

from helpdesk.portal.api import shapes
from helpdesk.portal.api.fields import Lang, Limit, Page, _, language, paged
from helpdesk.portal.api.problems import Problem
from knowledge.articles import access
from knowledge.search import query, wordlist

router = Router(tags=["library"])
NOBODY = AnonymousUser()
Topic = Annotated[str, Path(..., max_length=40, pattern=r"^[-a-zA-Z0-9_]+$")]
Letter = Annotated[str, Query("", max_length=1, description=_("Code of a theme, such as A."))]


@router.get(
    "v1/themes/",
    response=list[shapes.ThemeShape],
    url_name="themes",
    summary=_("Themes"),
    description=_("Every theme, with how many articles can be read in the language."),
)
def themes(request: HttpRequest, lang: Lang = None) -> Any:
    speaks = language(lang)
    counts = access.articles_by_theme(language=speaks)
    return [shapes.theme(one, speaks, counts.get(one.code, 0)) for one in access.themes()]


@router.get(
    "v1/articles/",
    response=shapes.ArticlePage,
    url_name="articles",
    summary=_("Articles"),
    description=_("The articles that readers see today, by theme and topic."),
)
def articles(
    request: HttpRequest, lang: Lang = None, theme: Letter = "", page: Page = 1, limit: Limit = 20
) -> Any:
    rows = access.shelf(language=language(lang))
    if theme:
        rows = rows.filter(edition__article__theme__code=theme.upper())
    rows = rows.select_related("edition__article__successor").prefetch_related(
        "edition__article__successor__editions"
    )
    found = paged(request, rows, page=page, limit=limit)
    found["items"] = [shapes.article(version) for version in found["items"]]
    return found


@router.get(
    "v1/articles/{topic}/",
    response=shapes.WholeArticle,
    url_name="article",
    summary=_("One article"),
    description=_("One article whole, in the language asked for or else in the one it has."),
)
def article(request: HttpRequest, topic: Topic, lang: Lang = None) -> Any:
    for speaks in sorted(("ar", "fr"), key=lambda one: one != language(lang)):
        version = access.current_version(topic, language=speaks)
        if version is not None:
            languages = [one for one in ("ar", "fr") if access.has_edition(topic, language=one)]
            return shapes.whole_article(version, languages)
    raise Problem("not-found")


@router.get(
    "v1/search/",
    response=shapes.Found,
    url_name="search",
    summary=_("Search"),
    description=_(
        "The best answers to a question in Arabic, French or Darija, those not in force last."
    ),
)
def search(
    request: HttpRequest,
    q: Annotated[str, Query(..., min_length=1, max_length=400)],
    lang: Lang = None,
    theme: Letter = "",
    limit: Annotated[Limit, Query(10)] = 10,
) -> Any:
    found = query.search(q, lang=language(lang), theme=theme.upper(), limit=min(limit, 20))
    return {
        "text": q, "language": found.lang, "items": [shapes.hit(one) for one in found.hits],
        "also": [shapes.hit(one) for one in found.also], "understood": found.understood,
        "is_simple": found.degraded,
    }  # fmt: skip


@router.get(
    "v1/instruments/",
    response=shapes.InstrumentPage,
    url_name="instruments",
    summary=_("Texts of law"),
    description=_("The register: every legal text that the answers cite, by date."),
)
def instruments(request: HttpRequest, lang: Lang = None, page: Page = 1, limit: Limit = 20) -> Any:
    speaks = language(lang)
    found = paged(request, access.texts(), page=page, limit=limit)
    found["items"] = [shapes.instrument(text, speaks) for text in found["items"]]
    return found


@router.get(
    "v1/instruments/{code}/",
    response=shapes.WholeInstrument,
    url_name="instrument",
    summary=_("One text of law"),
    description=_("One legal text, what it does to others, and the articles that lean on it."),
)
def instrument(request: HttpRequest, code: Topic, lang: Lang = None) -> Any:
    text, speaks = access.text(code), language(lang)
    if text is None:
        raise Problem("not-found")
    return shapes.whole_instrument(text, access.citing(text, by=NOBODY, language=speaks), speaks)


@router.get(
    "v1/glossary/",
    response=shapes.TermPage,
    url_name="glossary",
    summary=_("Glossary"),
    description=_(
        "How associations, offices and neighbours say the same thing, in the order of the language."
    ),
)
def glossary(request: HttpRequest, lang: Lang = None, page: Page = 1, limit: Limit = 20) -> Any:
    terms = [term for letter in wordlist.by_letter(language(lang)) for term in letter.terms]
    found = paged(request, terms, page=page, limit=limit)
    found["items"] = [{"ar": t.ar, "fr": t.fr, "darija": t.darija} for t in found["items"]]
    return found
