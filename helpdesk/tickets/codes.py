"""The follow code: 16 digits that open one ticket, shown once, stored only as a hash.

Argon2id over an HMAC with the pepper, which lives outside the database: a stolen database alone does
not allow guessing.
"""

import hashlib
import hmac
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from django.conf import settings

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _hasher.hash("no ticket has this code")


def new_code() -> str:
    """16 random digits."""
    return "".join(secrets.choice("0123456789") for _ in range(16))


def digits(text: str) -> str:
    """What was typed, as plain digits: spaces and Arabic-Indic digits are fine."""
    return "".join(c for c in text[:60].translate(_DIGITS) if c in "0123456789")


def grouped(code: str) -> str:
    """`1234 5678 9012 3456`."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def hash_code(code: str) -> str:
    return _hasher.hash(_peppered(code))


def matches(code_typed: str, hashed: str) -> bool:
    """Takes the same time whether the ticket exists (`hashed` empty = it does not) or not."""
    try:
        _hasher.verify(hashed or _NOBODY, _peppered(digits(code_typed)))
    except (VerificationError, InvalidHashError):
        return False
    return bool(hashed)


def _peppered(code: str) -> str:
    return hmac.new(settings.PEPPER.encode(), code.encode(), hashlib.sha256).hexdigest()
