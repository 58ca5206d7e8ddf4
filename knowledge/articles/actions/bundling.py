"""Libraries of other centres: keys trusted, bundles brought in, articles taken, signed here and opened.

What is taken is a version that waits for a reviewer of ours; readers see nothing of it before. Taking
the same again changes nothing, and what fails leaves nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from knowledge.articles import sheets
from knowledge.articles.actions import digest, lay_themes, publish, reviewing, write_version
from knowledge.articles.bundle_models import Bundle, Origin, TrustedKey
from knowledge.articles.bundles import content, differences, keys, opening
from knowledge.articles.bundles.refusals import UnknownKey
from knowledge.articles.models import Article, Edition, Instrument, Theme, Upkeep, Version
from knowledge.articles.rules import State
from knowledge.articles.validity import UpkeepAct


class OwnKey(reviewing.Refused):
    def __init__(self) -> None:
        super().__init__(_("This is the key of this centre."))


class OpenedAlready(reviewing.Refused):
    def __init__(self) -> None:
        super().__init__(_("This version no longer waits: somebody signed it or put it away."))


@transaction.atomic
def trust(key: str, *, centre: str, by: Any, at: datetime) -> tuple[TrustedKey, bool]:
    """Believe what the key signs from now on; False when it was trusted already. Raises OwnKey."""
    if key == keys.own():
        raise OwnKey
    given = {"centre": centre, "added_by": by, "added_at": at}
    row, made = TrustedKey.objects.get_or_create(key=key, defaults=given)
    if not made:
        again = {**given, "ended_at": None, "ended_by": None}
        made = bool(TrustedKey.objects.filter(pk=row.pk).exclude(ended_at=None).update(**again))
        row.refresh_from_db()
    return row, made


def end_trust(row: TrustedKey, *, by: Any, at: datetime) -> bool:
    """Nothing more is taken of what it signed; what was taken stays. False when it was so already."""
    return bool(TrustedKey.objects.trusted().filter(pk=row.pk).update(ended_by=by, ended_at=at))


@transaction.atomic
def receive(data: bytes, *, by: Any, at: datetime) -> tuple[Bundle, bool]:
    """Keep a bundle that a trusted key signed; False when it came before. Raises what opening raises."""
    trusted = {row.key: row for row in TrustedKey.objects.trusted()}
    found = opening.open_bundle(data, trusted=trusted)
    given = {
        "key": trusted[found.key], "centre_ar": found.centre.name_ar,
        "centre_fr": found.centre.name_fr, "made_on": found.made_on, "data": data,
        "came_at": at, "brought_by": by,
    }  # fmt: skip
    return Bundle.objects.get_or_create(sha=found.sha, defaults=given)


def opened(row: Bundle) -> opening.Bundle:
    """What is in it, while its key is trusted. Raises UnknownKey once trust has ended."""
    if row.key.ended_at is not None:
        raise UnknownKey(str(row), row.key.number)
    return opening.open_bundle(bytes(row.data), trusted=[row.key.key])


@transaction.atomic
def take(row: Bundle, chosen: Collection[str], *, by: Any, at: datetime) -> list[Version]:
    """Editions as versions that wait for our signature; `chosen` are `TOPIC.LANGUAGE`.

    What cannot be taken, waits already or is what readers see here is passed over.
    """
    bundle = opened(row)
    topics = {code.rpartition(".")[0] for code in chosen}
    wanted = [one for one in differences.rows(bundle, topics) if one.code in chosen]
    wanted = [one for one in wanted if one.is_takable]
    if not wanted:
        return []
    texts = _lay_texts(bundle, wanted)
    articles = _lay_articles(wanted, texts)
    taken = []
    for one in wanted:
        version = _take_one(one, articles[one.topic], texts, at=at)
        if version is not None:
            _note(one, version, row, by=by, at=at)
            taken.append(version)
    return taken


@transaction.atomic
def sign_and_open(version: Version, *, by: Any, at: datetime, bulletin: str) -> Version:
    """A reviewer of ours vouches for what was taken, and readers see it.

    Raises OpenedAlready and what reviewing.sign raises.
    """
    if not Version.objects.filter(pk=version.pk, state=State.REVIEW).exists():
        raise OpenedAlready
    return publish(reviewing.sign(version, by=by, at=at, bulletin=bulletin), at=at)


@transaction.atomic
def put_away(version: Version, *, by: Any, at: datetime, why: str) -> None:
    """Nobody will sign what was taken: it waits no more, and was never open. Raises OpenedAlready."""
    waiting = Version.objects.filter(pk=version.pk, state=State.REVIEW).exclude(origin=None)
    if not waiting.update(state=State.RETURNED, publish_at=None, released_by=None):
        raise OpenedAlready
    Upkeep.objects.create(
        act=UpkeepAct.PUT_AWAY, at=at, by=by, why=why, version=version,
        article=version.edition.article,
    )  # fmt: skip


def _lay_texts(bundle: opening.Bundle, wanted: Iterable[differences.Row]) -> dict[str, Instrument]:
    """The texts they lean on; one that is not known here waits out of the register. Ours stay as they are."""
    needed = _needed(bundle, wanted)
    rows = {row.code: row for row in Instrument.objects.filter(code__in=needed)}
    made = {}
    for code in sorted(needed - set(rows)):
        text = bundle.texts[code]
        given = {
            "kind": text.kind, "number": text.number, "day": text.day, "mark": text.mark,
            **{name: getattr(text, name) for name in content.NAMES}, **_force(text.force),
            "is_waiting": True,
        }  # fmt: skip
        rows[code], is_new = Instrument.objects.get_or_create(code=code, defaults=given)
        if is_new:
            made[code] = text
    for code, text in made.items():
        if text.force.ended_by:
            Instrument.objects.filter(code=code).update(ended_by=rows[text.force.ended_by])
    return rows


def _needed(bundle: opening.Bundle, wanted: Iterable[differences.Row]) -> set[str]:
    """Codes that are cited or ended an article, and in turn what ended those texts."""
    found: set[str] = set()
    fresh = {
        code
        for one in wanted
        for code in (
            one.article.force.ended_by,
            *(place.code for line in one.theirs.sheet.lines() for place in line.citations),
        )
    }
    while fresh := {code for code in fresh if code} - found:
        found |= fresh
        fresh = {bundle.texts[code].force.ended_by for code in fresh}
    return found


def _lay_articles(
    wanted: Iterable[differences.Row], texts: Mapping[str, Instrument]
) -> dict[str, Article]:
    """The articles, made where there are none, and nobody else's until the transaction ends.

    What an article is (its theme, when it is in force) is set for a new one only: of ours, we say it.
    """
    themes = {theme.code: theme for theme in Theme.objects.all()}
    instead = {}
    for topic, one in {row.topic: row.article for row in wanted}.items():
        themes = themes if one.theme in themes else lay_themes()
        given = {
            "theme": themes[one.theme], "four_eyes": one.four_eyes,
            "intake": [code for code in one.intake if code in sheets.INTAKE],
            "territory": list(one.force.territory), "ended_by": texts.get(one.force.ended_by),
            **_force(one.force),
        }  # fmt: skip
        _row, made = Article.objects.get_or_create(topic=topic, defaults=given)
        if made and one.force.instead:
            instead[topic] = one.force.instead
    for topic, other in instead.items():
        successor = Article.objects.filter(topic=other).first()
        Article.objects.filter(topic=topic).update(successor=successor)
    topics = {row.topic for row in wanted}
    held = Article.objects.select_for_update().filter(topic__in=topics).order_by("topic")
    return {row.topic: row for row in held}


def _force(force: content.Force) -> dict[str, Any]:
    return {
        "in_force_from": force.starts, "in_force_until": force.ends, "is_ended": force.is_ended
    }  # fmt: skip


def _take_one(
    one: differences.Row, article: Article, texts: Mapping[str, Instrument], *, at: datetime
) -> Version | None:
    """None when it waits already: somebody else took it between the look and the lock."""
    edition, _made = Edition.objects.get_or_create(article=article, language=one.language)
    same = edition.versions.filter(digest=digest(one.theirs.sheet))
    if same.filter(state__in=[State.REVIEW, State.PUBLISHED]).exclude(origin=None).exists():
        return None
    version = write_version(edition, one.theirs.sheet, texts, at=at)
    version.state = State.REVIEW
    version.save(update_fields=["state"])
    return version


def _note(one: differences.Row, version: Version, row: Bundle, *, by: Any, at: datetime) -> None:
    theirs = one.theirs
    Origin.objects.create(
        version=version, bundle=row, number=theirs.number, reviewer_name=theirs.reviewer,
        reviewed_on=theirs.reviewed_on, bulletin_checked=theirs.bulletin, taken_at=at, taken_by=by,
    )  # fmt: skip
    Upkeep.objects.create(
        act=UpkeepAct.TAKEN, at=at, by=by, why=row.key.centre, version=version,
        article=version.edition.article,
    )  # fmt: skip
