"""Secrets that lie in the database sealed with a key that does not: a copy of it alone opens none of them."""

import base64
import hmac

from cryptography.fernet import Fernet
from django.conf import settings


def seal(purpose: str) -> Fernet:
    """A key of its own for each purpose, made from the pepper; with another pepper nothing sealed before opens."""
    made = hmac.digest(settings.PEPPER.encode(), purpose.encode(), "sha256")
    return Fernet(base64.urlsafe_b64encode(made))
