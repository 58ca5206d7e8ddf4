"""Acts on the library: loading the starter sheets, publishing, opinions; `reviewing` keeps it true."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from knowledge.articles import rules, sheets
from knowledge.articles.actions import reviewing
from knowledge.articles.bundle_models import Origin
from knowledge.articles.models import (
    Article,
    Citation,
    Edition,
    Feedback,
    Instrument,
    Relation,
    Statement,
    Theme,
    Version,
)
from knowledge.articles.rules import State
from knowledge.uncounted import is_uncounted

M = TypeVar("M", bound=Model)
LOADED: tuple[type[Model], ...] = (Article, Edition, Version, Statement, Citation, Instrument)
LIBRARY = Path(__file__).parents[1] / "library"

THEMES = (
    ("A", "التأسيس والتصريح", "Création et déclaration"),
    ("B", "الحياة القانونية", "Vie statutaire"),
    ("C", "الحكامة والنزاعات", "Gouvernance et conflits"),
    ("D", "المالية والجبايات", "Finances et fiscalité"),
    ("E", "التمويل والشراكة", "Financement et partenariat"),
    ("F", "الموارد البشرية", "Ressources humaines"),
    ("G", "الحقوق والمشاركة", "Droits et participation"),
    ("H", "الرقمنة والمعطيات", "Numérique et données"),
    ("I", "خدمات البرنامج", "Services du programme"),
    ("Z", "خارج الاختصاص", "Hors champ"),
)

ASKED_MOST = (
    "T01-creation", "T02-dossier", "T03-receipt", "T04-refusal", "T05-changes", "T34-bank",
    "T38-funding", "T14-governance", "T20-public-generosity", "T19-tax", "T17-foreign-funds",
    "T15-accounting",
)  # fmt: skip
"""The twelve questions expected most, in their order (an estimate until the centre counts)."""


class NotSigned(reviewing.Refused):
    def __init__(self) -> None:
        super().__init__(
            _("What came from another centre opens when a reviewer of ours signed it.")
        )


class TooMany(Exception):
    """More opinions came in an hour than readers give."""


@transaction.atomic
def load_library(*, at: datetime, folder: Path = LIBRARY) -> int:
    """Bring the starter library into the database; number of versions published.

    A sheet that says the same as the current version changes nothing; one that differs becomes the
    next version, provisional. Versions that people wrote are never replaced by a sheet.
    """
    themes, instruments = lay_themes(), _lay_instruments(folder)
    found = sheets.read_library(folder)
    articles = _laid(Article, "topic", {
        sheet.topic: {
            "theme_id": themes[sheet.theme].pk, "intake": sheet.intake, "four_eyes": sheet.four_eyes,
            "asked_rank": _asked_rank(sheet.topic),
        }
        for sheet in found
    })  # fmt: skip
    editions = {
        (edition.article_id, edition.language): edition
        for edition in Edition.objects.select_related("current__origin")
    }
    written = 0
    for sheet in found:
        article = articles[sheet.topic]
        edition = editions.get((article.pk, sheet.lang)) or Edition.objects.create(
            article=article, language=sheet.lang
        )
        current = edition.current
        if current and (_is_ours(current) or current.digest == digest(sheet)):
            continue
        _show(write_version(edition, sheet, instruments, at=at), at=at)
        written += 1
    if written:
        _learn_sizes()
    return written


def _is_ours(version: Version) -> bool:
    """People wrote it, or took it from another centre and signed it."""
    return bool(version.author_id or getattr(version, "origin", None))


def _learn_sizes() -> None:
    """PostgreSQL plans by what it knows of its tables, and after a load it knows nothing: joins took minutes."""
    if connection.vendor == "postgresql":
        tables = ", ".join(model._meta.db_table for model in LOADED)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")


def digest(sheet: sheets.Sheet) -> str:
    """SHA-256 over everything a reader or an advisor can see of the sheet."""
    content = [
        sheet.title,
        sheet.question,
        sheet.keywords,
        sheet.checked.isoformat(),
        [
            [
                name,
                [[x.key, x.mark, [[p.code, p.place] for p in x.citations], x.text] for x in rows],
            ]
            for name, rows in sheet.sections.items()
        ],
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def publish(version: Version, *, at: datetime) -> Version:
    """Make a version the one readers see; the one before is retired, never changed or deleted.

    Raises NotSigned for what came from another centre and nobody here signed.
    """
    demand_signature(version)
    _open_texts(version)
    return _show(version, at=at)


def demand_signature(version: Version) -> None:
    """Raises NotSigned for what came from another centre and nobody here signed."""
    if version.is_provisional and Origin.objects.filter(version=version).exists():
        raise NotSigned


def _open_texts(version: Version) -> None:
    """What it leans on stands in the register from now on, with what ended those texts."""
    waiting = Instrument.objects.filter(is_waiting=True)
    found = set(waiting.filter(citations__statement__version=version))
    article = version.edition.article
    found |= {article.ended_by} if article.ended_by and article.ended_by.is_waiting else set()
    while found:
        Instrument.objects.filter(pk__in=[text.pk for text in found]).update(is_waiting=False)
        found = set(waiting.filter(pk__in=[text.ended_by_id for text in found]))


def _show(version: Version, *, at: datetime) -> Version:
    edition = version.edition
    if edition.current_id:
        Version.objects.filter(pk=edition.current_id).update(state=State.RETIRED, retired_at=at)
    version.state, version.published_at = State.PUBLISHED, at
    version.save(update_fields=["state", "published_at"])
    edition.current = version
    edition.save(update_fields=["current"])
    return version


def tell(version: Version, *, useful: bool, why: str, at: datetime) -> Feedback:
    """A reader's opinion. Raises TooMany beyond what readers alone would give in an hour."""
    lately = Feedback.objects.since(at - timedelta(hours=1)).filter(version=version).count()
    if lately >= rules.OPINIONS_AN_HOUR:
        raise TooMany
    said = Feedback(version=version, useful=useful, why=rules.impersonal(why)[:300], at=at)
    if not is_uncounted():
        said.save()
    return said


