"""`python -m tests.faults.forker PORT PIDFILE`: serves from a child, and from a new one when it is killed.

The parent has imported everything and holds nothing open, so a killed server is up again at once and the
clients meet many more kills than a cold start would let them.
"""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

import django


def main(port: int, pidfile: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    import uvicorn

    from config.asgi import application

    _warm()
    child = 0

    def stop(number: int, frame: FrameType | None) -> None:
        if child:
            os.kill(child, signal.SIGTERM)
            os.waitpid(child, 0)
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    while True:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            uvicorn.run(
                application, host="127.0.0.1", port=port, lifespan="on", log_level="warning",
                access_log=False, timeout_graceful_shutdown=5,
            )  # fmt: skip
            os._exit(0)
        written = pidfile.with_suffix(".new")
        written.write_text(str(child))
        written.rename(pidfile)
        os.waitpid(child, 0)


def _warm() -> None:
    """Compile the templates and import the views that the clients need; then let go of the database."""
    from django.db import connections
    from django.test import Client

    browser = Client(SERVER_NAME="127.0.0.1")
    for page in ("", "theme/", "question/", "papers/", "association/", "answer/", "check/"):
        browser.get(f"/ask/{page}", follow=True)
    for path in ("/follow/", "/desk/", "/healthz"):
        browser.get(path, follow=True)
    connections.close_all()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
