"""Answers suggested on a request that somebody found not to fit it.

Words: a *refusal* of a suggestion takes the article out of what is suggested on that request, until it is
taken back. Who said so is not kept: it is about the article.
"""

from typing import Any, ClassVar

from django.db import models


class RefusedQuerySet(models.QuerySet[Any]):
    def topics_of(self, ticket: Any) -> list[str]:
        return list(self.filter(ticket=ticket).order_by("pk").values_list("topic", flat=True))


class RefusedSuggestion(models.Model):
    ticket = models.ForeignKey(
        "tickets.Ticket", on_delete=models.CASCADE, related_name="refused_suggestions"
    )
    topic = models.CharField(max_length=40)
    place = models.CharField(max_length=10)
    """Where it was suggested: one of knowledge.search's places."""
    at = models.DateTimeField(db_index=True)

    objects: ClassVar[RefusedQuerySet] = RefusedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "topic"], name="refused_once_a_ticket")
        ]
