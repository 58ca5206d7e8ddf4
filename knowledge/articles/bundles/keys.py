"""The key a centre signs its library with, and the number by which people compare keys.

Ed25519. Ours is made from a secret of the installation (`BUNDLE_KEY`); of another centre only the
public half is known, sixty-four hexadecimal digits.
"""

import hashlib
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PUBLIC = re.compile(r"[0-9a-f]{64}")
_GROUPS, _DIGITS = 6, 5


def own() -> str:
    """Our public key."""
    return _private().public_key().public_bytes_raw().hex()


def sign(content: bytes) -> bytes:
    """64 bytes; the same content has the same signature."""
    return _private().sign(content)


def is_signed(content: bytes, signature: bytes, key: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def number(key: str) -> str:
    """Thirty digits in groups, read aloud on the telephone to make sure that two keys are one.

    Digits, since they are said in every language; about 99 bits of the key's SHA-256.
    """
    digest = hashlib.sha256(bytes.fromhex(key)).digest()
    groups = (digest[at * _DIGITS : (at + 1) * _DIGITS] for at in range(_GROUPS))
    return " ".join(f"{int.from_bytes(part, 'big') % 10**_DIGITS:05d}" for part in groups)


def typed(text: str) -> str:
    """A key as somebody pasted it, blanks and capitals aside; ValueError when it is none."""
    key = "".join(text.split()).lower()
    if not _PUBLIC.fullmatch(key):
        raise ValueError("a key is 64 hexadecimal digits")
    return key


def _private() -> Ed25519PrivateKey:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"wasl library bundle")
    return Ed25519PrivateKey.from_private_bytes(made.derive(settings.BUNDLE_KEY.encode()))
