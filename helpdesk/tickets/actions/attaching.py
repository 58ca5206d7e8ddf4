"""A file comes after the words it belongs to: it hangs on their entry, or the entry says why it does not."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from helpdesk.live import streams
from helpdesk.live.announcing import announce
from helpdesk.tickets.models import Entry


@transaction.atomic
def settle_file(
    key: str, *, stored: Any = None, not_taken: Mapping[str, Any] | None = None
) -> Entry | None:
    """One file less is awaited (`coming`). None when the entry is not there any more."""
    entry = Entry.objects.select_for_update().filter(key=key).first()
    if entry is None:
        return None
    if stored is not None:
        entry.files.add(stored)
    entry.data["coming"] = max(0, int(entry.data.get("coming", 0)) - 1)
    if not_taken is not None:
        entry.data["not_taken"] = [*entry.data.get("not_taken", []), dict(not_taken)]
    entry.save(update_fields=["data"])
    fact = {"number": entry.number, "kind": entry.kind, "id": entry.pk}
    announce(streams.ticket(entry.ticket_id), **fact)
    if entry.public:
        announce(streams.chat(entry.ticket_id), **fact)
    return entry
