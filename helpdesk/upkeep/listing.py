"""The list of reviews as one person looks at it: which view, whose, and what stands in a row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge.articles.validity import Due

TAGS = {Due.NONE: "", Due.LATER: "", Due.SOON: "", Due.DUE: "soon", Due.LATE: "late"}


@dataclass(frozen=True)
class Row:
    """One article; `signed` and `unsigned` are the languages of its editions."""

    article: Any
    title: str
    due: Due
    look: str
    signed: Sequence[str]
    unsigned: Sequence[str]


@dataclass(frozen=True)
class View:
    code: str
    label: str
    url: str
    count: int
    current: bool
    late: bool = False


_VIEWS: dict[str, tuple[Any, Callable[[Row], bool]]] = {
    "due": (gettext_lazy("Due"), lambda row: row.due in (Due.DUE, Due.LATE)),
    "soon": (gettext_lazy("Within 30 days"), lambda row: row.due == Due.SOON),
    "undated": (gettext_lazy("No date"), lambda row: row.due == Due.NONE),
    "unsigned": (gettext_lazy("Not signed"), lambda row: bool(row.unsigned)),
    "over": (gettext_lazy("Not in force"), lambda row: not row.article.applies),
    "all": (gettext_lazy("All"), lambda row: True),
}


def rows(articles: Sequence[Any], titles: dict[str, str]) -> list[Row]:
    """In the order given: the next review first."""
    return [_row(article, titles.get(article.topic, article.topic)) for article in articles]


def of_owner(found: Sequence[Row], owner: str, user: Any) -> list[Row]:
    """`me`, `nobody` or the key of a person; anything else is everybody."""
    if owner == "me":
        return [row for row in found if row.article.owner_id == user.pk]
    if owner == "nobody":
        return [row for row in found if row.article.owner_id is None]
    return [row for row in found if str(row.article.owner_id) == owner] if owner else list(found)


def views(found: Sequence[Row], code: str, owner: str) -> list[View]:
    """Each with how many it holds."""
    made = []
    for name, (label, holds) in _VIEWS.items():
        held = [row for row in found if holds(row)]
        url = "?" + urlencode({"view": name, **({"owner": owner} if owner else {})})
        late = any(row.due == Due.LATE for row in held) and name == "due"
        made.append(View(name, str(label), url, len(held), name == code, late))
    return made


def shown(found: Sequence[Row], code: str) -> list[Row]:
    return [row for row in found if _VIEWS[code][1](row)]


def view_code(asked: str) -> str:
    return asked if asked in _VIEWS else "due"


def owner_choices(people: Sequence[Any]) -> list[tuple[str, str]]:
    named = [(str(person.pk), person.shown_name) for person in people]
    return [("", _("everybody")), ("me", _("mine")), ("nobody", _("nobody’s")), *named]


def next_review(on: date) -> date:
    """What a form proposes: a year later; the centre decides."""
    return on.replace(year=on.year + 1, day=min(on.day, 28))


def _row(article: Any, title: str) -> Row:
    editions = [edition for edition in article.editions.all() if edition.current is not None]
    signed = [e.language for e in editions if not e.current.is_provisional]
    unsigned = [e.language for e in editions if e.current.is_provisional]
    return Row(article, title, article.due, TAGS[article.due], signed, unsigned)
