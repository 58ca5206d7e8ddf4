"""What the settings of a cluster refuse, said before anything is sent."""

import subprocess
import sys
from pathlib import Path

import pytest

HTTPS, KEY = "https://search.example:9200", "a2V5"


def said(tmp_path: Path, **given: str) -> str:
    """The last line with which the settings end, empty when they are taken."""
    env = {"PATH": "/usr/bin:/bin", "DATA_DIR": str(tmp_path), **given}
    command = [sys.executable, "-c", "import config.searching"]
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    return ended.stderr.strip().rpartition("\n")[2]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"ELASTICSEARCH_URL": "search.example:9200"}, "no address"),
        ({"ELASTICSEARCH_URL": f"{HTTPS}, ftp://x"}, "no address"),
        ({"ELASTICSEARCH_URL": "http://search.example:9200", "ELASTICSEARCH_API_KEY": KEY}, "https only"),
        ({"ELASTICSEARCH_URL": "http://elastic:word@search.example:9200"}, "https only"),
        ({"ELASTICSEARCH_PREFIX": "a/b"}, "small letters"),
        ({"ELASTICSEARCH_URL": HTTPS, "ELASTICSEARCH_CA": "/nowhere.pem"}, "no file"),
    ],
)  # fmt: skip
def test_refused(tmp_path: Path, given: dict[str, str], sentence: str) -> None:
    assert sentence in said(tmp_path, **given)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"ELASTICSEARCH_URL": f"{HTTPS},https://two.example", "ELASTICSEARCH_API_KEY": KEY},
        {"ELASTICSEARCH_URL": "http://127.0.0.1:9200", "ELASTICSEARCH_API_KEY": KEY},
    ],
)
def test_taken(tmp_path: Path, given: dict[str, str]) -> None:
    assert said(tmp_path, **given) == ""


def test_without_a_cluster_its_client_is_not_loaded(tmp_path: Path) -> None:
    """It costs a second and 40 MB."""
    look = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings';"
        "django.setup(); import config.urls, knowledge.search.jobs;"
        "sys.exit(any(name.startswith('elastic') for name in sys.modules))"
    )
    env = {"PATH": "/usr/bin:/bin", "DATA_DIR": str(tmp_path)}
    assert subprocess.run([sys.executable, "-c", look], env=env, check=False).returncode == 0
