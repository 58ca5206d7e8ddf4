"""The associations of the demonstration and who holds office in them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from config.demonstration import sheets
from config.demonstration.sheets import AssociationSheet, Holder
from helpdesk.accounts.models import User
from helpdesk.associations.actions import move_mandate_end, start_deadline, write_name_words
from helpdesk.associations.actions.naming import folded
from helpdesk.associations.models import Association, LegalDeadline, Mandate, Person, Phone
from helpdesk.associations.numbers import Number
from helpdesk.associations.rules import Office
from helpdesk.centre.models import Centre

MEMBERS = {"chama": ("marrakech-1", Office.MEMBER), "driss": ("safi-1", Office.DEPUTY_SECRETARY)}
"""Which association the two members of the cast belong to."""

DATES: dict[str, dict[str, int]] = {
    "marrakech-4": {"mandate_ends_on": -12},
    "chichaoua-2": {"filed_on": -20, "provisional_on": -20},
    "chichaoua-4": {"filed_on": -9},
    "kelaa-5": {"mandate_ends_on": -200},
    "rehamna-1": {"filed_on": -76, "provisional_on": -76},
    "rehamna-3": {"filed_on": -54, "provisional_on": -54},
    "safi-1": {"mandate_ends_on": 240},
    "youssoufia-1": {"mandate_ends_on": 45},
}
"""Days from today."""


@dataclass(frozen=True)
class Who:
    """Laid rows: associations by key; persons by key and office, such as `safi-1 president`."""

    associations: dict[str, Association]
    persons: dict[str, Person]


def lay(centre: Centre, users: dict[str, User], *, at: datetime) -> Who:
    """The associations with their office-holders, made where missing. Harmless when repeated."""
    emails = {sheet.email: sheet for sheet in sheets.associations()}
    known = set(Association.objects.filter(email__in=emails).values_list("email", flat=True))
    missing = [sheet for sheet in sheets.associations() if sheet.email not in known]
    if missing:
        _write(centre, missing, at=at)
    rows = {a.email: a for a in Association.objects.filter(email__in=emails)}
    found = {sheet.key: rows[sheet.email] for sheet in sheets.associations()}
    held = Mandate.objects.filter(association__in=rows.values()).select_related("person")
    keys = {association.pk: key for key, association in found.items()}
    persons = {f"{keys[m.association_id]} {m.office}": m.person for m in held}
    for name, (key, office) in MEMBERS.items():
        persons[name] = _member(centre, users[name], found[key], office, at=at)
    return Who(found, persons)


def date_again(who: Who, users: dict[str, User], *, at: datetime) -> None:
    """Lay the dates that count from today, and the clocks they set going; nothing on the same day.

    Clocks that a story sets going come and go with its ticket.
    """
    today = timezone.localdate(at)
    for key, offsets in DATES.items():
        association, sheet = who.associations[key], _sheet(key)
        dates = {field: today + timedelta(days=days) for field, days in offsets.items()}
        if all(getattr(association, field) == day for field, day in dates.items()):
            continue
        LegalDeadline.objects.filter(association=association, ticket_id=None).delete()
        association.stage = sheet.stage
        for field, day in dates.items():
            setattr(association, field, day)
        association.save(update_fields=["stage", *dates])
        if association.mandate_ends_on:
            move_mandate_end(association, by=users["amina"], at=at)
        if sheet.stage == "provisional-receipt" and association.filed_on:
            start_deadline(
                association, rule="final-receipt", event_on=association.filed_on,
                by=users["amina"], at=at,
            )  # fmt: skip


def _sheet(key: str) -> AssociationSheet:
    return next(sheet for sheet in sheets.associations() if sheet.key == key)


def _write(centre: Centre, missing: list[AssociationSheet], *, at: datetime) -> None:
    associations, people, holders = [], [], []
    for place, sheet in enumerate(missing):
        associations.append(
            Association(
                centre=centre, name_ar=sheet.name_ar, name_fr=sheet.name_fr, email=sheet.email,
                folded=folded(sheet.name_ar, sheet.name_fr)[:420], province=sheet.province,
                commune=sheet.commune, stage=sheet.stage, legal_status=sheet.legal_status,
                founded_on=_founded(sheet, place, at.date()), added_at=at,
            )
        )  # fmt: skip
        for holder in sheet.holders:
            people.append(_person(centre, holder, at=at))
            holders.append((holder, len(associations) - 1))
    Association.objects.bulk_create(associations)
    Person.objects.bulk_create(people)
    Phone.objects.bulk_create(
        Phone(person=person, number=Number(holder.phone), last_used_at=at)  # type: ignore[misc]
        for person, (holder, _) in zip(people, holders, strict=True)
    )
    Mandate.objects.bulk_create(
        Mandate(
            person=person, association=associations[place], office=holder.office,
            starts_on=_elected(place, at.date()),
        )
        for person, (holder, place) in zip(people, holders, strict=True)
    )  # fmt: skip
    write_name_words(associations=associations, people=people)


def _person(centre: Centre, holder: Holder, *, at: datetime) -> Person:
    return Person(
        centre=centre, name=holder.name_ar, other_name=holder.name_latin, language="ar",
        folded=folded(holder.name_ar, holder.name_latin)[:250], speaks="ary", added_at=at,
    )  # fmt: skip


def _member(
    centre: Centre, user: User, association: Association, office: Office, *, at: datetime
) -> Person:
    person: Person | None = Person.objects.filter(user=user).first()
    if person is None:
        person = Person.objects.create(
            centre=centre, user=user, name=user.name_ar, other_name=user.name_fr, added_at=at,
            folded=folded(user.name_ar, user.name_fr)[:250],
            email=f"{user.username}@example.org", speaks="ary",
        )  # fmt: skip
        write_name_words(people=[person])
        Mandate.objects.create(
            person=person, association=association, office=office,
            starts_on=_elected(0, at.date()),
        )  # fmt: skip
    return person


def _founded(sheet: AssociationSheet, place: int, today: date) -> date | None:
    """Some years ago; unknown for those without a receipt yet."""
    if sheet.stage in ("idea", "founding-assembly-held", "file-deposited", "provisional-receipt"):
        return None
    return today - timedelta(days=500 + 311 * (place % 13))


def _elected(place: int, today: date) -> date:
    return today - timedelta(days=120 + 37 * (place % 20))
