from django.db import migrations, models

from tests.bench.changing.elsewhere import Elsewhere


class Migration(migrations.Migration):
    dependencies = [("tickets", "__latest__")]
    operations = [
        Elsewhere(
            "tickets",
            migrations.AddField("ticket", "tried", models.IntegerField(null=True, db_index=False)),
        )
    ]
