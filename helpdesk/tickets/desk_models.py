"""What makes work at the desk quick: phrases, tags and snoozes.

Words: a *phrase* is a text kept ready, of a team or of one's own, fetched by its *shortcut*; a *tag* is
a word of a team's own by which it finds tickets again; a *snooze* takes a ticket out of somebody's turn
until a time, or until the asker writes.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from helpdesk.tickets.desk_querysets import PhraseQuerySet, SnoozeQuerySet, TagQuerySet

USER = settings.AUTH_USER_MODEL


class Phrase(models.Model):
    """Of a team, or of one person: exactly one of the two."""

    team = models.ForeignKey(
        "accounts.Team", null=True, on_delete=models.CASCADE, related_name="phrases"
    )
    owner = models.ForeignKey(USER, null=True, on_delete=models.CASCADE, related_name="phrases")
    title_ar = models.CharField(max_length=80, blank=True)
    title_fr = models.CharField(max_length=80, blank=True)
    text_ar = models.TextField(blank=True)
    text_fr = models.TextField(blank=True)
    shortcut_ar = models.CharField(max_length=30, blank=True)
    """Typed after a colon; spellings of one word fetch the same phrase (phrases.compared)."""
    shortcut_fr = models.CharField(max_length=30, blank=True)
    rank = models.PositiveSmallIntegerField(default=100)
    """The smaller, the earlier in the list."""
    made_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    objects: ClassVar[PhraseQuerySet] = PhraseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["rank", "pk"]
        permissions = [("keep_phrases", "write the ready phrases of the team")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(team=None, owner__isnull=False)
                | models.Q(team__isnull=False, owner=None),
                name="phrase_has_one_keeper",
            ),
            *(
                models.UniqueConstraint(
                    fields=[keeper, shortcut],
                    condition=~models.Q(**{keeper: None}) & ~models.Q(**{shortcut: ""})
                    & models.Q(retired_at=None),
                    name=f"phrase_{shortcut}_once_a_{keeper}",
                )
                for keeper in ("team", "owner")
                for shortcut in ("shortcut_ar", "shortcut_fr")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """In the reader's language, else in the other."""
        both = (self.title_ar, self.title_fr)
        return (both[1] or both[0]) if get_language() == "fr" else (both[0] or both[1])


class Tag(models.Model):
    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(_("tag"), max_length=40)
    key = models.CharField(max_length=60)
    """The name folded: spellings of one word are one tag."""
    made_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    tickets = models.ManyToManyField("tickets.Ticket", related_name="tags", through="Tagging")

    objects: ClassVar[TagQuerySet] = TagQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["team", "key"], name="tag_once_a_team"),
        ]

    def __str__(self) -> str:
        return self.name


class Tagging(models.Model):
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="taggings")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings")
    by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "tag"], name="tagged_once"),
        ]


class Snooze(models.Model):
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="snoozes")
    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="snoozes")
    """Out of whose turn."""
    until = models.DateTimeField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    """When somebody woke it, or the asker wrote; past `until` it is over without this."""

    objects: ClassVar[SnoozeQuerySet] = SnoozeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "user"], condition=models.Q(ended_at=None), name="one_snooze"
            )
        ]
