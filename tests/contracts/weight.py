"""What a first visit weighs: the page, and each file of ours that it asks for, as compressed.

`first_visit(client, path)` gives bytes and requests; fonts are counted where the page would fetch
them (Arabic pages the Arabic one; French pages none).
"""

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

import brotli
from django.test import Client

STATIC = Path(__file__).parents[2] / "config" / "static"
ASKED = re.compile(r'(?:href|src)="/static/([^"]+)"')
READY = (".woff2",)


@dataclass(frozen=True)
class Visit:
    """Bytes over the wire, number of requests, and the scripts among them."""

    size: int
    requests: int
    scripts: list[str]


def first_visit(client: Client, path: str) -> Visit:
    response = client.get(path)
    assert response.status_code == 200, path
    files = sorted(set(ASKED.findall(response.content.decode())))
    size = len(gzip.compress(response.content)) + sum(_weight(STATIC / name) for name in files)
    return Visit(size, 1 + len(files), [name for name in files if name.endswith(".js")])


def _weight(path: Path) -> int:
    data = path.read_bytes()
    return len(data) if path.suffix in READY else len(brotli.compress(data))
