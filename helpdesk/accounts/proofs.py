"""The second proof (TOTP): who must have it, who has it."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Who must have the second proof cannot switch it off; an administrator can reset it."""
        return not is_required(authenticator.user)


def is_required(user: Any) -> bool:
    return bool({role.value for role in user.roles} & set(settings.TOTP_REQUIRED_GROUPS))


def has(user: Any) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def is_owed(user: Any) -> bool:
    """Required and not set up yet."""
    return is_required(user) and not has(user)


def drop(user: Any) -> int:
    """Forget the person's app and recovery codes; how many rows."""
    return Authenticator.objects.filter(user=user).delete()[0]
