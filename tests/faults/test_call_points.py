"""The server killed at named points of a call: told again, it ends as if nothing had happened."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.test_kill import stage
from tests.server import ROOT, environment


@pytest.mark.full
def test_killed_at_any_point_the_call_ends_right(tmp_path: Path) -> None:
    data = tmp_path / "centre"
    data.mkdir()
    stage(data, 1)
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.call_points"], cwd=ROOT,
        env=environment(data, LOG_LEVEL="ERROR"), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    print(f"{len(found['points'])} points, {len(set(found['points']))} names")
    assert len(set(found["points"])) >= 20
    assert found["wrong"] == []
