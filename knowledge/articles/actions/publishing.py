"""From a draft to what readers see: handed in, read by a second person, published now or on a day.

Nobody publishes their own words: whoever wrote any part of a version is one of its writers.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from knowledge.articles import checking, parts, sheets, working
from knowledge.articles.actions import demand_signature, digest, publish, write_version
from knowledge.articles.actions.drafting import InReview, NoDraft, Unsettled, note
from knowledge.articles.actions.reviewing import Refused
from knowledge.articles.checking import Check, Known
from knowledge.articles.draft_models import Draft
from knowledge.articles.models import Edition, Instrument, Version
from knowledge.articles.rules import Section, State
from knowledge.articles.validity import UpkeepAct
from knowledge.articles.working import Desk, Working

BATCH = 20


class NotReady(Refused):
    def __init__(self, checks: list[Check]) -> None:
        super().__init__(_("The list of checks still names what has to be mended."))
        self.checks = checks


class NothingNew(Refused):
    def __init__(self) -> None:
        super().__init__(_("It says what readers see already."))


class NotInReview(Refused):
    def __init__(self) -> None:
        super().__init__(_("This version is not in review any more."))


class OwnWords(Refused):
    def __init__(self) -> None:
        super().__init__(_("Nobody publishes their own words: somebody else has to read them."))


class PastDay(Refused):
    def __init__(self) -> None:
        super().__init__(_("Choose a moment to come."))


def known(texts: Iterable[Instrument] | None = None) -> Known:
    """What may be cited, and what of it is over today."""
    rows = Instrument.objects.all() if texts is None else texts
    return Known({text.code: text.is_over for text in rows})


def to_check(desk: Desk, language: str, known: Known, *, on: date) -> list[Check]:
    """The list of checks of one language of an article."""
    work = desk[language]
    apart = {name: one.drift.label for name, one in desk.drifted.items() if one.is_apart}
    found = checking.checks(work.texts, known, on=on, apart=apart, review_on=desk.article.review_on)
    if work.draft is not None and work.draft.base_id != (work.shown.pk if work.shown else None):
        found.append(Check(False, "", _("Readers see a newer version than this draft began from.")))
    return found


@transaction.atomic
def submit(draft: Draft, *, by: Any, at: datetime, why: str) -> Version:
    """Hand the draft in: a version in review is made of it, and the draft rests.

    Raises NoDraft, InReview, Unsettled, NotReady and NothingNew.
    """
    draft = _locked(draft)
    desk, language = working.desk(draft.edition.article), draft.edition.language
    work = desk[language]
    if work.unsettled:
        raise Unsettled
    found = to_check(desk, language, known(), on=timezone.localtime(at).date())
    if checking.stops(found):
        raise NotReady(found)
    sheet = _sheet(draft, _with_keys(draft, work, at=at))
    if work.shown is not None and work.shown.digest == digest(sheet):
        raise NothingNew
    instruments = {text.code: text for text in Instrument.objects.all()}
    version = write_version(draft.edition, sheet, instruments, at=at)
    version.state, version.author = State.REVIEW, by
    version.save(update_fields=["state", "author"])
    version.writers.set({*draft.writers.all(), by})
    draft.handed_in = version
    draft.save(update_fields=["handed_in"])
    _told(UpkeepAct.SUBMITTED, version, by=by, at=at, why=why)
    return version


@transaction.atomic
def send_back(version: Version, *, by: Any, at: datetime, why: str) -> None:
    """The draft is open for writing again; a writer who does so takes it back. Raises NotInReview."""
    moved = Version.objects.filter(pk=version.pk, state=State.REVIEW).update(
        state=State.RETURNED, publish_at=None, released_by=None
    )
    if not moved:
        raise NotInReview
    Draft.objects.filter(handed_in=version).update(handed_in=None)
    act = UpkeepAct.WITHDRAWN if is_writer(version, by) else UpkeepAct.RETURNED
    _told(act, version, by=by, at=at, why=why)


@transaction.atomic
def release(
    version: Version, *, by: Any, at: datetime, why: str, publish_at: datetime | None = None
) -> Version:
    """A second person read it: readers see it now, or from `publish_at` on.

    Raises OwnWords, NotInReview, PastDay and NotSigned.
    """
    if is_writer(version, by):
        raise OwnWords
    demand_signature(version)
    if publish_at is not None and publish_at <= at:
        raise PastDay
    if publish_at is None:
        return _published(version, by=by, at=at, why=why)
    moved = Version.objects.filter(pk=version.pk, state=State.REVIEW).update(
        publish_at=publish_at, released_by=by
    )
    if not moved:
        raise NotInReview
    version.refresh_from_db()
    _told(
        UpkeepAct.SCHEDULED, version, by=by, at=at, why=why,
        after={"publish_at": publish_at.isoformat()},
    )  # fmt: skip
    return version


@transaction.atomic
def hold(version: Version, *, by: Any, at: datetime, why: str) -> None:
    """The day of publishing is taken back; it stays in review. Raises NotInReview."""
    found = Version.objects.filter(pk=version.pk, state=State.REVIEW).exclude(publish_at=None)
    if not found.update(publish_at=None, released_by=None):
        raise NotInReview
    _told(UpkeepAct.HELD, version, by=by, at=at, why=why)


def publish_due(*, at: datetime) -> int:
    """The sweep's act: publish what a second person released for a moment that has come; how many."""
    due = Version.objects.filter(state=State.REVIEW, publish_at__lte=at).order_by("publish_at")
    done = 0
    for version in list(due.select_related("released_by", "edition__article")[:BATCH]):
        try:
            with transaction.atomic():
                _published(version, by=version.released_by, at=at, why="", due=True)
            done += 1
        except NotInReview:  # another worker was first, or it was taken back
            continue
    return done


