"""Our server killed at named points of calls of the public network: a minute later rows and truth agree."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.test_kill import stage
from tests.server import ROOT, environment, free_port
from tests.telephony.twilio import carrier as c

POINTS = int(os.environ.get("KILL_POINTS", "24"))
"""Of three stories: all around a commit or a request to the network, and some statements between."""


@pytest.mark.full
def test_killed_at_any_point_nobody_waits_unseen(tmp_path: Path) -> None:
    data = tmp_path / "centre"
    data.mkdir()
    stage(data, 1)
    ours = {
        "TWILIO_ACCOUNT_SID": c.ACCOUNT, "TWILIO_AUTH_TOKEN": c.TOKEN, "TWILIO_NUMBER": c.OUR_NUMBER,
        "TWILIO_APP_SID": c.APP, "TWILIO_API_KEY": c.API_KEY, "TWILIO_API_SECRET": c.API_SECRET,
        "TWILIO_API_URL": f"http://127.0.0.1:{free_port()}", "PUBLIC_URL": c.PUBLIC,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.public_points", str(POINTS)], cwd=ROOT,
        env=environment(data, LOG_LEVEL="CRITICAL", **ours), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    print(f"{len(found['points'])} points, {found['deaths']} kills")
    print("\n".join(found["points"]))
    assert found["wrong"] == [], json.dumps(found["wrong"], indent=1)
    assert len(set(found["points"])) >= POINTS * 0.85
    assert found["deaths"] == len(found["points"]) == len(set(found["points"]))
