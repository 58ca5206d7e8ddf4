"""Static files can be gathered as a start does it: every file that a sheet names is there."""

from pathlib import Path
from typing import Any

from django.core.management import call_command


def test_static_files_are_gathered_with_their_hashes(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    call_command("collectstatic", verbosity=0, interactive=False)
    assert (tmp_path / "staticfiles.json").exists()
