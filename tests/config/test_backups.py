"""A backup under writers, and its restore in another place: the same, or a clear sentence and nothing changed.

On SQLite in every run, with real pg_dump and pg_restore where the suite runs on PostgreSQL.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from config.installation.backups import (
    engine,
    health,
    jobs,
    keys,
    manifest,
    postgres,
    restoring,
    sealed,
    sqlite,
    taking,
)  # fmt: skip
from helpdesk.centre import backing
from helpdesk.centre.models import Backup
from helpdesk.live.models import Draft
from knowledge.health import Light
from tests import make
from tests.make import NOW
from tests.server import manage

CANARY = "+212699999901"
SPELT = ("+212699999901", "212699999901", "0699999901", "699999901")


@pytest.fixture
def place(tmp_path: Path, settings) -> SimpleNamespace:
    """A data folder with a key, a stored file and a canary; a folder for backups beside it."""
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path / "centre", tmp_path / "centre" / "files"
    settings.BACKUP_DIR = str(tmp_path / "kept")
    for folder in ("centre/files/ab", "centre/index", "kept"):
        (tmp_path / folder).mkdir(parents=True)
    (settings.MEDIA_ROOT / "ab" / "cdef").write_text(f"call {CANARY}")
    (settings.DATA_DIR / "index" / "segment").write_text("made anew")
    return SimpleNamespace(
        data=Path(settings.DATA_DIR),
        kept=Path(settings.BACKUP_DIR),
        key=keys.private_key(keys.make()),
    )


@contextmanager
def elsewhere(settings, folder: Path) -> Iterator[None]:
    """An empty server: another data folder, another database of the same kind."""
    folder.mkdir()
    former = (settings.DATA_DIR, settings.MEDIA_ROOT, connection.settings_dict["NAME"])
    settings.DATA_DIR, settings.MEDIA_ROOT = folder, folder / "files"

    @contextmanager
    def database() -> Iterator[None]:
        connection.close()
        if engine.name() == sqlite.ENGINE:
            connection.settings_dict["NAME"] = str(folder / "wasl.sqlite3")
            yield
        else:
            with postgres.temporary("wasl_restored") as name:
                connection.settings_dict["NAME"] = name
                try:
                    yield
                finally:
                    connection.close()
                    connection.settings_dict["NAME"] = former[2]

    with database():
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = former[2]
            settings.DATA_DIR, settings.MEDIA_ROOT = former[:2]


def twins(stop: threading.Event, written: list[int], number: int) -> None:
    """Two rows in each transaction: half of one must never be found."""
    try:
        while not stop.is_set():
            with transaction.atomic():
                for side in "ab":
                    Draft.objects.create(
                        visitor=f"{number}-{len(written)}-{side}", place="w", saved_at=NOW
                    )
            written.append(number)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_backup_under_writers_is_restored_the_same(place, settings, tmp_path):
    make.person("خديجة", number=CANARY)
    stop = threading.Event()
    lists: list[list[int]] = [[], [], []]
    writers = [
        threading.Thread(target=twins, args=(stop, written, number))
        for number, written in enumerate(lists)
    ]
    for writer in writers:
        writer.start()
    try:
        while not all(lists):
            time.sleep(0.01)
        before = sum(len(written) for written in lists)
        taken = taking.take(place.kept, at=NOW)
        during = sum(len(written) for written in lists) - before
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert during > 0, "writers had to wait for the backup"

    sealed_bytes = taken.file.read_bytes()
    assert not any(word.encode() in sealed_bytes for word in (*SPELT, "خديجة", settings.PEPPER))
    assert not list(place.data.glob(".backup-*")), "a plain copy was left"
    row = Backup.objects.get()
    assert (row.file, row.size, row.failure) == (taken.file.name, len(sealed_bytes), "")
    assert row.verified_at

    pepper = settings.PEPPER
    with elsewhere(settings, tmp_path / "other"):
        assert restoring.is_empty()
        said, aside, _gone = restoring.restore(taken.file, place.key, over=False, at=NOW)
        assert aside is None
        assert said == taken.manifest
        kept = Draft.objects.filter(place="w")
        sides = {side: kept.filter(visitor__endswith=side).count() for side in "ab"}
        assert sides["a"] == sides["b"] >= before
        here = tmp_path / "other"
        assert (here / "files" / "ab" / "cdef").read_text() == f"call {CANARY}"
        assert (here / "pepper").read_text() == pepper
        assert not (here / "index").exists()
        with pytest.raises(restoring.NotRestored, match="centre here already"):
            restoring.restore(taken.file, place.key, over=False, at=NOW)
        Draft.objects.all().delete()
        (here / "files" / "later").write_text("since")
        connection.close()
        _, aside, _gone = restoring.restore(taken.file, place.key, over=True, at=NOW)
        assert kept.filter(visitor__endswith="a").count() == sides["a"]
        assert aside is not None
        assert (aside / "files" / "later").read_text() == "since"
        assert not (here / "files" / "later").exists()


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_restored_is_told_and_changes_nothing(
    place, settings, tmp_path, monkeypatch
):
    file = taking.take(place.kept, at=NOW).file
    whole = file.read_bytes()
    bad = tmp_path / "bad.age"
    middle = len(whole) // 2
    with elsewhere(settings, tmp_path / "other"):
        (tmp_path / "other" / "pepper").write_text("of the new server")

        def told(source: Path, key: object, words: str) -> None:
            with pytest.raises(restoring.NotRestored, match=words):
                restoring.restore(source, key, over=False, at=NOW)
            assert engine.is_empty()
            assert [p.name for p in (tmp_path / "other").iterdir()] == ["pepper"]

        told(file, pyrage.x25519.Identity.generate(), "does not open this backup")
        for broken in (whole[:middle], whole[:-1], b"", b"words",
                       whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]):  # fmt: skip
            bad.write_bytes(broken)
            told(bad, place.key, "damaged or cut short")
        told(tmp_path / "none", place.key, "no file")
        monkeypatch.setattr(restoring, "_same", lambda *args: (_ for _ in ()).throw(
            restoring.NotRestored("differs")))  # fmt: skip
        told(file, place.key, "differs")
        assert (tmp_path / "other" / "pepper").read_text() == "of the new server"


@pytest.mark.django_db(transaction=True)
def test_a_backup_of_a_newer_version_is_refused(place, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(taking, "applied", lambda: ["tickets.9999_of_next_year"])
    file = taking.take(place.kept, at=NOW).file
    with (
        elsewhere(settings, tmp_path / "other"),
        pytest.raises(restoring.NotRestored, match="newer"),
    ):
        restoring.restore(file, place.key, over=False, at=NOW)


def test_nothing_is_laid_outside_of_the_folder(tmp_path):
    pair = pyrage.x25519.Identity.generate()
    for name in ("data/../../out", "/data/out", "other/out", "data/"):
        file = tmp_path / "made.age"
        with file.open("wb") as target, sealed.sealing(target, [pair.to_public()]) as writer:
            writer.add_bytes(name, b"x")
        with pytest.raises(sealed.Damaged):
            sealed.unseal(file, pair, into=tmp_path / "into")
    assert not (tmp_path / "out").exists()


def test_a_changed_row_changes_the_table(tmp_path):
    import sqlite3

    path = tmp_path / "one.sqlite3"
    opened = sqlite3.connect(path)
    opened.executescript("CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 'x'), (2, 'y');")
    first = sqlite.tables(path)
    opened.executescript("DELETE FROM t; INSERT INTO t VALUES (2, 'y'), (1, 'x');")
    assert sqlite.tables(path) == first, "the order of rows says nothing"
    opened.executescript("UPDATE t SET b = 'z' WHERE a = 2;")
    assert manifest.differences(first, sqlite.tables(path)) == ["t"]
    opened.close()


@pytest.mark.django_db(transaction=True)
def test_a_night_is_taken_once_and_again_after_a_failure(place, settings, monkeypatch):
    """Whatever goes wrong has its reason in the row; a night has three tries, an hour apart."""

    def run(row: int) -> None:
        try:
            call_command("backup", row=row)
        except CommandError:
            pass

    monkeypatch.setattr(jobs, "start", run)
    monkeypatch.setattr("os.nice", lambda by: None)
    night = NOW.replace(hour=3)
    keys.place().unlink()
    assert jobs.back_up_due(at=night) == 1
    row = Backup.objects.get()
    assert (row.failure, row.verified_at) == ("no-key", None)
    assert jobs.back_up_due(at=night + timedelta(minutes=30)) == 0
    keys.make()
    assert jobs.back_up_due(at=night + timedelta(hours=1)) == 1
    row.refresh_from_db()
    assert (row.failure, row.tries) == ("", 2)
    assert row.verified_at
    assert [p.name for p in place.kept.iterdir()] == [row.file]
    assert jobs.back_up_due(at=night + timedelta(hours=5)) == 0
    assert jobs.back_up_due(at=night + timedelta(days=1)) == 1
    settings.BACKUP_DIR = ""
    assert jobs.back_up_due(at=night + timedelta(days=2)) == 0


@pytest.mark.django_db(transaction=True)
def test_old_ones_go_and_the_newest_three_stay(place):
    import os

    rows = [taking.take(place.kept, at=NOW) for _ in range(5)]
    for days, taken in enumerate(rows):
        age = (timezone.now() - timedelta(days=100 - days)).timestamp()
        os.utime(taken.file, (age, age))
    assert taking.forget_old(place.kept, at=timezone.now()) == 2
    assert {p.name for p in place.kept.iterdir()} == {t.file.name for t in rows[2:]}
    assert {r.file for r in backing.newest()} == {t.file.name for t in rows[2:]}


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_leaves_no_half_file(place, monkeypatch):
    def full(*args: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sealed.Writer, "add_bytes", full)
    with pytest.raises(taking.NotTaken) as caught:
        taking.take(place.kept, at=NOW)
    assert caught.value.code == Backup.Failure.NO_SPACE
    assert list(place.kept.iterdir()) == []
    assert Backup.objects.get().failure == "no-space"


@pytest.mark.django_db(transaction=True)
def test_the_light_is_green_once_a_backup_was_proved_and_restored(place, settings):
    """Red without folder, key, backup or its file; amber until a drill, and again after a quarter."""

    def light(at=NOW) -> Light:
        (check,) = health.checks(centre=1, at=at)
        assert check.key == "backup"
        assert bool(check.to_do) == bool(check.who) == (check.light != Light.GREEN)
        return check.light

    folder, settings.BACKUP_DIR = settings.BACKUP_DIR, ""
    assert light() == Light.RED
    settings.BACKUP_DIR = folder
    assert light() == Light.RED
    taken = taking.take(place.kept, at=NOW)
    assert light() == Light.AMBER
    backing.drill(Backup.objects.get(), at=NOW)
    assert light() == Light.GREEN
    assert light(NOW + timedelta(days=3)) == Light.RED
    Backup.objects.update(verified_at=NOW + timedelta(days=110))
    assert light(NOW + timedelta(days=110)) == Light.AMBER
    taken.file.unlink()
    assert light(NOW + timedelta(days=110)) == Light.RED
    keys.place().unlink()
    assert light(NOW) == Light.RED


@pytest.mark.full
@pytest.mark.django_db
def test_a_centre_is_lost_and_comes_back_by_its_commands(tmp_path):
    """Key, backup, drill, loss, restore: each as a person types it, in processes of their own."""
    here, lost, kept = tmp_path / "centre", tmp_path / "lost", tmp_path / "kept"
    kept.mkdir()
    more = {"PROFILE": "centre", "BACKUP_DIR": str(kept)}
    here.mkdir()
    sqlite.snapshot(here / "wasl.sqlite3")
    (tmp_path / "key").write_text(manage(here, "backup_key", **more))
    private = (tmp_path / "key").read_text().splitlines()[-1]
    assert private.startswith("AGE-SECRET-KEY-1")
    assert not any(private in p.read_text("latin-1") for p in here.iterdir() if p.is_file())
    assert "read again and the same" in manage(here, "backup", **more)
    drilled = manage(here, "restore_drill", "--identity", str(tmp_path / "key"), **more)
    assert "was restored elsewhere" in drilled
    assert not list(here.glob(".drill-*"))
    (file,) = kept.glob("*.age")
    before = sqlite.tables(here / "wasl.sqlite3")
    here.rename(lost)
    told = manage(here, "restore", str(file), "--identity", str(tmp_path / "key"), **more)
    assert "equal to its manifest" in told
    after = sqlite.tables(here / "wasl.sqlite3")
    assert manifest.differences(before, after) == ["centre_backup"]
    assert (here / "index" / "tickets").is_dir()
    assert (here / "pepper").read_text() == (lost / "pepper").read_text()
