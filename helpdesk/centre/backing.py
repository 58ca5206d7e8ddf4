"""What becomes of a backup is noted: begun, proved, failed, restored as a drill, deleted when old."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db.models import F

from helpdesk.centre.models import Backup, Beat
from helpdesk.centre.querysets import BackupQuerySet

LEASE = timedelta(hours=1)
"""A backup that neither ended nor failed after so long was killed."""
TRIES = 3


def begin(*, at: datetime) -> Backup:
    """One that somebody asked for."""
    return Backup.objects.create(started_at=at)


def begin_night(night: date, *, at: datetime) -> Backup | None:
    """The night's own backup, once a night among all processes; again after a failure, three times at most.

    None when another process has it, or when it was done.
    """
    row, made = Backup.objects.get_or_create(night=night, defaults={"started_at": at, "tries": 1})
    if made:
        return row
    again = Backup.objects.filter(
        pk=row.pk, verified_at=None, tries=row.tries, tries__lt=TRIES, started_at__lte=at - LEASE
    )
    if not again.update(started_at=at, ended_at=None, failure="", tries=F("tries") + 1):
        return None
    row.refresh_from_db()
    return row


def begun(pk: int) -> Backup:
    """The row that a sweep began."""
    return Backup.objects.get(pk=pk)


def newest() -> BackupQuerySet:
    """Verified ones whose file was not deleted, the newest first."""
    return Backup.objects.verified().exclude(file="")


def last_failure() -> str:
    """Why the last one failed, in words; empty when it did not."""
    last = Backup.objects.exclude(ended_at=None).order_by("-ended_at", "-pk").first()
    return str(last.get_failure_display()) if last else ""


def last_drill() -> datetime | None:
    """When a backup was last restored elsewhere and found equal."""
    row = Backup.objects.drilled().first()
    return row.drilled_at if row else None


def finish(row: Backup, *, file: str, size: int, sha256: str, at: datetime) -> None:
    """It was written, read again and found to be what it should be."""
    Backup.objects.filter(pk=row.pk).update(
        file=file, size=size, sha256=sha256, ended_at=at, verified_at=at, failure=""
    )


def fail(row: Backup, failure: str, *, at: datetime) -> None:
    Backup.objects.filter(pk=row.pk).update(ended_at=at, failure=failure)


def drill(row: Backup, *, at: datetime) -> None:
    """It was restored in another place and was the same."""
    Backup.objects.filter(pk=row.pk).update(drilled_at=at)


def restored(*, started_at: datetime, file: str, at: datetime) -> None:
    """This very database came out of `file`: its row was not yet finished when it was copied."""
    Backup.objects.filter(started_at=started_at, verified_at=None).update(
        file=file, ended_at=at, verified_at=at, drilled_at=at, failure=""
    )


def forget(file: str) -> None:
    """The file was deleted; that it was there stays."""
    Backup.objects.filter(file=file).update(file="")


def note_beats(ran: Mapping[str, datetime], failed: Mapping[str, datetime]) -> None:
    """When each sweep ran last and failed last, as one process saw it."""
    Beat.objects.bulk_create(
        [Beat(sweep=sweep, ran_at=at) for sweep, at in sorted(ran.items())],
        update_conflicts=True, unique_fields=["sweep"], update_fields=["ran_at"],
    )  # fmt: skip
    for sweep, at in failed.items():
        Beat.objects.filter(sweep=sweep).update(failed_at=at)


def beats() -> dict[str, Beat]:
    return {beat.sweep: beat for beat in Beat.objects.all()}
