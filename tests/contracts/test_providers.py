"""Providers stay in their folders: only two places import Twilio's library, and a start never does."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("config", "helpdesk", "knowledge", "telephony")
MAY = ("telephony/providers/twilio/", "telephony/simulator/")


def imported(source: str) -> Iterator[str]:
    """Names of modules a source imports, also those that are named to an importing function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            called = node.func.id if isinstance(node.func, ast.Name) else called
            if called in ("import_module", "__import__"):
                yield str(node.args[0].value)


def is_twilio(name: str) -> bool:
    return name.partition(".")[0] == "twilio"


@pytest.mark.parametrize(
    "source",
    [
        "import twilio", "import twilio.rest as t", "from twilio.twiml import voice_response",
        "def f():\n    from twilio import rest", "importlib.import_module('twilio.rest')",
        "__import__('twilio')",
    ],
)  # fmt: skip
def test_every_way_of_importing_is_seen(source: str) -> None:
    assert any(map(is_twilio, imported(source)))


def test_a_name_that_only_begins_so_is_another() -> None:
    assert not any(map(is_twilio, imported("import twilio_like\nfrom .twilio import line")))


def test_only_the_provider_and_the_simulator_import_it() -> None:
    paths = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    assert len(paths) > 300
    found = [
        name
        for path in paths
        if any(map(is_twilio, imported(path.read_text())))
        and not (name := str(path.relative_to(ROOT))).startswith(MAY)
    ]
    assert found == []


def test_a_start_does_not_import_it(tmp_path: Path) -> None:
    """A centre without Twilio pays nothing: all addresses and sweeps are loaded, the library is not."""
    code = (
        "import sys, django; django.setup()\n"
        "from importlib import import_module\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        "from config.schedule import SWEEPS\n"
        "for sweep in SWEEPS: import_module(sweep.path.rpartition('.')[0])\n"
        "print([name for name in ('twilio', 'requests', 'aiohttp', 'jwt') if name in sys.modules])\n"
    )
    env = {**os.environ, "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr[-2000:]
