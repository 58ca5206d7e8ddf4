"""Tell SQLite what tickets look like at scale, so that its plans are right from the first day on.

Without statistics SQLite takes any equality for ten rows and walks a whole team (nearly every ticket)
where a name or a number would lead to three. ANALYZE on a young database says nothing better, and
open connections do not read its later results. Fixed statistics are what its documentation advises
for plans that stay. PostgreSQL keeps statistics by itself.
"""

from django.db import migrations

ROWS = 100_000
DISTINCT = {
    "centre_id": 1, "team_id": 1, "state": 5, "channel": 5, "language": 4, "theme_id": 10,
    "province": 9, "assignee_id": 12, "association_id": 4_000, "person_id": 30_000,
    "contact_number": 30_000, "contact_email": 5_000,
}  # fmt: skip
"""Values a column has at that size; a column that is not named has one a row."""
PARTIAL = {"ticket_unanswered": 4_000, "ticket_unassigned": 1_000}
"""Rows in indexes over a part of the table."""


def lay_statistics(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_ticket")
        cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'tickets_ticket'")
        cursor.execute("SELECT name FROM pragma_index_list('tickets_ticket')")
        for (index,) in cursor.fetchall():
            cursor.execute(f"SELECT name FROM pragma_index_info('{index}') ORDER BY seqno")
            columns = [name for (name,) in cursor.fetchall()]
            cursor.execute(
                "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('tickets_ticket', %s, %s)",
                [index, _numbers(columns, PARTIAL.get(index, ROWS))],
            )
        cursor.execute("ANALYZE sqlite_schema")


def _numbers(columns, rows):
    """`100000 20000 1`: rows of the index, then rows for each equal beginning of its columns."""
    found, distinct = [rows], 1
    for column in columns:
        distinct *= DISTINCT.get(column, rows)
        found.append(max(rows // min(distinct, rows), 1))
    return " ".join(map(str, found))


class Migration(migrations.Migration):
    dependencies = [("tickets", "0003_waiting_indexes")]

    operations = [migrations.RunPython(lay_statistics, migrations.RunPython.noop)]
