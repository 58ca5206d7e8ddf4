"""Write persons, associations and offices down, and correct them."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from helpdesk.associations import names
from helpdesk.associations.actions.deadlines import move_mandate_end
from helpdesk.associations.actions.naming import folded, write_name_words
from helpdesk.associations.models import Association, Mandate, Person, Phone
from helpdesk.associations.numbers import Number
from helpdesk.associations.rules import LegalStatus, Office, Stage
from helpdesk.centre.collision import Moved
from helpdesk.centre.models import Centre

CHANGEABLE = (
    "name_ar", "name_fr", "legal_status", "province", "commune", "seat", "email", "founded_on",
    "filed_on", "provisional_on", "final_on", "mandate_ends_on",
)  # fmt: skip
"""What a person at the desk may correct; the stage has an act of its own."""
OF_PERSON = ("name", "other_name", "email", "language", "speaks")
"""What may be corrected of who somebody is."""


@transaction.atomic
def add_association(*, centre: Centre, at: datetime, by: Any = None, **fields: Any) -> Association:
    """Write a new association; the end of the board's mandate sets its clock going."""
    association = Association(centre=centre, added_at=at, **fields)
    _fold(association)
    association.save()
    write_name_words(associations=[association])
    if association.mandate_ends_on:
        move_mandate_end(association, by=by, at=at)
    return association


@transaction.atomic
def in_formation(
    *, centre: Centre, at: datetime, province: str = "", founder: Person | None = None
) -> Association:
    """A nameless association for founders or an anonymous caller, so that their clocks can run."""
    association = Association.objects.create(
        centre=centre, in_formation=True, stage=Stage.IDEA, province=province,
        legal_status=LegalStatus.IN_FORMATION, added_at=at,
    )  # fmt: skip
    if founder is not None:
        hold_office(founder, association, office=Office.FOUNDER, at=at)
    return association


@transaction.atomic
def change_association(
    association: Association, *, by: Any, at: datetime, **fields: Any
) -> Association:
    """Correct the facts. A name given to an association in formation ends its namelessness.

    Raises Moved when a fact is no longer what `association` holds: somebody else was quicker.
    """
    unknown = set(fields) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"not for change here: {', '.join(sorted(unknown))}")
    mandate_end = association.mandate_ends_on
    held = {field: getattr(association, field) for field in fields}
    for field, value in fields.items():
        setattr(association, field, value)
    _fold(association)
    if association.folded:
        association.in_formation = False
    association.changed_at, association.changed_by = at, by
    written = [*fields, "folded", "in_formation", "changed_at", "changed_by"]
    new = {field: getattr(association, field) for field in written}
    if not Association.objects.filter(pk=association.pk, **held).update(**new):
        raise Moved
    write_name_words(associations=[association])
    if association.mandate_ends_on != mandate_end:
        move_mandate_end(association, by=by, at=at)
    return association


@transaction.atomic
def change_person(
    person: Person,
    *,
    by: Any,
    at: datetime,
    name: str,
    other_name: str,
    email: str,
    language: str,
    speaks: str,
) -> Person:
    """Correct who somebody is. Raises Moved when that is no longer what `person` holds."""
    held = {field: getattr(person, field) for field in OF_PERSON}
    person.name = names.clean(name, longest=120)
    person.other_name = names.clean(other_name, longest=120)
    person.email, person.language, person.speaks = email.strip().lower(), language, speaks
    person.folded = folded(person.name, person.other_name)[:250]
    person.changed_at, person.changed_by = at, by
    written = [*OF_PERSON, "folded", "changed_at", "changed_by"]
    new = {field: getattr(person, field) for field in written}
    if not Person.objects.filter(pk=person.pk, **held).update(**new):
        raise Moved
    write_name_words(people=[person])
    return person


def add_phone(person: Person, number: Number, *, at: datetime) -> Phone:
    """The person was reached at this number; the newest use counts."""
    phone, created = Phone.objects.get_or_create(
        person=person, number=number, defaults={"last_used_at": at}
    )
    if not created and phone.last_used_at < at:
        phone.last_used_at = at
        phone.save(update_fields=["last_used_at"])
    return phone


@transaction.atomic
def hold_office(
    person: Person,
    association: Association,
    *,
    office: str,
    at: datetime,
    starts_on: date | None = None,
    ends_on: date | None = None,
    source: str = "",
) -> Mandate:
    """The person is this in the association. The same office, already held, is not written twice.

    Two presidents at once are possible: where two boards claim one association, none is judged here.
    """
    day = starts_on or at.date()
    held = Mandate.objects.filter(person=person, association=association, office=office)
    mandate: Mandate | None = held.held(on=day).first()
    if mandate is None:
        return Mandate.objects.create(
            person=person, association=association, office=office, starts_on=starts_on,
            ends_on=ends_on, source=source[:200],
        )  # fmt: skip
    mandate.starts_on = mandate.starts_on or starts_on
    mandate.ends_on = ends_on or mandate.ends_on
    mandate.source = source[:200] or mandate.source
    mandate.save(update_fields=["starts_on", "ends_on", "source"])
    return mandate


def end_mandate(mandate: Mandate, *, on: date) -> Mandate:
    """The office is held until that day. Raises ValueError for an end before the start."""
    if mandate.starts_on and on < mandate.starts_on:
        raise ValueError("a mandate does not end before it begins")
    mandate.ends_on = on
    mandate.save(update_fields=["ends_on"])
    return mandate


def _fold(association: Association) -> None:
    association.name_ar = names.clean(association.name_ar)
    association.name_fr = names.clean(association.name_fr)
    association.folded = folded(association.name_ar, association.name_fr)[:420]
