"""Makes a bundle of the library: what readers see today and a named reviewer signed, nothing else.

No draft, no note, no opinion, no account: of people only the name that the page itself prints. What
nobody is sure of is for our own staff and stays here.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from knowledge.articles import sheets
from knowledge.articles.actions import digest
from knowledge.articles.bundles import content, keys, packing
from knowledge.articles.bundles.opening import FORMAT, MANIFEST, SIGNATURE, Centre
from knowledge.articles.bundles.reader import is_strange
from knowledge.articles.models import Instrument, Version
from knowledge.articles.rules import Mark
from knowledge.articles.terms import COLUMNS, Term


def make(centre: Centre, *, on: date) -> bytes:
    """The signed file. The same library on the same day gives the same bytes."""
    return signed(files_of(articles(), terms()), centre, on=on)


def files_of(
    found: Collection[content.Article], words: Collection[content.Term] = ()
) -> dict[str, bytes]:
    """The articles with the texts they lean on, and the glossary; each file by its name."""
    texts = {code: content.plain_text(text) for code, text in texts_of(found).items()}
    files = {f"articles/{one.topic}.json": packing.canonical(content.plain(one)) for one in found}
    told = packing.canonical(content.plain_terms(words))
    return {content.TEXTS: packing.canonical(texts), content.TERMS: told, **files}


def signed(files: dict[str, bytes], centre: Centre, *, on: date) -> bytes:
    """These files under a manifest with our signature."""
    manifest = packing.canonical({
        "kind": "wasl-library", "format": FORMAT, "date": on.isoformat(), "key": keys.own(),
        "centre": {"slug": centre.slug, "name_ar": centre.name_ar, "name_fr": centre.name_fr},
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    })  # fmt: skip
    return packing.pack({**files, MANIFEST: manifest, SIGNATURE: keys.sign(manifest)})


def articles() -> list[content.Article]:
    """Each article with the editions of it that are published and signed.

    Those under a theme that this centre added stay here: elsewhere its letter means something else.
    """
    found = Version.objects.current().exclude(reviewed_on=None).whole()
    found = found.filter(edition__article__theme__code__in=sheets.THEMES)
    rows: dict[str, list[Version]] = {}
    for version in found.order_by("edition__article__topic", "edition__language"):
        rows.setdefault(version.edition.article.topic, []).append(version)
    earlier = _earlier(version.edition_id for those in rows.values() for version in those)
    made = [article_of(those, earlier) for those in rows.values()]
    return [_inward(one, rows.keys()) for one in made]


def article_of(versions: list[Version], earlier: dict[int, list[str]]) -> content.Article:
    """One article from its loaded versions; `earlier` are digests by edition, of what was said before."""
    article = versions[0].edition.article
    return content.Article(
        topic=article.topic, theme=article.theme.code, intake=tuple(article.intake),
        four_eyes=article.four_eyes, force=_force(article),
        editions=tuple(_edition(version, earlier) for version in versions),
    )  # fmt: skip


def terms() -> list[content.Term]:
    """What readers here find in the glossary beside what ships with the program; no note."""
    found = Term.objects.filter(state=Term.State.USED, is_shown=True)
    return [
        content.Term(
            **{name: tuple(filter(None, map(_clean, getattr(row, name)))) for name in COLUMNS},
            meaning_ar=_clean(row.meaning_ar), meaning_fr=_clean(row.meaning_fr),
            stands_for=row.stands_for,
        )
        for row in found
    ]  # fmt: skip


def texts_of(found: Iterable[content.Article]) -> dict[str, content.Text]:
    """What the articles cite or were ended by, and in turn what ended those texts."""
    wanted = {
        code
        for one in found
        for code in (
            one.force.ended_by,
            *(p.code for e in one.editions for line in e.sheet.lines() for p in line.citations),
        )
    }
    rows = {row.code: row for row in Instrument.objects.select_related("ended_by")}
    texts: dict[str, content.Text] = {}
    while wanted := {code for code in wanted if code} - set(texts):
        for code in wanted:
            texts[code] = _text(rows[code])
        wanted = {texts[code].force.ended_by for code in wanted}
    return texts


def sheet_of(version: Any) -> sheets.Sheet:
    """The content of a loaded version without what nobody is sure of."""
    article = version.edition.article
    rows = [row for row in version.statements.all() if row.mark != Mark.UNSURE]
    return sheets.Sheet(
        topic=article.topic, lang=version.edition.language, theme=article.theme.code,
        title=_clean(version.title), question=_clean(version.question),
        keywords=[word for word in map(_clean, version.keywords) if word],
        intake=list(article.intake), four_eyes=article.four_eyes, checked=version.checked_on,
        sections={
            name: [_line(row) for row in rows if row.section == name] for name in sheets.SECTIONS
        },
    )  # fmt: skip


def _inward(one: content.Article, topics: Collection[str]) -> content.Article:
    """The article to read instead is named only when it is in the bundle too."""
    force = one.force
    return one if force.instead in topics else replace(one, force=replace(force, instead=""))


def _edition(version: Version, earlier: dict[int, list[str]]) -> content.Edition:
    sheet = sheet_of(version)
    before = [one for one in earlier.get(version.edition_id, []) if one != digest(sheet)]
    return content.Edition(
        sheet, version.number, _clean(version.reviewer_name) or "?", version.reviewed_on or version.checked_on,
        _clean(version.bulletin_checked), tuple(dict.fromkeys(before)),
    )  # fmt: skip


def _earlier(editions: Iterable[int]) -> dict[int, list[str]]:
    """Digests of what readers of these editions saw before, by edition, the oldest first."""
    retired = Version.objects.whole().filter(
        edition__in=set(editions), published_at__isnull=False, current_of=None
    )
    found: dict[int, list[str]] = {}
    for version in retired.order_by("edition", "number"):
        found.setdefault(version.edition_id, []).append(digest(sheet_of(version)))
    return found


def _line(row: Any) -> sheets.Line:
    cited = [sheets.Place(c.instrument.code, _clean(c.place)) for c in row.citations.all()]
    return sheets.Line(key=row.key, mark=row.mark, citations=cited, text=_clean(row.text))


def _text(row: Any) -> content.Text:
    names = {name: _clean(getattr(row, name)) for name in content.NAMES}
    return content.Text(
        code=row.code, kind=row.kind, number=_clean(row.number), day=row.day, mark=row.mark,
        force=_force(row), **names,
    )  # fmt: skip


def _force(row: Any) -> content.Force:
    """Of an article or of a text."""
    successor = getattr(row, "successor", None)
    return content.Force(
        row.in_force_from, row.in_force_until, row.is_ended,
        row.ended_by.code if row.ended_by else "", successor.topic if successor else "",
        tuple(getattr(row, "territory", ())),
    )  # fmt: skip


def _clean(text: str) -> str:
    """As the other side takes it: one sign for the end of a line, no controls."""
    kept = (sign for sign in text.replace("\r\n", "\n") if sign == "\n" or not is_strange(sign))
    return "".join(kept).strip()
