"""The second proof (TOTP): who must have it, who has it."""

import base64
import logging
import secrets
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import ValidationError

from helpdesk.accounts.sealing import seal

log = logging.getLogger("wasl.security")
SEALED = "sealed:"


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def encrypt(self, text: str) -> str:
        """Seeds lie in the database sealed with a key that does not: a copy of it alone opens no account."""
        return SEALED + _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Seeds of before this were kept as they are. After a change of the pepper none opens: then it is one that
        nobody knows, no code fits, and an administrator resets the proof."""
        if not encrypted_text.startswith(SEALED):
            return encrypted_text
        try:
            return _seal().decrypt(encrypted_text.removeprefix(SEALED).encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Who must have the second proof cannot switch it off; an administrator can reset it."""
        return not is_required(authenticator.user)


def _seal() -> Fernet:
    return seal("second proof")


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


class _Told:
    """A second proof that was wrong stands in the log, without what was typed."""

    def clean_code(self) -> str:
        try:
            return super().clean_code()  # type: ignore[misc]
        except ValidationError:
            log.warning("sign-in refused", extra={"person": self.user.pk, "kind": "second proof"})  # type: ignore[attr-defined]
            raise


class AuthenticateForm(_Told, forms.AuthenticateForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(_Told, forms.ReauthenticateForm):  # type: ignore[misc]
    pass
