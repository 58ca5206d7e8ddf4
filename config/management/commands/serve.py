"""`manage.py serve`: set up, lay the demo when this is one, and serve from one process."""

import sys
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.installation import certificate
from config.installation.beginning import first_administrator


class Announcing(uvicorn.Server):
    """Says where it is once it listens; the address is the last line printed."""

    address = ""
    first_link = ""

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.started:
            if self.first_link:
                print(
                    "This centre is empty. Its first administrator chooses a password here, once:\n"
                    f"{self.first_link}",
                    flush=True,
                )
            print(self.address, flush=True)


class Command(BaseCommand):
    help = "Set up and serve in one process (PORT=8000, LAN=1 for https on the local network)."

    def handle(self, *args: Any, **options: Any) -> None:
        port, lan = settings.PORT, settings.LAN
        call_command("setup")
        if settings.DEMO:
            call_command("demo")
        config = uvicorn.Config(
            "config.asgi:application",
            host="0.0.0.0" if lan else "127.0.0.1",
            port=port,
            lifespan="on",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=5,
            ws_max_size=64_000,
            **(certificate.for_lan() if lan else {}),
        )
        server = Announcing(config)
        server.address = settings.PUBLIC_URL
        server.first_link = first_administrator(at=timezone.now())
        try:
            server.run()
        except SystemExit:
            raise
        except OSError as error:
            raise CommandError(f"Could not listen on port {port}: {error.strerror}.") from None
        if not server.started:
            sys.exit(1)
