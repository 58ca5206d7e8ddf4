"""What people agreed to, in which words; a withdrawal is a fact beside it, not an eraser."""

from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.associations.models import Consent, Person


@transaction.atomic
def give_consent(
    person: Person,
    *,
    purpose: str,
    text_version: str,
    language: str,
    channel: str,
    at: datetime,
    by: Any = None,
) -> Consent:
    """Keep that the person agreed to this text; agreeing again to the same text changes nothing.

    `by` is the user who took it down, None where the person ticked it themselves.
    """
    consent, _ = Consent.objects.get_or_create(
        person=person, purpose=purpose, text_version=text_version, withdrawn_at=None,
        defaults={"language": language, "channel": channel, "given_at": at, "recorded_by": by},
    )  # fmt: skip
    return consent


def withdraw_consent(person: Person, *, purpose: str, at: datetime) -> int:
    """From now on nothing of that purpose; how many consents this ended."""
    return Consent.objects.filter(person=person, purpose=purpose, withdrawn_at=None).update(
        withdrawn_at=at
    )
