"""What a search shows: a topic by one edition, with the passage that answers best."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import override

from knowledge.articles.models import Statement, Version
from knowledge.articles.rules import Section
from knowledge.articles.validity import Force, applies
from knowledge.search.expansion import Question
from knowledge.search.snippets import best_passage, marked, written_forms
from knowledge.search.thesaurus import written_form


@dataclass(frozen=True)
class Hit:
    """One topic, by the edition shown. `section` is where its best passage stands, or empty."""

    topic: str
    lang: str
    title: str
    section: str
    section_name: str
    url: str
    score: float
    snippet: SafeString
    theme: str
    provisional: bool
    other_lang: str
    other_url: str
    """The translation; both empty when there is none."""
    force: Force = Force.UNKNOWN
    """Whether one may answer from it today."""
    territory: tuple[str, ...] = ()
    """Codes of the provinces it holds for; none = everywhere."""
    successor: str = ""
    """Topic to read instead, of an article that is over."""
    theme_code: str = ""

    @property
    def applies(self) -> bool:
        return applies(self.force)

    @property
    def is_over(self) -> bool:
        return self.force == Force.ENDED

    @property
    def is_coming(self) -> bool:
        return self.force == Force.COMING

    def holds_in(self, province: str) -> bool:
        """True where either is not known: only what holds elsewhere alone is kept away."""
        return not (province and self.territory) or province in self.territory

    @property
    def successor_url(self) -> str:
        return _url(self.successor, self.lang, "") if self.successor else ""


@dataclass(frozen=True)
class Results:
    """`hits` are in the language asked for, `also` topics that only the other language has."""

    text: str
    lang: str
    hits: list[Hit] = field(default_factory=list)
    also: list[Hit] = field(default_factory=list)
    understood: list[str] = field(default_factory=list)
    degraded: bool = False
    """Only titles and questions were compared."""
    by_host: bool = False
    """The index of this host answered in place of the cluster: the same answers, with less behind it."""
    unknown: list[str] = field(default_factory=list)
    """Words, folded, that neither library nor glossary knows."""
    theme: str = ""
    """Code of the theme it was narrowed to."""


def hit_of(version: Version, twin: Version | None, question: Question, score: float) -> Hit:
    article, lang = version.edition.article, version.edition.language
    passage = _passage(version, question)
    with override(lang):
        name = str(Section(passage.section).label) if passage else ""
    return Hit(
        topic=article.topic,
        lang=lang,
        title=version.title,
        section=passage.section if passage else "",
        section_name=name,
        url=_url(article.topic, lang, passage.section if passage else ""),
        score=round(score, 4),
        snippet=marked(passage.text if passage else version.question, question.stems),
        theme=str(article.theme),
        provisional=version.is_provisional,
        other_lang=twin.edition.language if twin else "",
        other_url=_url(article.topic, twin.edition.language, "") if twin else "",
        force=article.force,
        territory=tuple(article.territory),
        successor=article.successor.topic if article.successor else "",
        theme_code=article.theme.code,
    )


def _passage(version: Version, question: Question) -> Statement | None:
    """The statement to show: the one that answers best, else the first.

    The spoken lines repeat the others for advisors; readers find them on no page.
    """
    shown: list[Statement] = [s for s in version.statements.all() if s.section != Section.SPOKEN]
    if not shown:
        return None
    return shown[best_passage(question.stems, [s.text for s in shown]) or 0]


def _url(topic: str, lang: str, section: str) -> str:
    with override(lang):
        url = reverse("articles:article", args=[topic])
    return f"{url}#{section}" if section else url


def read_as(question: Question, versions: Iterable[Version]) -> list[str]:
    """Words that were read as others, as people write them; those nobody writes are left out."""
    if not question.understood:
        return []
    texts = (text for v in versions for text in (v.title, v.question, *_texts(v)))
    written = written_forms(list(texts))
    read = (written_form(u.read) or written.get(u.read) for u in question.understood if u.sure)
    return list(dict.fromkeys(form for form in read if form))


def _texts(version: Version) -> list[str]:
    return [statement.text for statement in version.statements.all()]
