"""https to a cluster: its certificate is checked, the key of the settings is shown."""

import base64
import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from knowledge.search.engines.elastic import ElasticEngine
from knowledge.search.engines.elastic_client import Cluster
from knowledge.search.engines.port import EngineBroken
from knowledge.search.engines.trial import filled
from tests.faults.elastic_way import Way
from tests.search.node import URL
from tests.search.test_elastic import keys
from tests.search.test_engine import RECEIPT, RECU, TAX

pytestmark = pytest.mark.full
KEY = base64.b64encode(b"ident:secret").decode()


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An authority, a certificate of its for 127.0.0.1 with the key, and another authority."""
    folder = tmp_path_factory.mktemp("papers")
    paths = {name: folder / name for name in ("ca", "cert", "key", "other")}
    now, address = datetime.now(UTC), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))

    def signed(
        name: str,
        public: ec.EllipticCurvePublicKey,
        issuer: str,
        by: ec.EllipticCurvePrivateKey,
        *,
        ca: bool,
    ) -> bytes:
        named, issued = (
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in (name, issuer)
        )
        made = (
            x509.CertificateBuilder()
            .subject_name(named).issuer_name(issued).public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=30)).not_valid_after(now + timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([address]), critical=False)
            .sign(by, hashes.SHA256())
        )  # fmt: skip
        return made.public_bytes(serialization.Encoding.PEM)

    ours, theirs, leaf = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    paths["ca"].write_bytes(signed("ours", ours.public_key(), "ours", ours, ca=True))
    paths["other"].write_bytes(signed("theirs", theirs.public_key(), "theirs", theirs, ca=True))
    paths["cert"].write_bytes(signed("node", leaf.public_key(), "ours", ours, ca=False))
    paths["key"].write_bytes(
        leaf.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def test_the_whole_way_through_tls(papers: dict[str, Path]) -> None:
    with Way(URL, certificate=(papers["cert"], papers["key"])) as way:
        cluster = Cluster(way.url, api_key=KEY, ca=str(papers["ca"]))
        with filled(cluster, [RECEIPT, RECU, TAX]) as engine:
            assert keys(engine, "récépissé définitif")[0] == "r.fr"
        assert set(way.keys) == {f"ApiKey {KEY}"}


def test_a_key_written_in_two_parts(papers: dict[str, Path]) -> None:
    with Way(URL, certificate=(papers["cert"], papers["key"])) as way:
        ElasticEngine(Cluster(way.url, api_key="ident:secret", ca=str(papers["ca"]))).live()
        assert set(way.keys) == {f"ApiKey {KEY}"}


@pytest.mark.parametrize("ca", ["other", ""])
def test_a_certificate_of_somebody_else_is_refused(papers: dict[str, Path], ca: str) -> None:
    with Way(URL, certificate=(papers["cert"], papers["key"])) as way:
        engine = ElasticEngine(Cluster(way.url, api_key=KEY, ca=str(papers[ca]) if ca else ""))
        with pytest.raises(EngineBroken):
            engine.live()
        assert way.requests == [], "the key was not shown"
