"""Find who asks, or write them down. Two different names are never made one person here.

A telephone is often shared in a family or an office, so a number alone proves nobody: a name given
with it must be the name known, in either script, or a new person is written beside the others.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from helpdesk.associations import names
from helpdesk.associations.actions.naming import folded, write_name_words
from helpdesk.associations.actions.writing import add_association, add_phone, hold_office
from helpdesk.associations.models import Association, Mandate, Person
from helpdesk.associations.numbers import Number
from helpdesk.associations.rules import LegalStatus, Office, Stage
from helpdesk.centre.models import Centre

CANDIDATES = 3
"""Persons that a call card shows for one number."""


def by_number(number: Number | str, *, centre: Centre, limit: int = CANDIDATES) -> list[Person]:
    """Who was reached at that number, most recent first. Raises BadNumber for an impossible text."""
    one = number if isinstance(number, Number) else Number.parse(number)
    return list(Person.objects.filter(centre=centre).with_number(one)[:limit])


@transaction.atomic
def person_for(
    *,
    centre: Centre,
    at: datetime,
    name: str = "",
    email: str = "",
    number: Number | str | None = None,
    user: Any = None,
    language: str = "ar",
    speaks: str = "",
) -> Person:
    """The person known by account, number or e-mail under this name, else a new one.

    Without a name the only person known at that number or address is meant; where several are
    known nobody is guessed. Everything may be empty: an anonymous contact is a person too. An
    account without a person gets a new one: an unproven address must not open somebody's tickets.
    Raises BadNumber.
    """
    name, email = names.clean(name, longest=120), email.strip().lower()
    one = Number.parse(number) if isinstance(number, str) and number.strip() else number or None
    if user is not None:
        person = Person.objects.filter(user=user).first()
    else:
        one_at_a_time(one.for_storage() if isinstance(one, Number) else email)
        person = _known(centre, name, email, one)  # type: ignore[arg-type]
    if person is None:
        person = Person.objects.create(
            centre=centre, user=user, name=name, folded=folded(name), email=email,
            language=language, speaks=speaks, added_at=at,
        )  # fmt: skip
        write_name_words(people=[person])
    else:
        _keep_up(person, email=email, language=language, speaks=speaks)
    if isinstance(one, Number):
        add_phone(person, one, at=at)
    return person


def _known(centre: Centre, name: str, email: str, number: Number | None) -> Person | None:
    people = Person.objects.filter(centre=centre)
    for rows in (
        people.with_number(number) if number else people.none(),
        people.of_address(email) if email else people.none(),
    ):
        found = list(rows[:50])
        if not name and len(found) == 1:
            only: Person = found[0]
            return only
        if not name:
            found = [p for p in found if not p.name and not p.other_name]
        else:
            found = [p for p in found if names.same(p.name, name) or names.same(p.other_name, name)]
        if found:
            known: Person = found[0]
            return known
    return None


def _keep_up(person: Person, *, email: str, language: str, speaks: str) -> None:
    """What the person said last: language and speech; an e-mail only where none was known."""
    new = {"email": person.email or email, "language": language, "speaks": speaks or person.speaks}
    changed = [field for field, value in new.items() if getattr(person, field) != value]
    for field in changed:
        setattr(person, field, new[field])
    if changed:
        person.save(update_fields=changed)


@transaction.atomic
def appoint(
    association: Association,
    *,
    name: str,
    number: Number | None,
    office: str,
    at: datetime,
    starts_on: date | None = None,
    ends_on: date | None = None,
    source: str = "",
) -> Mandate:
    """Somebody holds an office: a person already known in this association under that name, one
    known by number and name, or a new one."""
    known = [
        mandate.person
        for mandate in association.mandates.select_related("person")
        if names.same(mandate.person.name, name) or names.same(mandate.person.other_name, name)
    ]
    if known and number is None:
        person = known[0]
    else:
        person = person_for(centre=association.centre, at=at, name=name, number=number)
    return hold_office(
        person, association, office=office, at=at, starts_on=starts_on, ends_on=ends_on,
        source=source,
    )  # fmt: skip


@transaction.atomic
def association_for(
    *,
    centre: Centre,
    at: datetime,
    name: str,
    province: str = "",
    commune: str = "",
    **fields: Any,
) -> Association:
    """The association of that name (in either script) in that province, else a new one.

    An association whose province nobody noted yet is taken too, and gets it. `fields` go into a
    new row only. Raises ValueError without a name: see `in_formation`.
    """
    name = names.clean(name)
    if not name:
        raise ValueError("an association to look for needs a name")
    one_at_a_time(names.fold(name))
    found = [
        one for one in _named_so(centre, name) if province in ("", one.province) or not one.province
    ]
    found.sort(key=lambda one: (one.province != province, one.pk))
    if found and (province or len({one.province for one in found}) == 1):
        return _placed(found[0], province=province, commune=commune)
    return add_association(
        centre=centre, at=at, province=province, commune=commune, **_written(name), **fields
    )


@transaction.atomic
def being_founded(
    *, centre: Centre, at: datetime, name: str, province: str, commune: str, founder: Person | None
) -> Association:
    """The association that founders mean by its future name: one in formation in that province, else
    a new one. One that exists already under that name is another.

    Raises ValueError without a name: see `in_formation`.
    """
    name = names.clean(name)
    if not name:
        raise ValueError("an association to be founded under a name needs it")
    one_at_a_time(names.fold(name))
    known = [
        one for one in _named_so(centre, name)
        if one.legal_status == LegalStatus.IN_FORMATION and one.province == province
    ]  # fmt: skip
    association = known[0] if known else add_association(
        centre=centre, at=at, province=province, commune=commune, stage=Stage.IDEA,
        legal_status=LegalStatus.IN_FORMATION, **_written(name),
    )  # fmt: skip
    if founder and not association.mandates.filter(person=founder).exists():
        hold_office(founder, association, office=Office.FOUNDER, at=at)
    return association


def known_association(
    centre: Centre, *, called: Iterable[str], province: str
) -> Association | None:
    """One of the centre that already bears one of these names in that province."""
    for name in filter(None, called):
        for one in _named_so(centre, name):
            if one.province == province:
                return one
    return None


def _named_so(centre: Centre, name: str) -> list[Association]:
    rows = Association.objects.filter(centre=centre)
    telling = rows.looked_up(name) if names.telling(name) else rows.filter(folded=names.fold(name))
    return [
        one
        for one in telling[:200]
        if names.same(one.name_ar, name) or names.same(one.name_fr, name)
    ]


def _placed(association: Association, *, province: str, commune: str) -> Association:
    if province and not association.province:
        association.province, association.commune = province, association.commune or commune
        association.save(update_fields=["province", "commune"])
    return association


def _written(name: str) -> dict[str, str]:
    return {"name_fr": name} if _is_latin(name) else {"name_ar": name}


def _is_latin(name: str) -> bool:
    arabic = sum("\u0600" <= letter <= "\u06ff" for letter in name)
    return sum(letter.isalpha() for letter in name) > 2 * arabic


def one_at_a_time(key: str) -> None:
    """Two contacts with one number at one moment make one person (SQLite writes in turn anyway)."""
    if key and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [key])
