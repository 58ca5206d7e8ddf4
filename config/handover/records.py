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

from helpdesk.accounts.keys import Organisation
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
from helpdesk.notices.models import Notice
from helpdesk.queues.models import Handling, Queue, Waiting
from helpdesk.supervision.models import FrozenFile, FrozenPeriod, KeptTally
from helpdesk.tickets.chats import Chat
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
from helpdesk.tickets.recalls import Recall, Recalled
from helpdesk.tickets.suggested import RefusedSuggestion
from helpdesk.tickets.target import Target
from knowledge.articles.models import Theme, Version
from telephony.comparisons import Comparison
from telephony.facts import LIVE
from telephony.models import Call, CallEvent, CallPayload, Leg
from telephony.recordings import Recording

ORDER: tuple[type[models.Model], ...] = (
    Organisation, Association, Person, Phone, NameWord, Mandate, Consent, PersonMerge, LegalDeadline,
    StoredFile, Tag, Ticket, Entry, Answer, GivenVersion, Promise, Grant, IntakeFact, Rating, Result,
    RefusedSuggestion, Target, Chat, Recalled, Dispute, DisputeSide, Tagging, Merge, Waiting, Handling,
    Call, CallPayload, CallEvent, Leg, Recording, Comparison, Notice, KeptTally, FrozenPeriod, FrozenFile,
)  # fmt: skip
"""What a row refers to comes before it."""
BY_NAME = (User, Team, Queue, Theme, Version, Recall)
"""Referred to by what they are called."""
WAYS: dict[str, tuple[type[models.Model], ...]] = {
    "ticket__centre": (
        Entry, Answer, Promise, Grant, IntakeFact, Rating, Result, RefusedSuggestion, Target, Chat,
        Recalled, Waiting, Handling, DisputeSide, Tagging,
    ),
    "person__centre": (Phone, Consent, Mandate),
    "target__centre": (PersonMerge, Merge),
    "association__centre": (LegalDeadline, Dispute),
    "answer__ticket__centre": (GivenVersion,),
    "team__centre": (Tag,),
    "frozen__centre": (FrozenFile,),
    "call__centre": (CallPayload, CallEvent, Leg, Recording),
}  # fmt: skip
"""From a row to its centre, where it does not name it itself."""
LIVE_CALL = Q(call__state__in=LIVE)
UNDER_WAY: dict[type[models.Model], Q] = {
    Notice: Q(state=Notice.State.QUEUED), Chat: Q(ended_at=None), Call: Q(state__in=LIVE),
    CallPayload: LIVE_CALL, CallEvent: LIVE_CALL, Leg: LIVE_CALL,
    Recording: LIVE_CALL | Q(ended_at=None),
}  # fmt: skip
"""Ends where it began: two centres must not send the same message, nor wait for the same voice."""
BY_KEY: dict[type[models.Model], str] = {Notice: "key"}
"""Whose numbers nothing refers to; a fresh centre may have some already, of its own setting-up."""
FORMER = "former."
"""Before the user name of somebody who worked at the centre that handed over."""
LATER: dict[type[models.Model], tuple[str, ...]] = {
    Person: ("merged_into",), Ticket: ("merged_into",),
}  # fmt: skip
"""May point to a row that comes later: set in a second round."""
LEFT: dict[type[models.Model], tuple[str, ...]] = {
    Person: ("user",), Waiting: ("offered_to", "offered_at"), Target: ("schedule",), Chat: ("nonce",),
    Notice: ("subscription", "lease_until", "lease_by"),
}  # fmt: skip
"""Stays behind: accounts of askers, an offer of this minute, hours that the successor has of its own, the
key of a chat's page, who was just sending."""


def rows(model: type[models.Model], centre: Centre) -> Any:
    """All rows of one kind that belong to the centre and are over, in a fixed order."""
    found = _all(model, centre)
    if model in UNDER_WAY:
        found = found.exclude(UNDER_WAY[model])
    return found.order_by(BY_KEY.get(model, "pk"))


def under_way(centre: Centre) -> dict[str, int]:
    """How many of a kind stay behind because they have not ended."""
    counts = {
        name_of(model): _all(model, centre).filter(is_open).count()
        for model, is_open in UNDER_WAY.items()
    }
    return {name: number for name, number in counts.items() if number}


def _all(model: type[models.Model], centre: Centre) -> Any:
    found = model._base_manager.all()
    if model is NameWord:
        return found.filter(Q(person__centre=centre) | Q(association__centre=centre))
    if model is StoredFile:
        sounds = rows(Recording, centre).exclude(file=None).order_by()
        held = Entry.files.through.objects.filter(entry__ticket__centre=centre)
        return found.filter(Q(pk__in=held.values("storedfile")) | Q(pk__in=sounds.values("file")))
    if model is Notice:
        ours = Q()
        for about in (Ticket, Association):
            keys = about._base_manager.filter(centre=centre).values("pk")
            ours |= Q(subject_kind=about._meta.model_name, subject_id__in=keys)
        return found.filter(ours, subscription=None)
    way = next((way for way, models_ in WAYS.items() if model in models_), "centre")
    return found.filter(**{way: centre})


def name_of(model: type[models.Model]) -> str:
    return model._meta.label_lower


class Names:
    """How rows that the successor has of its own are called; each kind is read once.

    `opened`: read as they were called where they came from. `used`: user names that were asked for.
    """

    def __init__(self, centre: Centre, *, opened: bool = False) -> None:
        names = dict(User.objects.values_list("pk", "username"))
        taken = set() if opened else set(names.values())
        self.used: set[str] = set()
        self.users = {
            pk: name if (plain := name.removeprefix(FORMER)) in taken else plain
            for pk, name in names.items()
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
        self.recalls = {
            one.pk: [
                self.versions[one.version_id], moment(one.opened_at),
                one.closed_at and moment(one.closed_at), one.closing_note,
            ]
            for one in Recall.objects.all()
        }  # fmt: skip

    def of(self, target: type[models.Model], pk: Any) -> Any:
        if target is User:
            self.used.add(self.users[pk])
        tables = {
            User: self.users, Team: self.teams, Queue: self.queues, Theme: self.themes,
            Version: self.versions, Recall: self.recalls,
        }  # fmt: skip
        return tables[target][pk] if target in tables else pk


def lines(model: type[models.Model], centre: Centre, names: Names) -> Iterator[str]:
    """One JSON text a row."""
    for row in rows(model, centre).iterator(chunk_size=500):
        said = {} if model in BY_KEY else {"pk": row.pk}
        said |= {field.name: _said(field, row, names) for field in fields_of(model)}
        for field in model._meta.many_to_many:
            if field.related_model is StoredFile:
                said[field.name] = sorted(getattr(row, field.name).values_list("pk", flat=True))
        yield line_of(said)


def line_of(said: Any) -> str:
    """The one way in which a thing is written."""
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


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
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value


def moment(at: datetime) -> str:
    """A time, wherever its row lies."""
    return at.astimezone(UTC).isoformat()


def sum_of(texts: Iterator[str]) -> tuple[int, str]:
    """Number of lines and SHA-256 over all of them."""
    total, number = hashlib.sha256(), 0
    for text in texts:
        total.update(text.encode() + b"\n")
        number += 1
    return number, total.hexdigest()
