"""Which papers fit a request, and what is known to fill them with. Nothing is invented.

Only what the asker told and what the centre keeps of the association: names, seat, dates, board.
Telephone numbers are never among them: no paper needs one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from django.utils.translation import override

from helpdesk.associations.models import Association, Mandate
from helpdesk.associations.rules import Office
from helpdesk.centre.territory import commune_name, province_name
from helpdesk.centre.wording import date_text, reader_language
from helpdesk.tickets import intake
from knowledge.articles.papers import texts
from knowledge.articles.papers.filling import Document, Rows, fill
from knowledge.articles.papers.texts import Paper

FORMS = ("docx", "pdf")
NOT_ON_THE_BOARD = (
    Office.MEMBER, Office.HONORARY, Office.FOUNDER, Office.DIRECTOR, Office.PROJECT_OFFICER,
    Office.VOLUNTEER, Office.BRANCH_HEAD,
)  # fmt: skip
_RANK = {office: n for n, office in enumerate(Office)}
_DAYS = {
    "deposit_date": "filed_on", "receipt_date": "provisional_on",
    "mandate_ends_on": "mandate_ends_on",
}  # fmt: skip
"""Fields of papers, and where an association's record holds them."""


@dataclass(frozen=True)
class Known:
    """What a request or a call says that a paper can take up."""

    association: Association | None = None
    person: Any = None
    person_name: str = ""
    """As given by word of mouth, where nobody is on record."""
    facts: Mapping[str, str] = field(default_factory=dict)
    province: str = ""


@dataclass(frozen=True)
class File:
    """One choice of the menu: which language, which kind of file."""

    language: str
    form: str

    @property
    def value(self) -> str:
        return f"{self.language}-{self.form}"


def files(language: str) -> list[File]:
    """The asker's language first."""
    order = ("fr", "ar") if language == "fr" else ("ar", "fr")
    return [File(one, form) for one in order for form in FORMS]


def chosen(value: str) -> File | None:
    """The file a button names; None for anything else."""
    return next((one for one in files("ar") if one.value == value), None)


@dataclass(frozen=True)
class Menu:
    """What a menu of papers shows, with the key that makes one click one giving."""

    fitting: list[Paper]
    others: list[Paper]
    files: list[File]
    key: str = field(default_factory=lambda: uuid4().hex)


def menu(theme: Any, language: str, *, topic: str = "") -> Menu:
    """The papers that fit the theme first, or the article suggested where no theme is known.

    Their titles are for the colleague who reads the page; `language`, of the first file, is the asker's.
    """
    return Menu(*shelf(theme, topic, reader_language()), files(language))


def shelf(theme: Any, topic: str, language: str) -> tuple[list[Paper], list[Paper]]:
    """The papers that fit and the others. Among the theme's, those of the article come first."""
    code = theme.code if theme else ""
    rows = texts.papers(language)
    near = [paper for paper in rows if (code in paper.themes if code else topic in paper.topics)]
    near.sort(key=lambda paper: topic not in paper.topics)
    return near, [paper for paper in rows if paper not in near]


def filled(paper: Paper, known: Known, *, user: Any, on: date) -> Document:
    """The paper with what is known, in its own language; `user` limits whose mandates are read."""
    with override(paper.lang):
        mandates = _mandates(known.association, user=user, on=on)
        values = {
            **_of_association(known.association, known.province, paper.lang),
            **_of_person(known, mandates),
            **_told(known.facts),
        }
        return fill(paper, values, {"board": _board(mandates)})


def of_ticket(ticket: Any) -> Known:
    return Known(
        association=ticket.association, person=ticket.person, province=ticket.province,
        facts=dict(ticket.facts.values_list("code", "value")),
    )  # fmt: skip


def _told(facts: Mapping[str, str]) -> dict[str, str]:
    """Facts as told; days in words, yes and no left out: they fill no blank."""
    told = {}
    for code, value in facts.items():
        day = intake.as_day(value)
        if day or value not in intake.WORDS:
            told["mandate_ends_on" if code == "mandate_end" else code] = (
                date_text(day) if day else value
            )
    return told


def _of_association(one: Association | None, province: str, language: str) -> dict[str, str]:
    place = province_name((one.province if one else "") or province)
    if one is None:
        return {"province": place} if place else {}
    names = (one.name_fr, one.name_ar) if language == "fr" else (one.name_ar, one.name_fr)
    days = {name: getattr(one, column) for name, column in _DAYS.items()}
    found = {
        "association_name": names[0] or names[1], "seat": one.seat,
        "commune": commune_name(one.commune, language),
        "province": place, **{name: date_text(day) for name, day in days.items() if day},
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _of_person(known: Known, mandates: Sequence[Mandate]) -> dict[str, str]:
    if known.person is None:
        return {"person_name": known.person_name}
    office = next((m.office for m in mandates if m.person_id == known.person.pk), "")
    name = known.person.name or known.person.other_name or known.person_name
    return {"person_name": name, "person_office": str(Office(office).label) if office else ""}


def _mandates(one: Association | None, *, user: Any, on: date) -> list[Mandate]:
    """Those held on that day, in the order of the offices."""
    if one is None:
        return []
    rows = Mandate.objects.visible_to(user).held(on=on).filter(association=one)
    return sorted(rows.select_related("person"), key=lambda m: _RANK[Office(m.office)])


def _board(mandates: Sequence[Mandate]) -> Rows:
    return [
        {
            "name": _name(mandate),
            "office": str(Office(mandate.office).label),
            "since": date_text(mandate.starts_on) if mandate.starts_on else "",
        }
        for mandate in mandates
        if mandate.office not in NOT_ON_THE_BOARD
    ]


def _name(mandate: Mandate) -> str:
    person = mandate.person
    return str(person.name or person.other_name)
