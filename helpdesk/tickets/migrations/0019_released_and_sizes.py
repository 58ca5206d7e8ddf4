"""Figures of a period read the answers of that period; SQLite is told the sizes of what is written in requests."""

from django.db import migrations, models

from knowledge.migrating import IndexBeside, tell_sizes


def tell(apps, editor):
    """Not answered yet are some thousands of requests, whom an index of their own lists by their target."""
    if editor.connection.vendor == "sqlite":
        with editor.connection.cursor() as cursor:
            cursor.execute("DELETE FROM sqlite_stat1 WHERE idx = 'ticket_answered_at'")
            cursor.execute(
                "INSERT INTO sqlite_stat1 (tbl, idx, stat)"
                " VALUES ('tickets_ticket', 'ticket_answered_at', '100000 5000')"
            )
    people = {"author_id": 12, "released_by_id": 12, "owed_by_id": 12, "made_by_id": 12, "told_by_id": 12}
    waiting = {"answer_awaiting": 50, "answer_awaiting_own": 50, "promise_owed": 300, "recalled_still_due": 100}
    for name, rows in (
        ("answer", 50_000), ("promise", 10_000), ("rating", 10_000), ("result", 10_000), ("recalled", 1_000),
    ):  # fmt: skip
        tell_sizes(editor, f"tickets_{name}", rows, {**people, "recall_id": 50}, waiting)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("tickets", "0018_opened")]

    operations = [
        IndexBeside("answer", models.Index(fields=["released_at"], name="answer_released")),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
