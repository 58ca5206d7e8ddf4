"""Doorways to the upkeep of the library: what is to be read again, signed, or is over.

No records of its own: `knowledge.articles` holds them. Unknown and forbidden are one answer.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from helpdesk.accounts.models import Audit, User
from helpdesk.accounts.scope import Scope
from knowledge.articles.models import Article, Instrument, Term, Upkeep, Version
from knowledge.search.glossary import Entry, shipped

REVIEW = "articles.review_version"
TERMS = "articles.keep_terms"
SEES = ("articles.draft_version", REVIEW, "queues.view_board")
WRITERS = ("senior", "editor")
MOST_ACTS = 60


def sees_reviews(user: Any) -> bool:
    """Who writes, reviews or supervises."""
    return any(user.has_perm(one) for one in SEES)


def may_see(user: Any) -> None:
    """Raises PermissionDenied."""
    if not sees_reviews(user):
        raise PermissionDenied


def may_review(user: Any) -> None:
    """Sign versions, set when something is in force. Raises PermissionDenied."""
    if not user.has_perm(REVIEW):
        raise PermissionDenied


def articles(user: Any) -> list[Article]:
    """Every article that readers can open, the next review first."""
    may_see(user)
    return list(Article.objects.for_upkeep())


def article_for(user: Any, topic: str) -> Article:
    may_see(user)
    return _or_404(Article.objects.for_upkeep().filter(topic=topic).first())


def reviewed_article(user: Any, topic: str) -> Article:
    """An article whose validity the user may set."""
    may_review(user)
    return article_for(user, topic)


def reviewed_version(user: Any, topic: str, language: str) -> Version:
    """The version readers of a language see, to be signed or spoken of."""
    may_review(user)
    found = Version.objects.current().in_language(language)
    rows = found.select_related("edition__article__theme", "author")
    return _or_404(rows.filter(edition__article__topic=topic).first())


def reviewed_text(user: Any, code: str) -> Instrument:
    """A text of law whose validity the user may set."""
    may_review(user)
    return _or_404(Instrument.objects.texts().filter(code=code).first())


def may_keep_terms(user: Any) -> None:
    """Raises PermissionDenied."""
    if not user.has_perm(TERMS):
        raise PermissionDenied


def terms(user: Any) -> list[Term]:
    """All that the staff keep, whatever its state, those changed last first."""
    may_keep_terms(user)
    return list(Term.objects.in_order())


def term_for(user: Any, pk: int) -> Term:
    may_keep_terms(user)
    return _or_404(Term.objects.in_order().filter(pk=pk).first())


def entry_for(user: Any, key: str) -> tuple[Entry, Term | None]:
    """An entry that ships, and the term that stands for it."""
    may_keep_terms(user)
    entry = _or_404(next((entry for entry in shipped() if entry.key == key), None))
    return entry, Term.objects.of_entry(key).first()


def term_history(term: Term) -> list[Audit]:
    """What was done to a term, the newest first."""
    return list(Audit.objects.matching(kind="term", subject=term.pk).newest()[:MOST_ACTS])


def titles(language: str) -> list[tuple[str, str]]:
    """(topic, title) of what readers of a language can open."""
    found = Version.objects.current().in_language(language)
    rows = found.order_by("edition__article__topic")
    return list(rows.values_list("edition__article__topic", "title"))


def texts() -> list[Instrument]:
    return list(Instrument.objects.texts())


def owners(user: Any) -> list[User]:
    """Who may see to a review: those who write, of the user's centres."""
    centres = Scope.of(user).centres
    found = User.objects.filter(is_active=True, postings__team__centre__in=centres)
    return list(found.in_role(*WRITERS).order_by("username"))


def history(of: Article | Instrument) -> list[Upkeep]:
    """What was done to it, the newest first."""
    if isinstance(of, Article):
        return list(Upkeep.objects.of_article(of)[:MOST_ACTS])
    return list(Upkeep.objects.of_instrument(of)[:MOST_ACTS])


def is_own(user: Any, version: Version) -> bool:
    """Written by that person: somebody else signs it."""
    return version.author_id == user.pk or version.writers.filter(pk=user.pk).exists()


def has_older(version: Version) -> bool:
    """Whether an answer may have been given from a version before."""
    return version.number > 1


def _or_404(row: Any) -> Any:
    if row is None:
        raise Http404
    return row
