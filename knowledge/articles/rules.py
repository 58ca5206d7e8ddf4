"""Marks, sections and states of an article. No query here."""

import re

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
    RETURNED = "returned", _("sent back")


class Act(models.TextChoices):
    """What one legal text does to another."""

    AMENDS = "amends", _("amends")
    REPLACES = "replaces", _("replaces")
    APPLIES = "applies", _("applies")
    PROMULGATES = "promulgates", _("promulgates")


class Use(models.TextChoices):
    """Ways in which the library is used. Answers given are not counted here: requests hold them."""

    VIEW = "view", _("read")
    PRINT = "print", _("printed")
    DOWNLOAD = "download", _("downloaded")
    COPY = "copy", _("copied whole")


INSTRUMENT_KINDS = {
    "constitution": _("Constitution"),
    "dahir": _("Dahirs"),
    "dahir-law": _("Dahirs having force of law"),
    "organic-law": _("Organic laws"),
    "law": _("Laws"),
    "code": _("Codes"),
    "decree": _("Decrees"),
    "order": _("Orders"),
    "circular": _("Circulars"),
}
"""The kinds of legal texts in the order of the register."""

OPINIONS_AN_HOUR = 30
"""Opinions on one version that are taken within an hour: beyond it is no longer readers."""
_NUMBER = re.compile(r"(?:\+|\b00)?\d(?:[\s.\-()/]{0,2}\d){5,}")
_MAIL = re.compile(r"\S+@\S+")


def impersonal(text: str) -> str:
    """A remark on one line without addresses and long numbers: it is about an article, not a person."""
    for pattern in (_MAIL, _NUMBER):
        text = pattern.sub("…", text)
    return " ".join(text.split())
