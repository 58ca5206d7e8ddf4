"""Who asks and for whom: attaching a person or an association, the theme, the code, the dispute."""

from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.accounts.actions import audit
from helpdesk.centre.collision import Moved
from helpdesk.tickets import codes
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.models import Dispute, DisputeSide, Entry, Ticket
from helpdesk.tickets.rules import Kind
from helpdesk.tickets.showing import both_names


@transaction.atomic
def set_person(ticket: Ticket, person: Any, *, standing: str, by: Any, at: datetime) -> None:
    """Say who asks; None makes the ticket anonymous again.

    This and what follows raise Moved when the ticket is no longer as `ticket` holds it.
    """
    seen = Ticket.objects.filter(pk=ticket.pk, person=ticket.person_id, standing=ticket.standing)
    if not seen.update(person=person, standing=standing):
        raise Moved
    entry(
        ticket, Kind.NOTE, by=by, at=at, public=False,
        data={"about": "person", "person": person.pk if person else None},
    )  # fmt: skip
    ticket.refresh_from_db()


@transaction.atomic
def set_association(ticket: Ticket, association: Any, *, by: Any, at: datetime) -> None:
    """Say for which association; its province becomes the ticket's when that has none."""
    fields: dict[str, Any] = {"association": association}
    if association is not None and not ticket.province:
        fields["province"] = association.province
    if not Ticket.objects.filter(pk=ticket.pk, association=ticket.association_id).update(**fields):
        raise Moved
    entry(
        ticket, Kind.NOTE, by=by, at=at, public=False,
        data={"about": "association", "association": association.pk if association else None},
    )  # fmt: skip
    ticket.refresh_from_db()


@transaction.atomic
def file_under(
    ticket: Ticket, *, subject: str, theme: Any, province: str, by: Any, at: datetime
) -> None:
    """Correct what the ticket is filed under."""
    seen = Ticket.objects.filter(
        pk=ticket.pk, subject=ticket.subject, theme=ticket.theme_id, province=ticket.province
    )
    if not seen.update(subject=subject, theme=theme, province=province, filed_by=by, filed_at=at):
        raise Moved
    ticket.refresh_from_db()


@transaction.atomic
def new_code(ticket: Ticket, *, by: Any, at: datetime, how: str, key: str) -> str:
    """Replace the follow code; the new 16 digits, this once only. Empty when `key` was used before.

    The old code stops working at once. The digits go by voice: never into a mail, an SMS or an entry.
    """
    # One at a time, or the code shown to the first of two sendings would be replaced by the second.
    Ticket.objects.select_for_update().get(pk=ticket.pk)
    if Entry.objects.filter(key=key).exists():
        return ""
    code = codes.new_code()
    Ticket.objects.filter(pk=ticket.pk).update(secret_hash=codes.hash_code(code))
    entry(ticket, Kind.CODE, by=by, at=at, public=False, data={"how": how}, key=key)
    audit("reissued-code", by=by, at=at, subject=ticket, reason=how)
    return code


@transaction.atomic
def take_side(ticket: Ticket, side: str, *, by: Any, at: datetime) -> DisputeSide:
    """Put the ticket on side a or b of its association's open dispute, opening one when there is none."""
    dispute = Dispute.objects.filter(association=ticket.association, ended_at=None).first()
    if dispute is None:
        dispute = Dispute.objects.create(
            association=ticket.association,  # type: ignore[misc]
            opened_at=at,
            opened_by=by,
        )
    row, created = DisputeSide.objects.get_or_create(
        ticket=ticket, defaults={"dispute": dispute, "side": side}
    )
    if not created and row.side == side and row.dispute_id == dispute.pk:
        return row
    row.side, row.dispute = side, dispute
    row.save(update_fields=["side", "dispute"])
    entry(
        ticket, Kind.NOTE, by=by, at=at, public=False,
        data={"about": "dispute", "side": side, **both_names("by", by)},
    )  # fmt: skip
    return row


@transaction.atomic
def end_dispute(dispute: Dispute, *, ticket: Ticket, by: Any, at: datetime) -> None:
    """The quarrel is over: its sides no longer warn each other."""
    if Dispute.objects.filter(pk=dispute.pk, ended_at=None).update(ended_at=at):
        entry(ticket, Kind.NOTE, by=by, at=at, public=False, data={"about": "dispute-ended"})
