from django.db import migrations, models
from django.db.models import F

from knowledge.migrating import IndexBeside, in_batches
from tests.bench.changing.elsewhere import Elsewhere


def fill(apps, editor):
    in_batches(
        apps.get_model("tickets", "Ticket").objects.all(), lambda rows: rows.update(tried=F("last"))
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("changing", "0001_column")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        Elsewhere(
            "tickets", IndexBeside("ticket", models.Index(fields=["tried"], name="tickets_tried"))
        ),
    ]