def is_writer(version: Version, user: Any) -> bool:
    """Whether words of that person stand in it."""
    return version.author_id == user.pk or version.writers.filter(pk=user.pk).exists()


def _published(version: Version, *, by: Any, at: datetime, why: str, due: bool = False) -> Version:
    edition = Edition.objects.select_for_update().get(pk=version.edition_id)
    wanted = Version.objects.filter(pk=version.pk, state=State.REVIEW)
    if due:
        wanted = wanted.filter(publish_at__lte=at)
    if not wanted.update(released_by=by):
        raise NotInReview
    fresh = Version.objects.select_related("edition__article").get(pk=version.pk)
    fresh.edition = edition
    publish(fresh, at=at)
    Draft.objects.filter(handed_in=version).update(ended_at=at)
    _told(UpkeepAct.PUBLISHED, fresh, by=by, at=at, why=why)
    return fresh


def _locked(draft: Draft) -> Draft:
    fresh = Draft.objects.open().select_for_update().filter(pk=draft.pk).first()
    if fresh is None:
        raise NoDraft
    if fresh.handed_in_id is not None:
        raise InReview
    return fresh


def _with_keys(draft: Draft, work: Working, *, at: datetime) -> dict[str, str]:
    """The texts with a key for every statement, new ones unlike any of both languages; kept so."""
    both = working.desk(draft.edition.article).works
    taken = {
        row.key
        for one in both.values() for section in Section.values
        for row in parts.items(one.text(section))
        if row.key
    }  # fmt: skip
    texts = dict(work.texts)
    for section in Section.values:
        rows = parts.with_keys(section, parts.items(texts.get(section, "")), taken=taken)
        taken |= {row.key for row in rows}
        texts[section] = parts.typed(rows)
        if texts[section] != work.text(section):
            row = work.rows[section]
            row.text, row.number, row.at = texts[section], row.number + 1, at
            row.save(update_fields=["text", "number", "at"])
    return texts


def _sheet(draft: Draft, texts: Mapping[str, str]) -> sheets.Sheet:
    """The draft as the library writes versions: checked before, so every part can be read."""
    article = draft.edition.article
    day = parts.day(texts["checked"])
    assert day is not None
    return sheets.Sheet(
        topic=article.topic, lang=draft.edition.language, theme=article.theme.code,
        title=texts["title"].strip(), question=texts["question"].strip(),
        keywords=parts.keywords(texts["keywords"]), intake=article.intake,
        four_eyes=article.four_eyes, checked=day,
        sections={
            section: [
                sheets.Line(
                    key=row.key, mark=row.mark, text=row.text,
                    citations=[sheets.Place(code, place) for code, place in row.places],
                )
                for row in parts.items(texts[section])
            ]
            for section in Section.values
        },
    )  # fmt: skip


def _told(
    act: UpkeepAct, version: Version, *, by: Any, at: datetime, why: str, **more: Any
) -> None:
    note(act, article=version.edition.article, version=version, by=by, at=at, why=why, **more)
