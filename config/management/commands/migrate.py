"""`manage.py migrate`, which never makes the centre wait behind it.

On PostgreSQL a change of a table needs its lock; while it waits for one, everybody who comes after waits
too. So it waits two seconds at most, lets all others pass, and tries again (docs/decisions/0033).
"""

import time
from contextlib import suppress
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import DatabaseError, OperationalError, connections
from psycopg.errors import LockNotAvailable

LOCK_TIMEOUT = "2s"
TRIES = 30
PAUSE = 2.0
"""Seconds between two tries."""


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        for tried in range(1, TRIES + 1):
            with connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
            try:
                super().handle(*args, **options)
                return
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
                self.stderr.write(f"a table is in use ({tried} of {TRIES}): trying again")
                time.sleep(PAUSE)
            finally:
                with suppress(DatabaseError), connection.cursor() as cursor:
                    cursor.execute("SET lock_timeout = DEFAULT")
        raise CommandError(
            "A table was in use all the time: nothing half was done. Run it again, or stop the services first."
        )
