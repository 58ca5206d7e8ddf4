"""Files of others are the ones the manifest names, with their licence, and ask for nothing outside."""

import hashlib
import json
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "config" / "static"
MANIFEST = json.loads((STATIC / "vendor" / "manifest.json").read_text(encoding="utf-8"))
FILES = [(path, sha) for package in MANIFEST for path, sha in package["files"].items()]


@pytest.mark.parametrize(("path", "sha"), FILES, ids=[path for path, _ in FILES])
def test_a_vendored_file_is_the_one_of_the_manifest(path: str, sha: str) -> None:
    data = (STATIC / path).read_bytes()
    assert hashlib.sha256(data).hexdigest() == sha
    assert b"sourceMappingURL" not in data


@pytest.mark.parametrize("package", MANIFEST, ids=lambda package: package["package"])
def test_each_package_says_version_and_carries_its_licence(package: dict[str, str]) -> None:
    assert package["version"]
    assert package["licence"]
    assert package["source"]
    assert len((STATIC / package["licence_file"]).read_text(encoding="utf-8")) > 200


def test_nothing_lies_in_vendor_that_the_manifest_does_not_name() -> None:
    named = {path for path, _ in FILES} | {package["licence_file"] for package in MANIFEST}
    lying = {
        str(path.relative_to(STATIC))
        for path in (STATIC / "vendor").rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert lying <= named


def test_htmx_is_the_one_that_django_htmx_ships() -> None:
    import django_htmx

    shipped = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
    assert shipped.read_bytes() == (STATIC / "vendor" / "htmx" / "htmx.min.js").read_bytes()
