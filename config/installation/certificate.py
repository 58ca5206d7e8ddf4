"""A self-made certificate, so that a telephone on the local network may use the microphone.

Browsers give no microphone over plain http except on localhost.
"""

import ipaddress
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from config.lan import lan_address

DAYS = 365


def for_lan() -> dict[str, str]:
    """uvicorn's options for TLS, with a certificate for this machine's present address."""
    address = lan_address()
    cert = settings.DATA_DIR / f"lan-{address}.pem"
    key = settings.DATA_DIR / f"lan-{address}.key"
    if not _good(cert):
        write(address, cert, key)
    return {"ssl_certfile": str(cert), "ssl_keyfile": str(key)}


def _good(cert: Path) -> bool:
    if not cert.exists():
        return False
    ends = x509.load_pem_x509_certificate(cert.read_bytes()).not_valid_after_utc
    return ends > datetime.now(UTC) + timedelta(days=7)


def write(address: str, cert: Path, key: Path) -> None:
    """A new key and a certificate signed by itself for one address, good for a year."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Wasl {address}")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(address))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(private, hashes.SHA256())
    )
    with open(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as f:
        f.write(
            private.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
