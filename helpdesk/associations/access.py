"""Doorways to associations, people and deadlines at the desk. Unknown and forbidden are one 404."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.accounts.scope import Scope
from helpdesk.associations.actions.merging import obstacle
from helpdesk.associations.models import (
    Association,
    LegalDeadline,
    Mandate,
    Person,
    PersonMerge,
    Phone,
)
from helpdesk.associations.numbers import as_number
from helpdesk.associations.querysets import AssociationQuerySet, LegalDeadlineQuerySet
from helpdesk.centre.models import Centre

ALIKE = 8


def enter(user: Any) -> None:
    """The desk's pages about who asks are for those who handle questions. Raises PermissionDenied."""
    if not Scope.of(user).can("associations.view_association"):
        raise PermissionDenied


def centre_of(user: Any) -> Centre:
    """The centre the user is posted to (the first, when there are several)."""
    enter(user)
    return Centre.objects.get(pk=min(Scope.of(user).centres))


def associations(user: Any) -> AssociationQuerySet:
    """Those of the list."""
    enter(user)
    return Association.objects.visible_to(user)


def to_call(user: Any, *, on: date) -> LegalDeadlineQuerySet:
    """The day-61 list, with everything a row shows in few queries."""
    enter(user)
    rows = LegalDeadline.objects.visible_to(user).to_call(on=on).select_related("association")
    return rows.prefetch_related("association__mandates__person__phones")


def association_for(user: Any, pk: int) -> Association:
    enter(user)
    rows = Association.objects.visible_to(user).select_related("centre")
    return _or_404(rows.filter(pk=pk).first())


def person_for(user: Any, pk: int) -> Person:
    """Of somebody who turned out to be another here, that other."""
    enter(user)
    rows = Person.objects.visible_to(user).select_related("centre")
    row = _or_404(rows.filter(pk=pk).first())
    return _or_404(rows.filter(pk=row.merged_into_id).first()) if row.merged_into_id else row


def merging_person(user: Any, pk: int) -> Person:
    """A person whom the user may make one with another. Raises PermissionDenied."""
    person = person_for(user, pk)
    if not may_reveal(user, person):
        raise PermissionDenied
    return person


def other_person(user: Any, pk: str) -> Person | None:
    """The other of a merge that is only thought of."""
    key = int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 15 else 0
    return Person.objects.visible_to(user).unmerged().filter(pk=key).first()


def alike(user: Any, person: Person, text: str) -> list[Person]:
    """Others who may be the same: of that number or name, else of this person's numbers and names."""
    rows = Person.objects.visible_to(user).unmerged().exclude(pk=person.pk)
    if text:
        number = as_number(text)
        found = rows.with_number(number) if number else rows.looked_up(text)
        return list(found.distinct()[:ALIKE])
    numbers = Phone.objects.filter(number__in=person.phones.values("number"))
    ways = [rows.filter(pk__in=numbers.values("person"))]
    if person.email:
        ways.append(rows.of_address(person.email))
    if name := person.name or person.other_name:
        ways.append(rows.looked_up(name))
    found = {one.pk: one for way in ways for one in way[:ALIKE]}
    return list(found.values())[:ALIKE]


def not_mergeable(user: Any, one: Person, other: Person) -> str:
    """Why not; empty when this user may. With an account comes a look at all requests of both."""
    if (one.user_id or other.user_id) and not user.has_perm("tickets.read_restricted"):
        return _("One of them has an account: a senior or a supervisor merges them.")
    return obstacle(one, other)


def person_merge_for(user: Any, pk: int) -> PersonMerge:
    """A merge that the user may undo. Raises PermissionDenied."""
    enter(user)
    rows = PersonMerge.objects.filter(target__in=Person.objects.visible_to(user))
    row = _or_404(rows.select_related("source", "target", "by").filter(pk=pk).first())
    if not may_reveal(user, row.target):
        raise PermissionDenied
    return row


def mandate_for(user: Any, pk: int) -> Mandate:
    enter(user)
    rows = Mandate.objects.visible_to(user).select_related("association", "person")
    return _or_404(rows.filter(pk=pk).first())


def deadline_for(user: Any, pk: int) -> LegalDeadline:
    enter(user)
    rows = LegalDeadline.objects.visible_to(user).select_related("association", "called_by")
    return _or_404(rows.filter(pk=pk).first())


def may_reveal(user: Any, person: Person) -> bool:
    """Whole numbers are for seniors and supervisors, and for who works on a request of the person."""
    if user.has_perm("tickets.read_restricted"):
        return True
    requests: Any = person.tickets
    return bool(requests.filter(assignee=user).exists())


def phone_of(user: Any, person: Person, pk: int) -> Phone:
    """A number to be shown with a reason. Raises PermissionDenied for who may not see it whole."""
    if not may_reveal(user, person):
        raise PermissionDenied
    return _or_404(person.phones.filter(pk=pk).first())


def phone_to_call(user: Any, deadline: LegalDeadline, pk: int) -> Phone:
    """The number of somebody who holds an office now, while their association is to be called."""
    if not is_to_call(deadline):
        raise Http404
    mandates = deadline.association.mandates.held(on=timezone.localdate())
    return _or_404(Phone.objects.filter(pk=pk, person__mandates__in=mandates).first())


def is_to_call(deadline: LegalDeadline) -> bool:
    return bool(
        LegalDeadline.objects.to_call(on=timezone.localdate()).filter(pk=deadline.pk).exists()
    )


def _or_404(row: Any) -> Any:
    if row is None:
        raise Http404
    return row
