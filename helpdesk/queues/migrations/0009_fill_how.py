"""How the contacts before left the line, as far as it can be told."""

from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("queues", "Waiting").objects.exclude(ended_at=None)
    rows.exclude(claimed_at=None).update(ended_how="claimed")
    gone = rows.filter(claimed_at=None)
    gone.filter(channel__in=["phone", "chat"]).update(ended_how="abandoned")
    gone.exclude(channel__in=["phone", "chat"]).update(ended_how="settled")


class Migration(migrations.Migration):
    dependencies = [("queues", "0008_how_it_ended")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
