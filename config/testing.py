"""What the test run changes: a database of its own, quick hashes, plain static files."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import environ


def apply(settings: dict[str, Any]) -> None:
    """Change the settings module's globals in place; only pytest calls this."""
    env = environ.Env()
    folder = Path(tempfile.mkdtemp(prefix="wasl-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "static").mkdir()
    settings["DATA_DIR"] = folder
    settings["MEDIA_ROOT"] = folder / "files"
    settings["OUTBOX_DIR"] = folder / "outbox"
    settings["STATIC_ROOT"] = folder / "static"
    settings["SWEEPS_INSIDE"] = False
    settings["BACKUP_DIR"] = settings["BACKUP_KEY"] = ""
    settings["LINE_HOOK_APPLIES"] = False
    settings["ELASTICSEARCH_URL"] = ""
    settings["PASSWORD_HASHERS"] = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings["TOTP_REQUIRED_GROUPS"] = []
    settings["STORAGES"]["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    database = settings["DATABASES"]["default"]
    if url := env.str("DATABASE_URL_TEST", ""):
        database.clear()
        database.update(environ.Env.db_url_config(url))
        database["TEST"] = {"NAME": f"test_wasl_{os.getpid()}"}
    if database["ENGINE"] == "config.sqlite":
        # A file, never memory: threads and the live server share it as they do in life.
        database["NAME"] = folder / "wasl.sqlite3"
        database["TEST"] = {"NAME": str(folder / "test.sqlite3")}
    # A lasting connection keeps PostgreSQL from dropping the test database at the end.
    database["CONN_MAX_AGE"] = 0
