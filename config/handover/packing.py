"""Writing a centre into one file: its records as lines, the files that hang on them, and their sums."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.db import transaction

from config.handover.lists import LISTS, list_lines
from config.handover.records import ORDER, Names, lines, name_of, rows, under_way
from config.handover.traces import TRACES
from config.installation.backups import sealed
from helpdesk.accounts.actions import audit
from helpdesk.centre.models import Centre
from helpdesk.files.actions import path_of
from helpdesk.files.models import StoredFile

FORMAT = "wasl-handover-2"
MANIFEST = "manifest.json"


@dataclass
class Manifest:
    """`tables`: rows and SHA-256 by kind of record; `files`: SHA-256 by name on disk."""

    made_at: str
    centre: dict[str, Any]
    format: str = FORMAT
    tables: dict[str, list[Any]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    """Files that the records name and the disk has not."""
    under_way: dict[str, int] = field(default_factory=dict)
    """Rows by kind that had not ended, and are not in it."""

    @property
    def day(self) -> date:
        """On which it was made, in UTC."""
        return datetime.fromisoformat(self.made_at).astimezone(UTC).date()

    @property
    def text(self) -> str:
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, indent=1)

    @property
    def sum(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def pack(centre: Centre, into: Path, *, at: datetime, recipient: Any | None = None) -> Manifest:
    """Write the pack, sealed to the successor's public key; without one in clear text, readable by its owner
    only. Raises FileExistsError and other OSErrors: then there is no file of ours."""
    manifest = Manifest(at.isoformat(), _told(centre))
    handle = os.open(into, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with (
            os.fdopen(handle, "wb") as out,
            sealed.stream_into(out, [recipient]) if recipient else nullcontext(out) as plain,
            ZipFile(plain, "w", ZIP_DEFLATED) as packed,
        ):
            _write(packed, centre, manifest)
    except BaseException:
        into.unlink()
        raise
    facts = {"sha256": manifest.sum, "rows": sum(n for n, _sum in manifest.tables.values())}
    audit("handed-over", by=None, at=at, subject=centre, facts=facts)
    return manifest


def _write(packed: ZipFile, centre: Centre, manifest: Manifest) -> None:
    with transaction.atomic():  # one moment for all tables
        _tables(packed, centre, manifest)
        stored = list(rows(StoredFile, centre).values_list("name", "sha256"))
    for name, sha256 in stored:
        _file(packed, name, sha256, manifest)
    packed.writestr(MANIFEST, manifest.text)


def _tables(packed: ZipFile, centre: Centre, manifest: Manifest) -> None:
    names = Names(centre)
    _table(packed, LISTS, list_lines(), manifest)
    for model in ORDER:
        _table(packed, name_of(model), lines(model, centre, names), manifest)
    for trace in TRACES:
        _table(packed, trace.name, trace.lines(centre, names, manifest.day), manifest)
    manifest.under_way = under_way(centre)


def _table(packed: ZipFile, name: str, found: Iterator[str], manifest: Manifest) -> None:
    total, number = hashlib.sha256(), 0
    with packed.open(f"records/{name}.jsonl", "w", force_zip64=True) as out:
        for line in found:
            text = line.encode() + b"\n"
            total.update(text)
            out.write(text)
            number += 1
    manifest.tables[name] = [number, total.hexdigest()]


def _file(packed: ZipFile, name: str, sha256: str, manifest: Manifest) -> None:
    path = path_of(name)
    if not path.is_file():
        manifest.missing.append(name)
        return
    packed.write(path, f"files/{name}")
    manifest.files[name] = sha256


def _told(centre: Centre) -> dict[str, Any]:
    """Whose records these are; the successor keeps its own names."""
    operator = centre.operator
    told = {"slug": centre.slug, "name_ar": centre.name_ar, "name_fr": centre.name_fr}
    if operator is None:
        return told
    days = {
        name: day.isoformat() if day else None
        for name, day in (("from", operator.mandate_from), ("until", operator.mandate_until))
    }
    return {**told, "operator": {"name_ar": operator.name_ar, "name_fr": operator.name_fr, **days}}
