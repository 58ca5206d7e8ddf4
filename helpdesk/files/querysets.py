"""Which files. A file is seen by who may read an entry that carries it."""

from typing import Any

from django.db import models


class StoredFileQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "StoredFileQuerySet":
        """Files of the tickets the user may read; without the right to read tickets only public ones.

        Entries and tickets lie above this app, so they are reached by the relation's name.
        """
        if not user.is_authenticated:
            return self.none()
        entry = self.model._meta.get_field("entries").related_model
        ticket = entry._meta.get_field("ticket").related_model
        entries = entry.objects.filter(ticket__in=ticket.objects.visible_to(user))
        if not user.has_perm("tickets.read_ticket"):
            entries = entries.filter(public=True)
        return self.filter(entries__in=entries).distinct()

    def orphans(self) -> "StoredFileQuerySet":
        """Attached to nothing: the question they were meant for was never sent."""
        return self.filter(entries=None)
