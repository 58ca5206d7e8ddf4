"""Marks, sections and states of an article. No query here."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mark(models.TextChoices):
    """How sure a statement is (docs/words.md)."""

    SEEN = "seen", _("text consulted")
    SECONDARY = "secondary", _("secondary source")
    GENERAL = "general", _("general knowledge, to be checked")
    UNSURE = "unsure", _("not certain")


class Section(models.TextChoices):
    """The fixed shape of an article, in reading order; the texts cited follow from the citations."""

    IN_SHORT = "in-short", _("In short")
    STEPS = "steps", _("Steps")
    DOCUMENTS = "documents", _("Documents to bring")
    DEADLINES = "deadlines", _("Deadlines")
    WATCH = "watch", _("What to watch")
    SPOKEN = "spoken", _("To read aloud")


class State(models.TextChoices):
    """Of a version: a published version never changes, a newer one takes its place."""

    DRAFT = "draft", _("draft")
    REVIEW = "review", _("in review")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("retired")
