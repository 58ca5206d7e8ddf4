"""The starter library, indexed in a folder of the test's own."""

from pathlib import Path
from typing import Any

import pytest

from knowledge.search import index
from tests import make


@pytest.fixture
def library(db: Any, settings: Any, tmp_path: Path) -> Path:
    """The library is published and indexed; the index's folder."""
    settings.DATA_DIR = tmp_path
    make.library()
    index.rebuild()
    return tmp_path / "index"
