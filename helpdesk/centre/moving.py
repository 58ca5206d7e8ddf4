"""Rows that hang on one record, moved to another and back: what merging two records comes down to.

Which rows those are is read from the models, so that a table added later follows by itself. A row
that the receiving record has already (the same number, the same tag) stays where it was.
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, UniqueConstraint

Moved = dict[str, list[int]]
"""Field, as `tickets.answer.ticket`, and the keys of its rows that were moved."""


def hanging_on(model: type[models.Model]) -> Iterator[Any]:
    """Every foreign key that points to this model, the model's own among them."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            yield relation.field


def name_of(field: Any) -> str:
    """`tickets.answer.ticket`."""
    return f"{field.model._meta.label_lower}.{field.name}"


def move(source: Any, target: Any, *, but: Collection[str]) -> Moved:
    """Move all rows that hang on `source`, except by the fields named; what was moved."""
    moved: Moved = {}
    for field in hanging_on(type(source)):
        if name_of(field) in but:
            continue
        rows = field.model._base_manager.filter(**{field.name: source})
        keys = list(rows.exclude(_known_to(field, target)).values_list("pk", flat=True))
        if keys:
            field.model._base_manager.filter(pk__in=keys).update(**{field.name: target})
            moved[name_of(field)] = keys
    return moved


def move_back(moved: Moved, source: Any, target: Any) -> None:
    """Give back to `source` what `move` took, as far as it still hangs on `target`."""
    for field in hanging_on(type(source)):
        if keys := moved.get(name_of(field)):
            rows = field.model._base_manager.filter(pk__in=keys, **{field.name: target})
            rows.update(**{field.name: source})


def _known_to(field: Any, target: Any) -> Q:
    """Rows that would be there twice."""
    there = field.model._base_manager.filter(**{field.name: target})
    known = Q(pk__in=[])
    if field.unique:
        known |= Q(Exists(there))
    for constraint in field.model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and field.name in constraint.fields:
            same = {
                name: OuterRef(f"{name}_id" if _is_key(field.model, name) else name)
                for name in constraint.fields
                if name != field.name
            }
            both = constraint.condition or Q()
            known |= Q(both, Exists(there.filter(both, **same)))
    return known


def _is_key(model: type[models.Model], name: str) -> bool:
    return bool(model._meta.get_field(name).is_relation)
