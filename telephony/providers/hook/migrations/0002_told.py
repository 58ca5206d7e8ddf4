"""What was told is stored before it is applied; the database refuses to change it."""

from typing import Any

import helpdesk.associations.numbers
from django.db import migrations, models

WHAT = "key, event, extension, line, language, sequence, seconds, at, received_at"
PERSONAL = ("call", "number", "recording")
OTHER = " OR ".join(f"(NEW.{name} <> '' AND NEW.{name} <> OLD.{name})" for name in PERSONAL)
SQLITE = f"""
CREATE TRIGGER linehook_told_fixed BEFORE UPDATE OF {WHAT} ON linehook_told
BEGIN SELECT RAISE(ABORT, 'what was told is only added to'); END;
CREATE TRIGGER linehook_told_emptied BEFORE UPDATE OF {", ".join(PERSONAL)} ON linehook_told WHEN {OTHER}
BEGIN SELECT RAISE(ABORT, 'what was told is only emptied'); END;
"""
POSTGRESQL = f"""
CREATE FUNCTION linehook_told_fixed() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'what was told is only added to'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER linehook_told_fixed BEFORE UPDATE OF {WHAT} ON linehook_told
FOR EACH ROW EXECUTE FUNCTION linehook_told_fixed();
CREATE TRIGGER linehook_told_emptied BEFORE UPDATE OF {", ".join(PERSONAL)} ON linehook_told
FOR EACH ROW WHEN ({OTHER}) EXECUTE FUNCTION linehook_told_fixed();
"""


def fix(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for trigger in SQLITE.split("END;")[:-1]:
            schema_editor.execute(f"{trigger}END")
    else:
        schema_editor.execute(POSTGRESQL)


class Migration(migrations.Migration):
    dependencies = [("linehook", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Told",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=20)),
                ("event", models.CharField(max_length=10)),
                ("call", models.CharField(blank=True, max_length=80)),
                ("number", helpdesk.associations.numbers.NumberField(blank=True, default="", max_length=20)),
                ("extension", models.CharField(blank=True, max_length=20)),
                ("line", models.CharField(blank=True, max_length=40)),
                ("language", models.CharField(blank=True, max_length=3)),
                ("sequence", models.PositiveSmallIntegerField(null=True)),
                ("seconds", models.PositiveIntegerField(null=True)),
                ("recording", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("applied_at", None)), fields=["id"], name="told_unapplied")],
            },
        ),
        migrations.RunPython(fix, migrations.RunPython.noop),
    ]
