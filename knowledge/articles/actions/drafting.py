"""Writing a draft: begin it, save its parts so that no text is lost, settle what stands beside, drop it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from knowledge.articles import parts, working
from knowledge.articles.actions.reviewing import Refused
from knowledge.articles.draft_models import Beside, Draft, DraftPart, Pairing
from knowledge.articles.models import Article, Edition, Theme, Upkeep, Version
from knowledge.articles.validity import UpkeepAct

LONGEST = 30_000
"""Characters of one part."""


class InReview(Refused):
    def __init__(self) -> None:
        super().__init__(_("It is in review: take it back first, then go on writing."))


class NoDraft(Refused):
    def __init__(self) -> None:
        super().__init__(_("There is no draft any more: it was published or dropped."))


class Unsettled(Refused):
    def __init__(self) -> None:
        super().__init__(_("A second text stands beside a part: settle it first."))


class Moved(Refused):
    def __init__(self) -> None:
        super().__init__(_("The text changed in the meantime: read it again."))


@dataclass(frozen=True)
class Saved:
    """`beside` is set when somebody else was first: both texts are kept, `part` holds theirs."""

    part: DraftPart
    beside: Beside | None = None
    is_in_review: bool = False


@transaction.atomic
def begin_draft(
    theme: str, titles: Mapping[str, str], texts: Mapping[str, str], *, by: Any, at: datetime,
    questions: Mapping[str, str] | None = None, why: str = "",
) -> Article:  # fmt: skip
    """A new article as drafts only: readers see nothing of it until a second person publishes it.

    `titles` and `texts` by language (`ar`, `fr`; one is enough). A text is plain words without any
    person's name: each line becomes a statement that nobody is sure of yet, so the editor has to give
    each its mark and citation. `theme` is a letter; raises Theme.DoesNotExist.
    """
    languages = [one for one in ("ar", "fr") if titles.get(one) or texts.get(one)]
    if not languages:
        raise ValueError("a draft needs a title or a text in Arabic or French")
    row = Theme.objects.get(code=theme)
    article = Article.objects.create(topic=_free_topic(titles.get("fr", "")), theme=row)
    today = timezone.localtime(at).date().isoformat()
    for language in languages:
        edition = Edition.objects.create(article=article, language=language)
        given = {
            "title": titles.get(language, "")[:200],
            "question": (questions or {}).get(language, "")[:300],
            "checked": today,
            "in-short": parts.plain(texts.get(language, ""))[:LONGEST],
        }
        _lay(edition, given, base=None, by=by, at=at)
    note(UpkeepAct.BEGUN, article=article, by=by, at=at, why=why)
    return article


@transaction.atomic
def open_draft(edition: Edition, *, by: Any, at: datetime) -> Draft:
    """The open draft of the edition; begun from what readers see when there is none."""
    found = Draft.objects.open().of_edition(edition).first()
    if found is not None:
        return found
    base = working.shown(edition)
    try:
        with transaction.atomic():
            draft = _lay(edition, parts.of_version(base) if base else {}, base=base, by=by, at=at)
    except IntegrityError:  # somebody began it at the same moment
        return Draft.objects.open().of_edition(edition).get()
    note(UpkeepAct.BEGUN, article=edition.article, by=by, at=at, version=base)
    return draft


@transaction.atomic
def save_part(edition: Edition, name: str, text: str, *, seen: str, by: Any, at: datetime) -> Saved:
    """Keep what was typed of one part. `seen` is the stamp of the text it was typed over.

    Who comes second loses nothing: their text is kept beside, once a person and part, until it is
    settled. Nothing is written for a text that says what is saved already.
    """
    text = _clean(text)
    draft = open_draft(edition, by=by, at=at)
    part = draft.parts.get(name=name)
    if text == part.text:
        return Saved(part, is_in_review=draft.handed_in_id is not None)
    if draft.handed_in_id is not None:
        return Saved(part, _keep_beside(part, text, by=by, at=at), is_in_review=True)
    if working.was_seen(draft, part, seen):
        won = DraftPart.objects.filter(pk=part.pk, number=part.number).update(
            text=text, number=F("number") + 1, by=by, at=at
        )
        if won:
            draft.writers.add(by)
            part.refresh_from_db()
            return Saved(part)
    part.refresh_from_db()
    return Saved(part, _keep_beside(part, text, by=by, at=at))


@transaction.atomic
def settle(beside: Beside, text: str | None, *, number: int, by: Any, at: datetime) -> DraftPart:
    """One text for the part: `text` merged of both, or (None) what is saved stays.

    Raises Moved when the part was saved again since `number`, InReview and NoDraft.
    """
    part = DraftPart.objects.select_for_update().select_related("draft").get(pk=beside.part_id)
    if part.draft.ended_at is not None:
        raise NoDraft
    if text is not None:
        if part.draft.handed_in_id is not None:
            raise InReview
        if part.number != number:
            raise Moved
        part.text, part.number, part.by, part.at = _clean(text), part.number + 1, by, at
        part.save(update_fields=["text", "number", "by", "at"])
        part.draft.writers.add(by, beside.by)
    Beside.objects.filter(pk=beside.pk, settled_at=None).update(settled_by=by, settled_at=at)
    return part


@transaction.atomic
def restore(version: Version, *, by: Any, at: datetime, why: str) -> Draft:
    """A draft that says what an older version said; words nobody published yet are kept beside.

    Raises InReview and Unsettled.
    """
    draft = open_draft(version.edition, by=by, at=at)
    if draft.handed_in_id is not None:
        raise InReview
    if Beside.objects.filter(part__draft=draft, settled_at=None).exists():
        raise Unsettled
    said = parts.of_version(version)
    for part in draft.parts.select_for_update():
        if part.text == said[part.name]:
            continue
        if part.by is not None and part.text.strip():
            _keep_beside(part, part.text, by=part.by, at=part.at)
        part.text, part.number, part.by, part.at = said[part.name], part.number + 1, by, at
        part.save(update_fields=["text", "number", "by", "at"])
    draft.writers.add(by)
    note(
        UpkeepAct.RESTORED, article=version.edition.article, version=version, by=by, at=at, why=why
    )
    return draft


@transaction.atomic
def drop(draft: Draft, *, by: Any, at: datetime, why: str) -> None:
    """Readers keep what they see; the draft's words stay stored. Raises InReview and NoDraft."""
    if draft.handed_in_id is not None:
        raise InReview
    if not Draft.objects.open().filter(pk=draft.pk, handed_in=None).update(ended_at=at):
        raise NoDraft
    note(UpkeepAct.DROPPED, article=draft.edition.article, by=by, at=at, why=why)


