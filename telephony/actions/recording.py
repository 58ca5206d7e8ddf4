"""Sound in numbered pieces: a message a caller leaves, a talk recorded with the caller's consent.

A page sends pieces under their numbers until each is answered; a repeat changes nothing. When the page
tells the end, or nothing came for a minute, the pieces are joined in the order of their numbers up to
the first hole. The sound is deleted when its time is over; what it was stays told.

A caller may take the consent back at any moment: what was recorded until then is closed and kept for its
time, and not a piece more is taken.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, Sum
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from helpdesk.accounts.actions import audit
from helpdesk.associations import actions as associations
from helpdesk.associations.models import Consent
from helpdesk.files.actions import keep, remove
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.errors import Refusal
from helpdesk.tickets.rules import Kind as EntryKind
from telephony import providers, sounds
from telephony.actions import calling
from telephony.actions.noting import Source, moved
from telephony.facts import State
from telephony.models import Call, Leg
from telephony.recordings import Piece, Recording

PIECE = 64 * 1024
"""Bytes of one piece at most; a second of speech has 3 200."""
MOST = {Recording.Kind.VOICEMAIL: 4 * 1024 * 1024, Recording.Kind.TALK: 64 * 1024 * 1024}
LONGEST = {Recording.Kind.VOICEMAIL: timedelta(minutes=5), Recording.Kind.TALK: timedelta(hours=4)}
MOST_PIECES = 30_000
"""Of a recording of the longest talk, at two a second."""
FORGOTTEN = timedelta(seconds=60)
"""Nothing came for so long: the page is gone, and what is there is the recording."""
AGAIN_WITHIN = timedelta(minutes=10)
"""So long after the end of its call a page that had lost its connection may send its sound once more."""


class NotRecorded(Refusal):
    def __init__(self) -> None:
        super().__init__(_("The caller has not agreed to a recording."))


class Over(Refusal):
    """The recording has ended; a page that still has sound begins another part."""

    def __init__(self) -> None:
        super().__init__(_("This recording has ended."))


class TooLarge(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _("The message is too long: at most 5 minutes. What was said until here is kept.")
        )


class TooLong(TooLarge):
    """As TooLarge, of a talk."""

    def __init__(self) -> None:
        Refusal.__init__(self, _("The recording is too long. What was said until here is kept."))


class NotSound(Refusal):
    def __init__(self) -> None:
        super().__init__(_("This is no sound recording that we can take. Nothing was kept."))


class Incomplete(Exception):
    """Pieces have not arrived yet; `missing` are their numbers."""

    def __init__(self, missing: list[int]) -> None:
        super().__init__(missing)
        self.missing = missing


def may_record(call: Call) -> bool:
    """Whether this talk may be recorded: it is switched on, and the caller agreed and still does."""
    consent = call.recording_consent
    return bool(settings.RECORD_CALLS and consent is not None and consent.withdrawn_at is None)


@transaction.atomic
def begin(leg: Leg, kind: Recording.Kind, *, at: datetime) -> Recording:
    """A page begins to record: always a part of its own. Raises NotRecorded, Over.

    A part of the same page that is still open ends. Not one of another page: after a transfer the first
    advisor's last pieces may still be on their way.
    """
    call = (
        Call.objects.select_for_update(of=("self",))
        .select_related("recording_consent")
        .get(pk=leg.call_id)
    )
    if kind == Recording.Kind.TALK and not (may_record(call) and _is_advisors(leg)):
        raise NotRecorded
    if not _may_begin(call, leg, kind, at=at):
        raise Over
    for before in call.recordings.filter(kind=kind, leg=leg, ended_at=None):
        _finish(before, at=at)
    return Recording.objects.create(
        call=call, leg=leg, kind=kind, part=call.recordings.filter(kind=kind).count() + 1,
        consent=call.recording_consent if kind == Recording.Kind.TALK else None,
        began_at=at, moved_at=at,
    )  # fmt: skip


def _is_advisors(leg: Leg) -> bool:
    """Who only listens, or is asked, records nothing."""
    return leg.role == Leg.Role.ADVISOR and leg.turn > 0


def _may_begin(call: Call, leg: Leg, kind: str, *, at: datetime) -> bool:
    is_talk = kind == Recording.Kind.TALK
    if call.is_live:
        return leg.is_here or not is_talk
    return (is_talk or call.state == State.VOICEMAIL) and (
        call.ended_at is not None and at - call.ended_at < AGAIN_WITHIN
    )


def withdraw(call: Call, *, at: datetime) -> bool:
    """The caller does not want to be recorded any more: recording ends now. False when nothing was agreed."""
    with transaction.atomic():
        held = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
        consent = held.recording_consent
        if consent is None or consent.withdrawn_at is not None:
            return False
        associations.withdraw_consent(consent.person, purpose=Consent.Purpose.RECORDING, at=at)
        for under_way in held.recordings.filter(kind=Recording.Kind.TALK, ended_at=None):
            _finish(under_way, at=at)
        held.refresh_from_db()
        providers.of(held).arrange(held, at=at)
        moved(held, board=False)
    call.refresh_from_db()
    return True


def keep_piece(recording: Recording, number: int, content: bytes, *, at: datetime) -> None:
    """Keep one piece; its number says where it belongs. Raises Over, TooLarge, NotSound, NotRecorded."""
    kind = Recording.Kind(recording.kind)
    if number == 0 and sounds.kind_of(content[:64]) is None:
        raise NotSound
    too_much = TooLarge if kind == Recording.Kind.VOICEMAIL else TooLong
    if len(content) > PIECE or number > _most_pieces(kind) or not content:
        raise too_much
    with transaction.atomic():
        rows = Recording.objects.filter(pk=recording.pk, ended_at=None)
        if not rows.filter(Q(consent=None) | Q(consent__withdrawn_at=None)).update(moved_at=at):
            raise NotRecorded if rows.exists() else Over
        others = recording.pieces.exclude(number=number)
        have = others.aggregate(size=Sum(Length("content")))["size"] or 0
        if have + len(content) > MOST[kind]:
            raise too_much
        Piece.objects.bulk_create(
            [Piece(recording=recording, number=number, content=content)], ignore_conflicts=True
        )


def _most_pieces(kind: Recording.Kind) -> int:
    """A page makes one a second, large ones are cut: twice as many are too long a message."""
    return 2 * int(LONGEST[kind].total_seconds())


def still_there(recording: Recording, *, at: datetime) -> None:
    """A page that pauses is heard of. Raises Over."""
    if not Recording.objects.filter(pk=recording.pk, ended_at=None).update(moved_at=at):
        raise Over


def arrived(recording: Recording) -> list[int]:
    """Numbers of the pieces that are here."""
    return list(recording.pieces.order_by("number").values_list("number", flat=True))


@transaction.atomic
def end(recording: Recording, *, pieces: int, at: datetime) -> Recording:
    """The page tells the end, having made so many pieces. A repeat is harmless. Raises Incomplete."""
    held = _held(recording)
    if held.ended_at is None:
        missing = sorted(set(range(pieces)) - set(arrived(held)))
        if missing:
            raise Incomplete(missing[:100])
        _finish(held, at=at)
    return held


def close_forgotten(*, at: datetime) -> int:
    """Sweep: recordings of which nothing was heard for a minute are what has arrived."""
    done = 0
    rows = Recording.objects.filter(ended_at=None, moved_at__lt=at - FORGOTTEN)
    for recording in rows[:50]:
        with transaction.atomic():
            held = _held(recording)
            if held.ended_at is None and held.moved_at < at - FORGOTTEN:
                _finish(held, at=at)
                done += 1
    return done


def delete_old(*, at: datetime) -> int:
    """Sweep: sound older than it may be kept is deleted; size and SHA-256 stay as proof."""
    oldest = at - timedelta(days=settings.RECORDING_DAYS)
    rows = Recording.objects.filter(ended_at__lt=oldest, deleted_at=None).exclude(file=None)
    return sum(delete(one, why="retention", at=at) for one in rows[:100])


@transaction.atomic
def delete(recording: Recording, *, why: str, at: datetime, by: Any = None) -> bool:
    """Delete the sound of a recording, with proof; False when it was deleted before."""
    held = _held(recording)
    stored = held.file
    if stored is None:
        return False
    held.proof = {
        "size": stored.size, "sha256": stored.sha256, "why": why,
        "kept_days": (at - (held.ended_at or at)).days,
    }  # fmt: skip
    held.file, held.deleted_at = None, at
    held.save(update_fields=["file", "deleted_at", "proof"])
    stored.entries.clear()
    remove(stored)
    audit("deleted-recording", by=by, at=at, subject=held, reason=why, facts=held.proof)
    return True


def _held(recording: Recording) -> Recording:
    Call.objects.select_for_update().get(pk=recording.call_id)
    return Recording.objects.select_related("call__ticket", "file", "leg").get(pk=recording.pk)


def _finish(recording: Recording, *, at: datetime) -> None:
    """Join what has arrived, keep it as a file, show it on the request, and drop the pieces."""
    parts: list[bytes] = []
    for piece in recording.pieces.order_by("number"):
        if piece.number != len(parts):
            break
        parts.append(bytes(piece.content))
    sound = b"".join(parts)
    recording.pieces.all().delete()
    recording.ended_at = at
    kind = sounds.kind_of(sound[:64])
    if kind is not None:
        seconds = sounds.seconds_of(sound, kind)
        recording.seconds = max(1, round(seconds))
        name = f"{recording.kind}-{recording.call_id}-{recording.part}.{kind.ending}"
        recording.file = keep(
            name, sounds.with_length(sound, kind, seconds), content_type=kind.content_type, at=at
        )
    recording.save(update_fields=["ended_at", "seconds", "file"])
    if recording.file is not None:
        show(recording, at=at)


def show(recording: Recording, *, at: datetime) -> None:
    """A recording that is whole stands on its request."""
    call = recording.call
    if call.ticket is not None:
        entry(
            call.ticket, EntryKind.CALL, at=at, by=recording.leg.user, public=False,
            files=[recording.file], key=f"recording:{recording.pk}",
            data={"call": call.pk, "direction": call.direction, "line": call.line,
                  "act": recording.kind, "seconds": recording.seconds},
        )  # fmt: skip
    if recording.kind == Recording.Kind.VOICEMAIL and not call.has_voice:
        calling.left_message(call, at=at, source=Source.BROWSER)
