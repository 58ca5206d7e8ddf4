"""What the clock does to accounts: sealing the audit."""

from datetime import datetime

from django.db import DatabaseError, connection, transaction

from helpdesk.accounts.chain import START, link
from helpdesk.accounts.models import Audit

BATCH = 1000


def chain_audit(*, at: datetime) -> int:
    """Seal the rows written since the last time; how many. Harmless when two run at once.

    `at` is part of every sweep's form; the chain depends on nothing but the rows.
    """
    try:
        with transaction.atomic():
            _alone()
            newest = Audit.objects.chained_rows().last()
            before = newest.chained if newest else START
            rows = list(Audit.objects.unchained()[:BATCH])
            for row in rows:
                row.chained = before = link(before, row)
            for row in rows:
                Audit.objects.filter(pk=row.pk, chained="").update(chained=row.chained)
    except DatabaseError as error:
        if "lock" in str(error).lower():
            return 0
        raise
    return len(rows)


def _alone() -> None:
    """One writer, and nobody between a key and its commit.

    SQLite transactions begin IMMEDIATE, so this one writes alone. PostgreSQL gives out keys before
    the rows that carry them are committed: without the lock a lower key could appear behind the end
    of the chain. The wait is short, because whoever writes an audit row meanwhile waits behind us.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute(f"LOCK TABLE {Audit._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
