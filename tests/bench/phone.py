"""The telephone: a million calls told in disorder, from the click that takes a call to sound both ways, and
what the line hook bears.

*Accept to sound*: 20 calls on a served installation; each time the advisor's page posts the answer,
opens its microphone and is linked, until the far tone is at both ears. `python -m tests.bench phone`.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.phone_facts import main as facts
from tests.bench.phone_hook import main as hook
from tests.server import ROOT, Server, environment

AIM = 1.5
"""Seconds, 95th percentile."""


def main() -> int:
    """Print the tables; 1 when a target is missed."""
    return max([facts(), sound(), hook()])


def sound() -> int:
    """In a process of its own, over the served installation's database."""
    with TemporaryDirectory(prefix="wasl-phone-") as folder:
        server = Server(Path(folder), PROFILE="centre", LOG_LEVEL="ERROR").start(patience=300)
        try:
            given = {"WASL_BENCH_URL": server.url, "WASL_BENCH_AIM": str(AIM)}
            made = environment(Path(folder), DJANGO_ALLOW_ASYNC_UNSAFE="1", **given)
            command = [sys.executable, "-m", "tests.bench.phone_talk"]
            return subprocess.run(command, cwd=ROOT, env=made, check=False).returncode
        finally:
            server.kill()


if __name__ == "__main__":
    os.chdir(ROOT)
    raise SystemExit(main())
