"""Doorways to associations, people and deadlines at the desk. Unknown and forbidden are one 404."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from helpdesk.accounts.scope import Scope
from helpdesk.associations.models import Association, LegalDeadline, Mandate, Person, Phone
from helpdesk.associations.querysets import AssociationQuerySet, LegalDeadlineQuerySet
from helpdesk.centre.models import Centre


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
    enter(user)
    return _or_404(Person.objects.visible_to(user).select_related("centre").filter(pk=pk).first())


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
