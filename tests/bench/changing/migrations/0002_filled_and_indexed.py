from django.db import migrations, models, transaction
from django.db.models import F

from knowledge.migrating import IndexBeside
from tests.bench.changing.elsewhere import Elsewhere

BATCH = 2_000


def fill(apps, editor):
    """In short transactions, so that nobody waits for more than one of them."""
    tickets = apps.get_model("tickets", "Ticket").objects
    last = tickets.order_by("-pk").values_list("pk", flat=True).first() or 0
    for start in range(0, last + 1, BATCH):
        with transaction.atomic():
            tickets.filter(pk__gt=start, pk__lte=start + BATCH).update(tried=F("last"))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("changing", "0001_column")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        Elsewhere(
            "tickets", IndexBeside("ticket", models.Index(fields=["tried"], name="tickets_tried"))
        ),
    ]
