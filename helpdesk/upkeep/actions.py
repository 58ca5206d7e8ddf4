"""Acts of upkeep as people do them here: the library's own act, and its line in the audit."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from helpdesk.accounts.actions import audit
from helpdesk.upkeep import badge
from knowledge.articles.actions import reviewing, wording
from knowledge.articles.models import Article, Term, Version
from knowledge.articles.terms import COLUMNS
from knowledge.search import unknown


@transaction.atomic
def set_validity(of: Any, given: Mapping[str, Any], *, by: Any, at: datetime, why: str) -> bool:
    """False when nothing differed."""
    if not reviewing.set_validity(of, given, by=by, at=at, why=why):
        return False
    audit("set-validity", by=by, at=at, subject=of, reason=why)
    return True


@transaction.atomic
def assign(
    chosen: Iterable[Article], *, owner: Any, review_on: date | None, by: Any, at: datetime
) -> int:
    """Give articles to somebody, to be read again by a day; how many that changed."""
    moved = 0
    for article in chosen:
        if reviewing.assign(article, owner=owner, review_on=review_on, by=by, at=at):
            audit("set-review", by=by, at=at, subject=article)
            moved += 1
    badge.forget()
    return moved


@transaction.atomic
def keep(article: Article, *, review_on: date, by: Any, at: datetime, why: str) -> None:
    reviewing.keep(article, review_on=review_on, by=by, at=at, why=why)
    audit("read-again", by=by, at=at, subject=article, reason=why)
    badge.forget()


@transaction.atomic
def sign(version: Version, *, by: Any, at: datetime, bulletin: str) -> None:
    """Raises what reviewing.sign raises."""
    reviewing.sign(version, by=by, at=at, bulletin=bulletin)
    audit("signed-version", by=by, at=at, subject=version, reason=bulletin)


@transaction.atomic
def take_back_signature(version: Version, *, by: Any, at: datetime, why: str) -> None:
    reviewing.take_back_signature(version, by=by, at=at, why=why)
    audit("unsigned-version", by=by, at=at, subject=version, reason=why)


@transaction.atomic
def mark_changes_advice(
    version: Version, *, change_ar: str, change_fr: str, by: Any, at: datetime
) -> None:
    """A sweep then lists whom answers from older versions reached."""
    reviewing.mark_changes_advice(version, change_ar=change_ar, change_fr=change_fr, by=by, at=at)
    audit("changed-advice", by=by, at=at, subject=version)


@transaction.atomic
def write_term(given: Mapping[str, Any], *, by: Any, at: datetime, stands_for: str = "") -> Term:
    """Raises what wording.write_term raises."""
    made = wording.write_term(given, by=by, at=at, stands_for=stands_for)
    audit("kept-term", by=by, at=at, subject=made, reason=str(made), facts=_changed({}, made))
    return made


@transaction.atomic
def change_term(
    term: Term, given: Mapping[str, Any], *, revision: int, by: Any, at: datetime
) -> bool:
    """False when nothing differed. Raises what wording.change_term raises."""
    before = {name: getattr(term, name) for name in (*COLUMNS, "state")}
    if not wording.change_term(term, given, revision=revision, by=by, at=at):
        return False
    facts = _changed(before, term)
    audit("kept-term", by=by, at=at, subject=term, reason=str(term), facts=facts)
    return True


@transaction.atomic
def move_term(term: Term, state: str, *, revision: int, by: Any, at: datetime) -> None:
    """Raises what wording.move_term raises."""
    before = {name: getattr(term, name) for name in (*COLUMNS, "state")}
    wording.move_term(term, state, revision=revision, by=by, at=at)
    facts = _changed(before, term)
    audit("kept-term", by=by, at=at, subject=term, reason=str(term), facts=facts)


@transaction.atomic
def set_word_aside(word: str, *, by: Any, at: datetime) -> None:
    if unknown.set_aside(word, by=by, at=at):
        audit("set-word-aside", by=by, at=at, reason=word)


def _changed(before: Mapping[str, Any], term: Term) -> dict[str, Any]:
    """Spellings added and taken out, and the state where it is another."""
    was = [text for name in COLUMNS for text in before.get(name, [])]
    now = [text for row in term.columns for text in row]
    facts: dict[str, Any] = {
        "added": [text for text in now if text not in was],
        "taken_out": [text for text in was if text not in now],
    }
    if before.get("state", Term.State.USED) != term.state:
        facts["state"] = str(term.state)
    return facts
