"""The records of a centre in one normal form: the same lines in whichever database they lie.

A row is its own number and its fields. What it refers to within the pack is named by number, since
references like W-2026-000123 and links must go on; people, teams, queues, themes and versions, which the
successor has of its own, by what they are called. So a pack is proved equal by reading the lines again
where it was opened.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from helpdesk.accounts.models import Team, User
from helpdesk.associations.models import (
    Association,
    Consent,
    LegalDeadline,
    Mandate,
    NameWord,
    Person,
    PersonMerge,
    Phone,
)
from helpdesk.associations.numbers import Number
from helpdesk.centre.models import Centre
from helpdesk.files.models import StoredFile
from helpdesk.queues.models import Handling, Queue, Waiting
from helpdesk.supervision.models import FrozenFile, FrozenPeriod, KeptTally
from helpdesk.tickets.desk_models import Tag, Tagging
from helpdesk.tickets.disputes import Dispute, DisputeSide
from helpdesk.tickets.merges import Merge
from helpdesk.tickets.models import (
    Answer,
    Entry,
    GivenVersion,
    Grant,
    IntakeFact,
    Promise,
    Ticket,
)
from helpdesk.tickets.opinion_models import Rating, Result
from knowledge.articles.models import Theme, Version

OF_TICKET = (
    Entry, Answer, Promise, Grant, IntakeFact, Rating, Result, Waiting, Handling, DisputeSide, Tagging,
)  # fmt: skip
OF_PERSON = (Phone, Consent)
ORDER: tuple[type[models.Model], ...] = (
    Association, Person, Phone, NameWord, Mandate, Consent, PersonMerge, LegalDeadline, StoredFile,
    Tag, Ticket, Entry, Answer, GivenVersion, Promise, Grant, IntakeFact, Rating, Result, Dispute,
    DisputeSide, Tagging, Merge, Waiting, Handling, KeptTally, FrozenPeriod, FrozenFile,
)  # fmt: skip
"""What a row refers to comes before it."""
FORMER = "former."
"""Before the user name of somebody who worked at the centre that handed over."""
LATER: dict[type[models.Model], tuple[str, ...]] = {
    Person: ("merged_into",), Ticket: ("merged_into",),
}  # fmt: skip
"""May point to a row that comes later: set in a second round."""
LEFT: dict[type[models.Model], tuple[str, ...]] = {
    Person: ("user",), Ticket: ("organisation",), Waiting: ("offered_to", "offered_at"),
}  # fmt: skip
"""Stays behind: accounts of askers, keys of organisations, an offer of this minute."""


def rows(model: type[models.Model], centre: Centre) -> Any:
    """All rows of one kind that belong to the centre, in the order of their numbers."""
    found = model._base_manager.all()
    if model in OF_TICKET:
        found = found.filter(ticket__centre=centre)
    elif model in OF_PERSON or model is Mandate:
        found = found.filter(person__centre=centre)
    elif model is NameWord:
        found = found.filter(Q(person__centre=centre) | Q(association__centre=centre))
    elif model is PersonMerge:
        found = found.filter(target__centre=centre)
    elif model in (LegalDeadline, Dispute):
        found = found.filter(association__centre=centre)
    elif model is StoredFile:
        found = found.filter(entries__ticket__centre=centre).distinct()
    elif model is GivenVersion:
        found = found.filter(answer__ticket__centre=centre)
    elif model is Tag:
        found = found.filter(team__centre=centre)
    elif model is Merge:
        found = found.filter(target__centre=centre)
    elif model is FrozenFile:
        found = found.filter(frozen__centre=centre)
    else:
        found = found.filter(centre=centre)
    return found.order_by("pk")


def name_of(model: type[models.Model]) -> str:
    return model._meta.label_lower


class Names:
    """How rows that the successor has of its own are called; each kind is read once."""

    def __init__(self, centre: Centre) -> None:
        self.users = {
            pk: name.removeprefix(FORMER) for pk, name in User.objects.values_list("pk", "username")
        }
        self.teams = {team.pk: [team.name_ar, team.name_fr] for team in centre.teams.all()}
        self.queues = {
            queue.pk: [self.teams[queue.team_id], queue.name_ar, queue.name_fr]
            for queue in Queue.objects.filter(team__centre=centre)
        }
        self.themes = dict(Theme.objects.values_list("pk", "code"))
        versions = Version.objects.values_list(
            "pk", "edition__article__topic", "edition__language", "number"
        )
        self.versions = {pk: list(key) for pk, *key in versions}

    def of(self, target: type[models.Model], pk: Any) -> Any:
        tables = {
            User: self.users, Team: self.teams, Queue: self.queues, Theme: self.themes,
            Version: self.versions,
        }  # fmt: skip
        return tables[target][pk] if target in tables else pk


def lines(model: type[models.Model], centre: Centre, names: Names) -> Iterator[str]:
    """One JSON text a row."""
    for row in rows(model, centre).iterator(chunk_size=500):
        said = {"pk": row.pk} | {field.name: _said(field, row, names) for field in fields_of(model)}
        for field in model._meta.many_to_many:
            if field.related_model is StoredFile:
                said[field.name] = sorted(getattr(row, field.name).values_list("pk", flat=True))
        yield json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def fields_of(model: type[models.Model]) -> list[Any]:
    """Every column but its own number, the centre's, and what stays behind."""
    left = ("centre", *LEFT.get(model, ()))
    return [f for f in model._meta.concrete_fields if not f.primary_key and f.name not in left]


def _said(field: Any, row: Any, names: Names) -> Any:
    value = field.value_from_object(row)
    if field.is_relation:
        return None if value is None else names.of(field.related_model, value)
    if isinstance(value, Number):
        return value.for_storage()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value


def sum_of(texts: Iterator[str]) -> tuple[int, str]:
    """Number of lines and SHA-256 over all of them."""
    total, number = hashlib.sha256(), 0
    for text in texts:
        total.update(text.encode() + b"\n")
        number += 1
    return number, total.hexdigest()
