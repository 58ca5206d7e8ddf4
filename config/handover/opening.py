"""Opening a pack in a fresh centre: all of it or nothing, and proved equal before it stays.

Numbers of rows are kept, because references of requests are made of them: so nothing of the kind may be
there yet, in any centre of the installation. People who worked there come as closed accounts, so that an
answer still says who gave it.
"""

import base64
import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from config.handover.keys import Keys
from config.handover.lists import LISTS, list_lines, write_lists
from config.handover.packing import FORMAT, MANIFEST, Manifest
from config.handover.records import (
    BY_KEY,
    LATER,
    ORDER,
    Names,
    fields_of,
    lines,
    name_of,
    sum_of,
)
from config.handover.refusing import NotOpened
from config.handover.traces import TRACES
from config.installation.backups import sealed
from helpdesk.accounts.actions import audit
from helpdesk.associations.numbers import NumberField
from helpdesk.centre.models import Centre
from helpdesk.files.actions import path_of
from helpdesk.files.models import StoredFile
from knowledge.articles.models import Theme, Version

AT_ONCE = 500
TOUCHED = _("%(part)s is not what was packed.")


def open_pack(path: Path, centre: Centre, *, at: datetime, identity: Any | None = None) -> Manifest:
    """Take all of it over; without the private key only a pack in clear text. Raises NotOpened, and then
    nothing has changed."""
    try:
        with _plain(path, identity) as plain, ZipFile(plain) as packed:
            manifest = _manifest(packed)
            _prove(packed, manifest)
            return _taken(packed, manifest, centre, at=at)
    except sealed.WrongKey as error:
        raise NotOpened(
            _("This key does not open this pack: it was sealed for another one.")
        ) from error
    except sealed.Damaged as error:
        raise NotOpened(
            _("The pack is damaged, altered or cut short: take another copy of it.")
        ) from error
    except FileNotFoundError as error:
        raise NotOpened(_("There is no file %(name)s."), name=error.filename) from error
    except (BadZipFile, KeyError, UnicodeDecodeError, json.JSONDecodeError, OSError) as error:
        raise NotOpened(_("The file cannot be read: it is no pack, or not whole.")) from error


@contextmanager
def _plain(path: Path, identity: Any | None) -> Iterator[Path]:
    """The pack as it can be read; what was sealed lies there only meanwhile, for its owner alone."""
    with path.open("rb") as held:
        is_sealed = held.read(len(sealed.BEGINNING)) == sealed.BEGINNING
    if not is_sealed:
        if identity is not None:
            raise NotOpened(_("The pack is in clear text: say --clear to open it nevertheless."))
        yield path
        return
    if identity is None:
        raise NotOpened(_("The pack is sealed: name the file of the private key by --identity."))
    with TemporaryDirectory(prefix=".handover-", dir=settings.DATA_DIR) as folder:
        plain = Path(folder) / "pack.zip"
        with sealed.opening(path, identity) as stream, plain.open("xb") as out:
            shutil.copyfileobj(stream, out, 1 << 20)
        yield plain


def _manifest(packed: ZipFile) -> Manifest:
    told = json.loads(packed.read(MANIFEST))
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise NotOpened(_("This is no hand-over pack of this program."))
    known = {"made_at", "centre", "format", "tables", "files", "missing", "under_way"}
    return Manifest(**{name: told[name] for name in known})


def _prove(packed: ZipFile, manifest: Manifest) -> None:
    """Every sum, before anything is written."""
    parts = {LISTS, *(name_of(model) for model in ORDER), *(trace.name for trace in TRACES)}
    if set(manifest.tables) != parts:
        raise NotOpened(_("The pack was made by another version of this program."))
    for name, (_number, expected) in manifest.tables.items():
        if _sum(packed, f"records/{name}.jsonl") != expected:
            raise NotOpened(TOUCHED, part=f"records/{name}.jsonl")
    for name, expected in manifest.files.items():
        if _sum(packed, f"files/{name}") != expected:
            raise NotOpened(TOUCHED, part=f"files/{name}")


def _sum(packed: ZipFile, member: str) -> str:
    total = hashlib.sha256()
    with packed.open(member) as part:
        for piece in iter(lambda: part.read(1 << 20), b""):
            total.update(piece)
    return total.hexdigest()


