"""SQLite is told how large the tables of who waited and who talked are beside the requests."""

from django.db import migrations

from knowledge.migrating import tell_sizes


def tell(apps, editor):
    distinct = {"channel": 8, "queue_id": 3, "offered_to_id": 12, "claimed_by_id": 12, "user_id": 12}
    now = {
        "waiting_longest": 500, "waiting_now": 500, "waiting_once_a_ticket": 500, "one_offer_a_user": 12,
        "handling_under_way": 20,
    }  # fmt: skip
    tell_sizes(editor, "queues_waiting", 100_000, distinct, now)
    tell_sizes(editor, "queues_handling", 100_000, distinct, now)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("queues", "0014_closed_texts"), ("tickets", "0004_steady_plans")]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
