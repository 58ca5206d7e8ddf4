"""Which answers: waiting, released, given from an older version of the law."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from helpdesk.tickets.recalls import RECENT


class AnswerQuerySet(models.QuerySet[Any]):
    def awaiting(self) -> "AnswerQuerySet":
        return self.filter(state="awaiting")

    def released_since(self, at: datetime) -> "AnswerQuerySet":
        return self.filter(state="released", released_at__gte=at)

    def overtaken(self) -> "AnswerQuerySet":
        """Released, from a version older than one that changes advice."""
        newer = F("given__version__edition__versions__number")
        return self.filter(
            state="released", given__version__edition__versions__changes_advice=True,
            given__version__edition__versions__published_at__isnull=False,
            given__version__number__lt=newer,
        ).distinct()  # fmt: skip

    def overtaken_by(self, version: Any) -> "AnswerQuerySet":
        """Released, from an older version of the same edition, in a request that is open, or of late;
        and nobody gave the asker the new version since."""
        later = self.model.objects.giving_at_least(version).filter(
            ticket=OuterRef("ticket"), released_at__gte=OuterRef("released_at")
        )
        open_or_recent = Q(released_at__gte=version.published_at - RECENT) | ~Q(
            ticket__state="closed"
        )
        old = self.filter(
            open_or_recent, state="released", given__version__edition=version.edition_id,
            given__version__number__lt=version.number,
        )  # fmt: skip
        return old.filter(~Exists(later)).select_related("ticket__assignee", "author").distinct()

    def giving_at_least(self, version: Any) -> "AnswerQuerySet":
        """Released, from that version of its edition or a newer one."""
        return self.filter(
            state="released", given__version__edition=version.edition_id,
            given__version__number__gte=version.number,
        )  # fmt: skip

    def unsent(self) -> "AnswerQuerySet":
        """Awaiting release; or returned to the author, who has not written another since."""
        newer = self.model.objects.filter(ticket=OuterRef("ticket"), pk__gt=OuterRef("pk"))
        return self.filter(Q(state="awaiting") | Q(Q(state="returned") & ~Exists(newer)))

    def visible_to(self, user: Any) -> "AnswerQuerySet":
        tickets = self.model._meta.get_field("ticket").related_model.objects.visible_to(user)
        return self.filter(Exists(tickets.filter(pk=OuterRef("ticket_id"))))