def _taken(packed: ZipFile, manifest: Manifest, centre: Centre, *, at: datetime) -> Manifest:
    for model in ORDER:
        if model not in BY_KEY and model._base_manager.exists():
            raise NotOpened(
                _(
                    "There are records here already (%(kind)s): a pack opens in a fresh installation."
                ),
                kind=name_of(model),
            )
    written: list[Path] = []
    try:
        with transaction.atomic():
            _write_rows(packed, centre)
            _compare(manifest, centre)
            for name in manifest.files:
                written.append(_write_file(packed, name))
            facts = {"sha256": manifest.sum, "rows": sum(n for n, _sha in manifest.tables.values())}
            audit("took-over", by=None, at=at, subject=centre, facts=facts)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return manifest


def _write_rows(packed: ZipFile, centre: Centre) -> None:
    with packed.open(f"records/{LISTS}.jsonl") as part:
        write_lists(part)
    versions = Version.objects.values_list(
        "edition__article__topic", "edition__language", "number", "pk"
    )
    keys = Keys(
        centre, {}, {}, {}, dict(Theme.objects.values_list("code", "pk")),
        {(topic, language, number): pk for topic, language, number, pk in versions},
    )  # fmt: skip
    for model in ORDER:
        later: list[models.Model] = []
        files: list[tuple[int, list[int]]] = []
        batch: list[models.Model] = []
        for said in _rows(packed, model):
            batch.append(_row(model, said, keys))
            files += [(said["pk"], said["files"])] if said.get("files") else []
            after = {f"{name}_id": said[name] for name in LATER.get(model, ()) if said[name]}
            later += [model(pk=said["pk"], **after)] if after else []
            if len(batch) >= AT_ONCE:
                model._base_manager.bulk_create(batch)
                batch = []
        model._base_manager.bulk_create(batch)
        if later:
            model._base_manager.bulk_update(later, list(LATER[model]), batch_size=AT_ONCE)
        for pk, held in files:
            getattr(model(pk=pk), "files").set(held)  # noqa: B009 - only entries have them
    for trace in TRACES:
        with packed.open(f"records/{trace.name}.jsonl") as part:
            trace.write(part, keys.of)
    for sql in connection.ops.sequence_reset_sql(no_style(), list(ORDER)):
        with connection.cursor() as cursor:
            cursor.execute(sql)


def _rows(packed: ZipFile, model: type[models.Model]) -> Iterator[dict[str, Any]]:
    with packed.open(f"records/{name_of(model)}.jsonl") as part:
        for line in part:
            yield json.loads(line)


def _row(model: type[models.Model], said: dict[str, Any], keys: Keys) -> models.Model:
    values: dict[str, Any] = {} if model in BY_KEY else {"pk": said["pk"]}
    for field in fields_of(model):
        value = said[field.name]
        if field.is_relation:
            is_later = field.name in LATER.get(model, ())
            named = None if value is None or is_later else keys.of(field.related_model, value)
            values[field.attname] = named
        else:
            values[field.attname] = _value(field, value)
    if any(field.name == "centre" for field in model._meta.concrete_fields):
        values["centre_id"] = keys.centre.pk
    return model(**values)


def _value(field: Any, value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, NumberField):
        return field.from_db_value(value, None, connection) or ""
    if isinstance(field, models.DateTimeField):
        return datetime.fromisoformat(value)
    if isinstance(field, models.DateField):
        return date.fromisoformat(value)
    if isinstance(field, models.DurationField):
        return timedelta(seconds=value)
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    return value


def _compare(manifest: Manifest, centre: Centre) -> None:
    """Read again what was written: the same lines, or nothing stays."""
    if list(sum_of(list_lines())) != manifest.tables[LISTS]:
        raise NotOpened(_("Themes or facts were changed here: they differ from those of the pack."))
    for name, texts in again(centre, manifest.day):
        found = list(sum_of(texts))
        if found != manifest.tables[name]:
            raise NotOpened(_("%(kind)s came out differently: %(found)s."), kind=name, found=found)


def again(centre: Centre, day: date) -> Iterator[tuple[str, Iterator[str]]]:
    """Kind of record and its lines, as they were written where they came from; to be read in this order."""
    names = Names(centre, opened=True)
    for model in ORDER:
        yield name_of(model), lines(model, centre, names)
    for trace in TRACES:
        yield trace.name, trace.lines(centre, names, day)


def _write_file(packed: ZipFile, name: str) -> Path:
    if not StoredFile.objects.filter(name=name).exists() or not name.isalnum():
        raise NotOpened(_("No record names the file %(name)s."), name=name)
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with packed.open(f"files/{name}") as part, path.open("wb") as out:
        for piece in iter(lambda: part.read(1 << 20), b""):
            out.write(piece)
    path.chmod(0o600)
    return path
