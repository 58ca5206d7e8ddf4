"""Looking after the desk: figures are read from waiting and handling, and hold no rows here.

Words: a *notice to the desk* is a sentence for one's colleagues, shown over every page of the desk from a
time until a time; each puts it away for themselves. (What goes out to askers is a notice of `notices`.)
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language

from helpdesk.supervision.querysets import DeskNoticeQuerySet

USER = settings.AUTH_USER_MODEL


class DeskNotice(models.Model):
    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="+")
    text_ar = models.CharField(max_length=300, blank=True)
    text_fr = models.CharField(max_length=300, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    put_away_by: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        USER, related_name="+", blank=True
    )

    objects: ClassVar[DeskNoticeQuerySet] = DeskNoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-starts_at", "-pk"]

    def __str__(self) -> str:
        """In the reader's language, else in the other."""
        texts = (self.text_ar, self.text_fr)
        return (texts[1] or texts[0]) if get_language() == "fr" else (texts[0] or texts[1])
