"""Keeping the library true: validity, owner and next review, signatures, what changes advice.

Each act writes one row of history with its reason. Nothing is unpublished here: what is no longer in
force stays readable and says so.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from knowledge.articles.models import Article, Instrument, Upkeep, Version
from knowledge.articles.rules import State
from knowledge.articles.validity import UpkeepAct

VALIDITY = ("in_force_from", "in_force_until", "is_ended", "ended_by")
ARTICLE_VALIDITY = (*VALIDITY, "successor", "territory")


class Refused(Exception):
    """An act on the library that cannot be, with words for the person."""


class OwnText(Refused):
    def __init__(self) -> None:
        super().__init__(_("Nobody signs their own text: somebody else has to read it."))


class SignedAlready(Refused):
    def __init__(self) -> None:
        super().__init__(_("This version was signed in the meantime."))


class NotShown(Refused):
    def __init__(self) -> None:
        super().__init__(_("This version is no longer the one readers see."))


class NothingBefore(Refused):
    def __init__(self) -> None:
        super().__init__(_("This is the first version: no answer was given from an older one."))


@transaction.atomic
def set_validity(
    of: Article | Instrument, given: Mapping[str, Any], *, by: Any, at: datetime, why: str
) -> bool:
    """Set when it is in force, who ended it and (of an article) what to read instead and where it holds.

    False when that was so already: then nothing is written. `given` has the names of VALIDITY, of an
    article of ARTICLE_VALIDITY.
    """
    names = ARTICLE_VALIDITY if isinstance(of, Article) else VALIDITY
    fresh = _locked(of)
    before, after = _plain(fresh, names), {name: _value(given[name]) for name in names}
    if before == after:
        return False
    for name in names:
        setattr(fresh, name, given[name])
    kept = [*names]
    if isinstance(fresh, Article):
        fresh.validity_at, fresh.end_told_at = at, None
        kept += ["validity_at", "end_told_at"]
    fresh.save(update_fields=kept)
    about = {"article": fresh} if isinstance(fresh, Article) else {"instrument": fresh}
    _note(UpkeepAct.VALIDITY, by=by, at=at, why=why, before=before, after=after, **about)
    return True


@transaction.atomic
def assign(
    article: Article, *, owner: Any, review_on: date | None, by: Any, at: datetime, why: str = ""
) -> bool:
    """Say who sees to the next review and by when; False when that was so already."""
    return _assign(article, UpkeepAct.ASSIGNED, owner, review_on, by=by, at=at, why=why)


@transaction.atomic
def keep(article: Article, *, review_on: date, by: Any, at: datetime, why: str) -> None:
    """It was read again and is still right, as `why` says; the next review is by `review_on`."""
    _assign(article, UpkeepAct.REVIEWED, article.owner or by, review_on, by=by, at=at, why=why)


@transaction.atomic
def sign(version: Version, *, by: Any, at: datetime, bulletin: str) -> Version:
    """A named reviewer, not its author, vouches for a version that they read against `bulletin`.

    It is no longer provisional. Raises OwnText, NotShown (neither shown to readers nor in review) and
    SignedAlready.
    """
    if version.author_id == by.pk or version.writers.filter(pk=by.pk).exists():
        raise OwnText
    if version.state not in (State.PUBLISHED, State.REVIEW):
        raise NotShown
    with override(version.edition.language):
        name = by.shown_name
    day = timezone.localtime(at).date()
    moved = Version.objects.filter(pk=version.pk, reviewed_on=None, state=version.state).update(
        reviewer=by, reviewer_name=name[:120], reviewed_on=day, bulletin_checked=bulletin[:200]
    )
    if not moved:
        raise SignedAlready
    version.refresh_from_db()
    _note(
        UpkeepAct.SIGNED, by=by, at=at, why=bulletin, version=version,
        article=version.edition.article, after={"on": day.isoformat()},
    )  # fmt: skip
    return version


@transaction.atomic
def take_back_signature(version: Version, *, by: Any, at: datetime, why: str) -> Version:
    """The version is provisional again; who had signed stays in the history. Raises NotShown."""
    signed = Version.objects.filter(pk=version.pk).exclude(reviewed_on=None)
    row = signed.select_for_update().first()
    if row is None:
        raise NotShown
    before = {"by": row.reviewer_name, "on": row.reviewed_on.isoformat()}
    signed.update(reviewer=None, reviewer_name="", reviewed_on=None, bulletin_checked="")
    version.refresh_from_db()
    _note(
        UpkeepAct.UNSIGNED, by=by, at=at, why=why, version=version,
        article=version.edition.article, before=before,
    )  # fmt: skip
    return version


@transaction.atomic
def mark_changes_advice(
    version: Version, *, change_ar: str, change_fr: str, by: Any, at: datetime
) -> Version:
    """Answers given from older versions of the edition must be looked at again: a recall follows.

    The two texts tell askers what changes for them. Said once a version; raises NotShown and
    NothingBefore, and changes nothing when it was said already.
    """
    if version.state != State.PUBLISHED or version.pk != version.edition.current_id:
        raise NotShown
    if not version.edition.versions.filter(number__lt=version.number).exists():
        raise NothingBefore
    moved = Version.objects.filter(pk=version.pk, changes_advice=False).update(
        changes_advice=True, change_ar=change_ar[:600], change_fr=change_fr[:600]
    )
    version.refresh_from_db()
    if moved:
        _note(
            UpkeepAct.ADVICE, by=by, at=at, why=change_fr or change_ar, version=version,
            article=version.edition.article,
        )  # fmt: skip
    return version


def stamp_told(article: Article, field: str, *, at: datetime) -> bool:
    """Note that people were told of a due review, a late one or an end; False when somebody did so before."""
    return bool(Article.objects.filter(pk=article.pk, **{field: None}).update(**{field: at}))


def _assign(
    article: Article, act: UpkeepAct, owner: Any, review_on: date | None,
    *, by: Any, at: datetime, why: str,
) -> bool:  # fmt: skip
    names = ("owner", "review_on")
    fresh = Article.objects.select_for_update().get(pk=article.pk)
    before = _plain(fresh, names)
    after = {"owner": _value(owner), "review_on": _value(review_on)}
    if before == after and act == UpkeepAct.ASSIGNED:
        return False
    fresh.owner, fresh.review_on = owner, review_on
    fresh.review_told_at = fresh.late_told_at = None
    fresh.save(update_fields=[*names, "review_told_at", "late_told_at"])
    _note(act, by=by, at=at, why=why, article=fresh, before=before, after=after)
    return True


def _locked(of: Any) -> Any:
    """The row as it is now, nobody else's until the transaction ends."""
    return type(of).objects.select_for_update().get(pk=of.pk)


def _note(act: UpkeepAct, *, why: str, **fields: Any) -> Upkeep:
    return Upkeep.objects.create(act=act, why=why[:300], **fields)


def _plain(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _value(getattr(row, name)) for name in names}


def _value(value: Any) -> Any:
    """As it is kept in the history: days as text, rows by their name in addresses, people by their names."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Article):
        return value.topic
    if isinstance(value, Instrument):
        return value.code
    return getattr(value, "shown_name", value)