@transaction.atomic
def pair(
    article: Article, name: str, *, arabic: str, french: str, by: Any, at: datetime
) -> Pairing:
    """Somebody read both languages of a part together and says that they say the same.

    `arabic` and `french` are the stamps of what was read; raises Moved when either is another text now.
    """
    both = working.desk(article)
    if both["ar"].stamp(name) != arabic or both["fr"].stamp(name) != french:
        raise Moved
    row = Pairing.objects.create(
        article=article, name=name, arabic=both["ar"].text(name), french=both["fr"].text(name),
        by=by, at=at,
    )  # fmt: skip
    note(UpkeepAct.PAIRED, article=article, by=by, at=at, after={"part": name})
    return row


def note(act: UpkeepAct, *, why: str = "", **fields: Any) -> Upkeep:
    """One row of the article's history: who, when and why."""
    return Upkeep.objects.create(act=act, why=why[:300], **fields)


def _lay(edition: Edition, given: Mapping[str, str], *, base: Any, by: Any, at: datetime) -> Draft:
    draft = Draft.objects.create(edition=edition, base=base, begun_by=by, begun_at=at)
    draft.writers.add(by)
    DraftPart.objects.bulk_create(
        DraftPart(draft=draft, name=name, text=given.get(name, ""), at=at) for name in parts.NAMES
    )
    return draft


def _keep_beside(part: DraftPart, text: str, *, by: Any, at: datetime) -> Beside:
    row, _made = Beside.objects.update_or_create(
        part=part, by=by, settled_at=None, defaults={"text": text, "at": at}
    )
    return row


def _clean(text: str) -> str:
    """As it is kept: one kind of line end, nothing that a database refuses, no endless text."""
    return text.replace("\r\n", "\n").replace("\x00", "")[:LONGEST].rstrip()


def _free_topic(title: str) -> str:
    """`T40-receipt`: the next number and words of the title, for the address."""
    numbers = [
        int(topic[1:].split("-")[0])
        for topic in Article.objects.values_list("topic", flat=True)
        if topic[1:].split("-")[0].isdigit()
    ]
    words = slugify(title)[:28].strip("-") or "new"
    return f"T{max(numbers, default=0) + 1:02d}-{words}"
