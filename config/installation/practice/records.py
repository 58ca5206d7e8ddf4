"""Everything that hangs on a practice, found by following what refers to it: no list that could forget.

Who practises sees no real row, so what refers to a row of the practice is of the practice as well. What
is named by a number in words (notices, drafts, who looks at what, texts) is asked for by that number.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.accounts.models import User
from helpdesk.associations.models import Association
from helpdesk.centre.models import Centre
from helpdesk.files.models import StoredFile
from helpdesk.live.models import Draft, Viewing
from helpdesk.notices.models import Notice
from helpdesk.queues.models import Handling
from helpdesk.tickets.models import Entry, Ticket
from helpdesk.tickets.querysets import draft_place, message_place
from telephony.models import Call
from telephony.providers.hook.models import Told
from telephony.providers.hook.telling import centre as line_of
from telephony.providers.twilio.correspondents import digest
from telephony.providers.twilio.models import Correspondent, Media, Text

Found = dict[type[models.Model], set[int]]
"""Keys of rows by their model."""
STAYS = (User,)
"""Refers to a practice, and is no record of it."""
TEXT = "text:"
"""Before the network's name of a text, in the key of its entry."""
AT_ONCE = 500


class Entangled(Exception):
    """Something real refers to the practice: wiping would take it along."""

    def __str__(self) -> str:
        return _("A real record hangs on the practice (%(what)s): nothing was wiped.") % {
            "what": super().__str__()
        }


def gathered(practice: Centre) -> Found:
    """All rows that go with the practice, itself among them."""
    found: Found = {Centre: {practice.pk}}
    left: list[tuple[type[models.Model], set[int]]] = [(Centre, {practice.pk})]
    while left:
        model, keys = left.pop()
        for other, rows in _referring(model, keys):
            new = rows - found.setdefault(other, set())
            if new:
                found[other] |= new
                left.append((other, new))
    for model, rows in _named(practice, found):
        found.setdefault(model, set()).update(rows)
    return {model: keys for model, keys in found.items() if keys}


def dropped(practice: Centre, found: Found) -> None:
    """Delete them all, inside the caller's transaction: foreign keys are looked at when it ends.

    Raises Entangled before anything goes.
    """
    for model, keys in found.items():
        if any(field.name == "centre" for field in model._meta.concrete_fields):
            for some in _pieces(keys):
                rows = model._base_manager.filter(pk__in=some)
                if rows.exclude(centre=practice).exists():
                    raise Entangled(model._meta.label)
    for model, keys in found.items():
        for some in _pieces(keys):
            model._base_manager.filter(pk__in=some)._raw_delete(connection.alias)


def _referring(
    model: type[models.Model], keys: set[int]
) -> Iterator[tuple[type[models.Model], set[int]]]:
    for field in _fields_to(model):
        if field.model not in STAYS:
            yield field.model, _keys(field.model, f"{field.name}__in", keys)


def _fields_to(model: type[models.Model]) -> Iterator[Any]:
    for other in apps.get_models(include_auto_created=True):
        if other._meta.managed and not other._meta.proxy:
            yield from (
                f for f in other._meta.concrete_fields if f.is_relation and f.related_model is model
            )


def _named(practice: Centre, found: Found) -> Iterator[tuple[type[models.Model], set[int]]]:
    tickets = found.get(Ticket, set())
    yield Notice, _keys(Notice, "subject_id__in", tickets, subject_kind="ticket")
    associations = found.get(Association, set())
    yield Notice, _keys(Notice, "subject_id__in", associations, subject_kind="association")
    places = [place(key) for key in tickets for place in (draft_place, message_place)]
    for model in (Draft, Viewing):
        yield model, _keys(model, "place__in", places)
    yield StoredFile, _files(found)
    yield Handling, _nameless(found)
    yield from _of_lines(practice, found)


def _nameless(found: Found) -> set[int]:
    """Work on calls that never became a request: by who picked up, and when."""
    keys: set[int] = set()
    for some in _pieces(found.get(Call, set())):
        same = Call.objects.filter(
            pk__in=some, user=OuterRef("user"), started_at=OuterRef("started_at")
        )
        keys |= set(Handling.objects.filter(Exists(same), ticket=None).values_list("pk", flat=True))
    return keys


def _of_lines(practice: Centre, found: Found) -> Iterator[tuple[type[models.Model], set[int]]]:
    """What the lines left while the practice answered them: until the real centre opened.

    Who asked for no more texts has asked for it: that stays.
    """
    real, began = practice.practice_of, practice.opened_at
    until = (real.opened_at if real else None) or timezone.now()
    rows = Told.objects.filter(received_at__gte=began, received_at__lt=until)
    keys = rows.order_by().values_list("key", flat=True).distinct()
    ours = [key for key in keys if line_of(key) == real]
    yield Told, set(rows.filter(key__in=ours).values_list("pk", flat=True))
    texts, numbers = _texts(found.get(Ticket, set()))
    yield Text, _keys(Text, "sid__in", texts, notice=None)
    yield Media, _keys(Media, "message__in", texts)
    yield Correspondent, _keys(
        Correspondent, "digest__in", numbers, stopped_at=None, heard_at__gte=began,
        heard_at__lt=until,
    )  # fmt: skip


def _texts(tickets: set[int]) -> tuple[set[str], set[str]]:
    """(the network's names of texts that came in, what stands for the numbers they came from)."""
    sids: set[str] = set()
    numbers: set[str] = set()
    for some in _pieces(tickets):
        entries = Entry.objects.filter(ticket__in=some, key__startswith=TEXT)
        for key, number in entries.values_list("key", "ticket__contact_number"):
            sids.add(key.removeprefix(TEXT))
            if number:
                numbers.add(digest(number.for_storage()))
    return sids, numbers


def _files(found: Found) -> set[int]:
    """Files named by rows that go."""
    named: set[int] = set()
    for field in _fields_to(StoredFile):
        for some in _pieces(found.get(field.model, set())):
            rows = field.model._base_manager.filter(pk__in=some)
            named |= set(rows.values_list(field.attname, flat=True))
    return named - {None}


def _keys(model: type[models.Model], lookup: str, values: Any, **more: Any) -> set[int]:
    return {
        pk
        for some in _pieces(values)
        for pk in model._base_manager.filter(**{lookup: some}, **more).values_list("pk", flat=True)
    }


def _pieces(values: Any) -> Iterator[list[Any]]:
    rows = sorted(values)
    return (rows[n : n + AT_ONCE] for n in range(0, len(rows), AT_ONCE))
