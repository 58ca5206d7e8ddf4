"""An upgrade: nothing without a proved backup, the way back said; and a migration that waits for no lock."""

import threading
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import connection, transaction

from config.installation.backups import keys, sealed
from config.management.commands import migrate
from helpdesk.centre.models import Backup
from helpdesk.live.models import Draft
from tests import make


def upgrade(**options: object) -> str:
    said = StringIO()
    call_command("upgrade", stdout=said, stderr=said, **options)
    return said.getvalue()


@pytest.fixture
def key(tmp_path, settings):
    settings.DATA_DIR, settings.BACKUP_DIR = tmp_path, str(tmp_path / "kept")
    settings.MEDIA_ROOT = tmp_path / "files"
    (tmp_path / "kept").mkdir()
    return keys.private_key(keys.make())


@pytest.mark.django_db(transaction=True)
def test_a_proved_backup_comes_first_and_the_way_back_is_told(key, tmp_path):
    make.centre()
    said = upgrade()
    row = Backup.objects.get()
    file = tmp_path / "kept" / row.file
    assert f"restore {file} --identity KEYFILE --over" in said
    assert sealed.unseal(file, key).tables["centre_centre"].rows == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_changed_without_a_backup(key, settings, monkeypatch):
    done: list[str] = []
    monkeypatch.setattr(
        "config.management.commands.upgrade.call_command", lambda *a, **k: done.append(a[0])
    )
    settings.BACKUP_DIR = ""
    with pytest.raises(CommandError, match="BACKUP_DIR"):
        upgrade()
    keys.place().unlink()
    with pytest.raises(CommandError, match="Nothing was changed"):
        upgrade(to=str(settings.DATA_DIR / "kept"))
    assert not done
    assert "No backup was taken" in upgrade(no_backup=True)
    assert done == ["setup"]


@pytest.mark.django_db(transaction=True)
def test_a_migration_lets_others_pass_and_tries_again(monkeypatch):
    """Somebody holds the table for five seconds: writers behind the migration wait two at most.

    SQLite has one lock for all, which every writer waits for by itself: nothing is tried twice there.
    """
    held, waits = threading.Event(), []
    server = connection.vendor == "postgresql"

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            if server:
                cursor.execute("LOCK TABLE live_draft IN ROW EXCLUSIVE MODE")
            held.set()
            time.sleep(5 if server else 0.2)
        connection.close()

    def write() -> None:
        for number in range(20):
            begun = time.monotonic()
            Draft.objects.create(visitor=f"w{number}", place="w", saved_at=make.NOW)
            waits.append(time.monotonic() - begun)
            time.sleep(0.2)
        connection.close()

    def change(*args: object, **options: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE live_draft ADD COLUMN tried integer")

    monkeypatch.setattr(Migrate, "handle", change)
    threads = [threading.Thread(target=hold), threading.Thread(target=write)]
    threads[0].start()
    held.wait(10)
    threads[1].start()
    said = StringIO()
    try:
        migrate.Command(stderr=said).handle(database="default")
        for thread in threads:
            thread.join()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE live_draft DROP COLUMN tried")
    assert ("a table is in use" in said.getvalue()) == server
    assert max(waits) < 3.0
