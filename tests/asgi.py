"""The product served as in life, in a thread of the tests: sockets, ASGI layer, WSGI mount, static files."""

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from django.core.management import call_command


@pytest.fixture(scope="session")
def asgi_server(django_db_setup: Any, django_db_blocker: Any) -> Iterator[str]:
    """Its address. Tests that use it need `transactional_db`: plain `db` holds a write lock that the
    server waits for."""
    call_command("collectstatic", verbosity=0, interactive=False)
    from config.asgi import application

    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        application, lifespan="on", log_level="warning", timeout_graceful_shutdown=1,
        ws_max_size=64_000,
    )  # fmt: skip
    server = uvicorn.Server(config)
    with django_db_blocker.unblock():
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)