def _asked_rank(topic: str) -> int | None:
    return ASKED_MOST.index(topic) + 1 if topic in ASKED_MOST else None


def lay_themes() -> dict[str, Theme]:
    """The themes by their letter; made where they are missing, for what is there is the centre's."""
    rows = {theme.code: theme for theme in Theme.objects.all()}
    for rank, (code, name_ar, name_fr) in enumerate(THEMES):
        if code not in rows:
            rows[code], _made = Theme.objects.get_or_create(
                code=code, defaults={"name_ar": name_ar, "name_fr": name_fr, "rank": rank}
            )
    return rows


def _lay_instruments(folder: Path) -> dict[str, Instrument]:
    texts = {
        code: {
            "kind": text.kind, "number": text.number, "day": text.date,
            "name_ar": text.name_ar, "name_fr": text.name_fr, "short_ar": text.short_ar,
            "short_fr": text.short_fr, "bulletin_ar": text.bulletin_ar,
            "bulletin_fr": text.bulletin_fr, "mark": text.mark, "is_waiting": False,
        }
        for code, text in sheets.load_instruments(folder).items()
    }  # fmt: skip
    sources = {
        code: {
            "kind": "source", "name_ar": source.title_ar, "name_fr": source.title_fr,
            "short_ar": source.title_ar[:120], "short_fr": source.title_fr[:120],
        }
        for code, source in sheets.load_sources(folder).items()
    }  # fmt: skip
    laid = _laid(Instrument, "code", {**texts, **sources})
    _lay_relations(folder, laid)
    _end_replaced()
    return laid


def _end_replaced() -> None:
    """A text that another replaced is over, though no day is known; what people said of it stays."""
    replaced = Relation.objects.filter(does=rules.Act.REPLACES, to__upkeep=None).select_related(
        "by"
    )
    for row in replaced.filter(to__is_ended=False, to__in_force_until=None):
        Instrument.objects.filter(pk=row.to_id).update(is_ended=True, ended_by=row.by)


def _lay_relations(folder: Path, laid: Mapping[str, Instrument]) -> None:
    """As the table says today: a relation that it no longer holds goes."""
    wanted = {
        (laid[row.by].pk, row.does, laid[row.to].pk) for row in sheets.load_relations(folder, laid)
    }
    there = {(row.by_id, row.does, row.to_id): row.pk for row in Relation.objects.all()}
    Relation.objects.filter(pk__in=[there[key] for key in there.keys() - wanted]).delete()
    Relation.objects.bulk_create(
        Relation(by_id=by, does=does, to_id=to) for by, does, to in sorted(wanted - there.keys())
    )


def _laid(model: type[M], key: str, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, M]:
    """All rows by their key, those wanted as wanted; what is so already costs one query together."""
    rows = {getattr(row, key): row for row in model._default_manager.all()}
    for name, fields in wanted.items():
        row = rows.get(name)
        if row is None or any(getattr(row, field) != value for field, value in fields.items()):
            lookup: dict[str, Any] = {key: name}
            rows[name] = model._default_manager.update_or_create(fields, **lookup)[0]
    return rows


def write_version(
    edition: Edition, sheet: sheets.Sheet, instruments: Mapping[str, Instrument], *, at: datetime
) -> Version:
    """The next version of the edition, as the sheet says; readers see nothing of it yet."""
    last = edition.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = Version.objects.create(
        edition=edition, number=last + 1, title=sheet.title, question=sheet.question,
        keywords=sheet.keywords, checked_on=sheet.checked, digest=digest(sheet), written_at=at,
    )  # fmt: skip
    lines = [(name, line) for name, rows in sheet.sections.items() for line in rows]
    statements = Statement.objects.bulk_create(
        Statement(
            version=version, key=line.key, section=name, rank=rank, text=line.text, mark=line.mark
        )
        for rank, (name, line) in enumerate(lines, 1)
    )  # fmt: skip
    Citation.objects.bulk_create(
        Citation(
            statement=statement, instrument=instruments[cited.code], place=cited.place, rank=rank
        )
        for statement, (_, line) in zip(statements, lines, strict=True)
        for rank, cited in enumerate(line.citations)
    )  # fmt: skip
    return version
