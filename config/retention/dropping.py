"""One row that is past its time goes, with everything that hangs on it."""

from datetime import datetime
from typing import Any

from helpdesk.associations.models import (
    LegalDeadline,
    Mandate,
    NameWord,
    Person,
    PersonMerge,
    Phone,
)
from helpdesk.files import actions as files
from helpdesk.files.models import StoredFile
from helpdesk.live.models import Draft
from helpdesk.notices.models import Notice
from helpdesk.supervision.models import KeptTally
from helpdesk.supervision.programme import tallies
from helpdesk.tickets.models import Answer, Entry, Ticket
from helpdesk.tickets.querysets import draft_place, message_place
from telephony.actions import recording as recordings
from telephony.models import CallPayload
from telephony.recordings import Recording


def recording(row: Any, *, at: datetime) -> None:
    recordings.delete(row, why="retention", at=at)


def payload(row: Any, *, at: datetime) -> None:
    row.delete()


def contact(row: Any, *, at: datetime) -> None:
    """The person becomes nobody: the row stays, so that figures tell persons apart as before.

    What was merged cannot be parted any more: what moved is kept with names.
    """
    own = Ticket.objects.filter(person=row)
    _notices(own)
    Phone.objects.filter(person=row).delete()
    NameWord.objects.filter(person=row).delete()
    Mandate.objects.filter(person=row).delete()
    PersonMerge.objects.filter(source=row).delete()
    PersonMerge.objects.filter(target=row).delete()
    own.update(contact_email="", contact_number="")
    Person.objects.filter(pk=row.pk).update(
        name="", other_name="", folded="", email="", changed_at=at, changed_by=None
    )


def address(row: Any, *, at: datetime) -> None:
    own = Ticket.objects.filter(pk=row.pk)
    _notices(own)
    own.update(contact_email="", contact_number="")


def ticket(row: Any, *, at: datetime) -> None:
    """First what figures count of it is kept, then all of it goes."""
    family = Ticket.objects.filter(pk=row.pk) | Ticket.objects.filter(merged_into=row)
    keys = list(family.values_list("pk", flat=True))
    family = Ticket.objects.filter(pk__in=keys)
    KeptTally.objects.bulk_create([tallies.packed(one) for one in tallies.of(family)])
    stored = list(StoredFile.objects.filter(entries__ticket__in=keys).distinct())
    for sound in Recording.objects.filter(call__ticket__in=keys).exclude(file=None):
        recordings.delete(sound, why="retention", at=at)
    CallPayload.objects.filter(call__ticket__in=keys).delete()
    _notices(family)
    places = [place for key in keys for place in (draft_place(key), message_place(key))]
    Draft.objects.filter(place__in=places).delete()
    LegalDeadline.objects.filter(ticket_id__in=keys).update(ticket_id=None)
    Answer.objects.filter(ticket__in=keys).update(entry=None)  # else its entry could not go
    Entry.objects.filter(ticket__in=keys).delete()
    family.delete()
    for one in stored:
        files.remove(one)


def _notices(own: Any) -> None:
    """Of these requests, whatever their state: an address stands in each."""
    keys = list(own.values_list("pk", flat=True))
    Notice.objects.filter(subject_kind="ticket", subject_id__in=keys).delete()
