"""Targets were minutes of the clock; now they are working time."""

from django.db import migrations


def count_working_time(apps, schema_editor):
    """A day and a night of the clock is a working day."""
    apps.get_model("queues", "Queue").objects.filter(answer_minutes=24 * 60).update(
        answer_minutes=8 * 60
    )


class Migration(migrations.Migration):
    dependencies = [("queues", "0003_offers")]

    operations = [migrations.RunPython(count_working_time, migrations.RunPython.noop)]
