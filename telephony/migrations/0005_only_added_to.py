"""Numbers are in the payload only; the database refuses to change an event."""

from typing import Any

import telephony.models
from django.db import migrations, models

SQLITE = """
CREATE TRIGGER telephony_callevent_fixed BEFORE UPDATE ON telephony_callevent
BEGIN SELECT RAISE(ABORT, 'events of calls are only added to'); END
"""
POSTGRESQL = """
CREATE FUNCTION telephony_callevent_fixed() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'events of calls are only added to'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER telephony_callevent_fixed BEFORE UPDATE ON telephony_callevent
FOR EACH ROW EXECUTE FUNCTION telephony_callevent_fixed();
"""


def fix(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


class Migration(migrations.Migration):
    dependencies = [("telephony", "0004_fill_facts")]
    operations = [
        migrations.RemoveField(model_name="call", name="number"),
        migrations.AlterField(
            model_name="call",
            name="code",
            field=models.CharField(default=telephony.models.code, max_length=24, unique=True),
        ),
        migrations.RunPython(fix, migrations.RunPython.noop),
    ]
