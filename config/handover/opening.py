"""Opening a pack in a fresh centre: all of it or nothing, and proved equal before it stays.

Numbers of rows are kept, because references of requests are made of them: so nothing of the kind may be
there yet, in any centre of the installation. People who worked there come as closed accounts, so that an
answer still says who gave it.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.core.management.color import no_style
from django.db import connection, models, transaction

from config.handover.lists import LISTS, list_lines, write_lists
from config.handover.packing import FORMAT, MANIFEST, Manifest
from config.handover.records import (
    FORMER,
    LATER,
    ORDER,
    Names,
    fields_of,
    lines,
    name_of,
    sum_of,
)
from helpdesk.accounts.actions import audit
from helpdesk.accounts.models import Team, User
from helpdesk.associations.numbers import NumberField
from helpdesk.centre.models import Centre
from helpdesk.files.actions import path_of
from helpdesk.files.models import StoredFile
from helpdesk.queues.models import Queue
from knowledge.articles.models import Theme, Version

AT_ONCE = 500


class NotOpened(Exception):
    """Nothing was taken over; the message says why."""


@dataclass
class _Keys:
    """What names of the pack mean here."""

    centre: Centre
    users: dict[str, int]
    teams: dict[tuple[str, str], int]
    queues: dict[str, int]
    themes: dict[str, int]
    versions: dict[tuple[Any, ...], int]

    def of(self, target: type[models.Model], name: Any) -> Any:
        if target is User:
            return self._user(name)
        if target is Team:
            return self._team(*name)
        if target is Queue:
            return self._queue(*name)
        if target is Theme:
            return self._known(self.themes, name, "theme")
        if target is Version:
            return self._known(self.versions, tuple(name), "article version")
        return name

    def _user(self, name: str) -> int:
        if name not in self.users:
            known = User.objects.filter(username=FORMER + name).first()
            made = known or User(
                username=FORMER + name, name_ar=name, name_fr=name, is_active=False
            )
            if known is None:
                made.set_unusable_password()
                made.save()
            self.users[name] = made.pk
        return self.users[name]

    def _team(self, name_ar: str, name_fr: str) -> int:
        key = (name_ar, name_fr)
        if key not in self.teams:
            found, _made = Team.objects.get_or_create(
                centre=self.centre, name_ar=name_ar, name_fr=name_fr
            )
            self.teams[key] = found.pk
        return self.teams[key]

    def _queue(self, team: list[str], name_ar: str, name_fr: str) -> int:
        key = json.dumps([team, name_ar, name_fr])
        if key not in self.queues:
            found, _made = Queue.objects.get_or_create(
                team_id=self._team(*team), name_ar=name_ar, name_fr=name_fr
            )
            self.queues[key] = found.pk
        return self.queues[key]

    @staticmethod
    def _known(table: dict[Any, int], name: Any, what: str) -> int:
        if name not in table:
            raise NotOpened(
                f"the {what} {name} is not here: bring in the library of that centre first"
            )
        return table[name]


def open_pack(path: Path, centre: Centre, *, at: datetime) -> Manifest:
    """Take all of it over. Raises NotOpened, and then nothing has changed."""
    try:
        with ZipFile(path) as packed:
            manifest = _manifest(packed)
            _prove(packed, manifest)
            return _taken(packed, manifest, centre, at=at)
    except (BadZipFile, KeyError, UnicodeDecodeError, json.JSONDecodeError, OSError) as broken:
        raise NotOpened(f"the file cannot be read: {broken}") from broken


def _manifest(packed: ZipFile) -> Manifest:
    told = json.loads(packed.read(MANIFEST))
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise NotOpened("this is no hand-over pack of this program")
    known = {"made_at", "centre", "format", "tables", "files", "missing"}
    return Manifest(**{name: told[name] for name in known})


def _prove(packed: ZipFile, manifest: Manifest) -> None:
    """Every sum, before anything is written."""
    if set(manifest.tables) != {LISTS, *(name_of(model) for model in ORDER)}:
        raise NotOpened("the pack was made by another version of this program")
    for name, (_rows, expected) in manifest.tables.items():
        if _sum(packed, f"records/{name}.jsonl") != expected:
            raise NotOpened(f"records/{name}.jsonl is not what was packed")
    for name, expected in manifest.files.items():
        if _sum(packed, f"files/{name}") != expected:
            raise NotOpened(f"files/{name} is not what was packed")


def _sum(packed: ZipFile, member: str) -> str:
    total = hashlib.sha256()
    with packed.open(member) as part:
        for piece in iter(lambda: part.read(1 << 20), b""):
            total.update(piece)
    return total.hexdigest()


def _taken(packed: ZipFile, manifest: Manifest, centre: Centre, *, at: datetime) -> Manifest:
    for model in ORDER:
        if model._base_manager.exists():
            raise NotOpened(
                f"there are records here already ({name_of(model)}): a pack opens in a fresh installation"
            )
    written: list[Path] = []
    try:
        with transaction.atomic():
            _write_rows(packed, centre)
            _compare(manifest, centre)
            for name in manifest.files:
                written.append(_write_file(packed, name))
            facts = {"sha256": manifest.sum, "rows": sum(n for n, _s in manifest.tables.values())}
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
    keys = _Keys(
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
    for sql in connection.ops.sequence_reset_sql(no_style(), list(ORDER)):
        with connection.cursor() as cursor:
            cursor.execute(sql)


def _rows(packed: ZipFile, model: type[models.Model]) -> Iterator[dict[str, Any]]:
    with packed.open(f"records/{name_of(model)}.jsonl") as part:
        for line in part:
            yield json.loads(line)


def _row(model: type[models.Model], said: dict[str, Any], keys: _Keys) -> models.Model:
    values: dict[str, Any] = {"pk": said["pk"]}
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
        raise NotOpened("themes or facts were changed here: they differ from those of the pack")
    names = Names(centre)
    for model in ORDER:
        found = list(sum_of(lines(model, centre, names)))
        if found != manifest.tables[name_of(model)]:
            raise NotOpened(f"{name_of(model)} came out differently: {found}")


def _write_file(packed: ZipFile, name: str) -> Path:
    if not StoredFile.objects.filter(name=name).exists() or not name.isalnum():
        raise NotOpened(f"no record names the file {name}")
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with packed.open(f"files/{name}") as part, path.open("wb") as out:
        for piece in iter(lambda: part.read(1 << 20), b""):
            out.write(piece)
    path.chmod(0o600)
    return path
