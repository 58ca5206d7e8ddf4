"""What changes about the centre itself."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from helpdesk.centre.models import Centre, Operator


@transaction.atomic
def describe(
    centre: Centre, *, centre_facts: Mapping[str, Any], operator: Mapping[str, Any]
) -> None:
    """Store the names, addresses and numbers that pages show, and who runs the centre."""
    Centre.objects.filter(pk=centre.pk).update(**centre_facts)
    if centre.operator_id:
        Operator.objects.filter(pk=centre.operator_id).update(**operator)
    else:
        made = Operator.objects.create(**operator)
        Centre.objects.filter(pk=centre.pk).update(operator=made)
