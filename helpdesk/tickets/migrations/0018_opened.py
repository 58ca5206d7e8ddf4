"""Figures of a period read the requests of that period, not all of the team."""

from django.db import migrations, models

from knowledge.migrating import IndexBeside


def tell_its_size(apps, schema_editor):
    """As 0004 tells SQLite of the indexes before it: without a number it would be taken for lists too."""
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1 WHERE idx = 'ticket_opened'")
        cursor.execute(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat)"
            " VALUES ('tickets_ticket', 'ticket_opened', '100000 100000 1')"
        )
        cursor.execute("ANALYZE sqlite_schema")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("tickets", "0017_facts_of_the_centre")]

    operations = [
        IndexBeside("ticket", models.Index(fields=["team", "opened_at"], name="ticket_opened")),
        migrations.RunPython(tell_its_size, migrations.RunPython.noop),
    ]
