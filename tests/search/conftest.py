"""The starter library, loaded and indexed once a module: loading it for each test costs a second."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knowledge.articles import models
from knowledge.search import index
from tests import make


@pytest.fixture(scope="module")
def shelf(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The library is in the database for the whole module; the folder that holds its index."""
    from django.conf import settings

    before, settings.DATA_DIR = settings.DATA_DIR, tmp_path_factory.mktemp("shelf")
    with django_db_blocker.unblock():
        make.library()
        index.rebuild()
        yield settings.DATA_DIR
        settings.DATA_DIR = before
        models.Edition.objects.update(current=None)
        for model in (
            "Citation",
            "Statement",
            "Version",
            "Edition",
            "Article",
            "Instrument",
            "Theme",
        ):
            getattr(models, model)._base_manager.all().delete()


@pytest.fixture
def read_only(db: Any, settings: Any, shelf: Path) -> Path:
    """The library for tests that change neither articles nor index."""
    settings.DATA_DIR = shelf
    return shelf / "index"


@pytest.fixture
def library(db: Any, settings: Any, shelf: Path, tmp_path: Path) -> Path:
    """The library with an index of the test's own; its folder."""
    shutil.copytree(shelf / "index", tmp_path / "index", symlinks=True)
    settings.DATA_DIR = tmp_path
    return tmp_path / "index"
