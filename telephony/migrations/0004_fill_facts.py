"""What was known of calls before becomes events; numbers move to where they can be deleted."""

import secrets
from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    Call = apps.get_model("telephony", "Call")
    Event = apps.get_model("telephony", "CallEvent")
    Payload = apps.get_model("telephony", "CallPayload")
    for call in Call.objects.iterator(chunk_size=500):
        payload = Payload.objects.create(call=call)
        Payload.objects.filter(pk=payload.pk).update(number=call.number or "")
        known = [(kind, call.started_at, 1) for kind in ("claimed", "advisor-joined", "caller-joined")]
        known.append(("arrived", call.started_at, 0))
        if call.ended_at:
            known.append(("ended", call.ended_at, 0))
        if call.wrapped_at:
            known.append(("wrapped", call.wrapped_at, 0))
        Event.objects.bulk_create(
            Event(
                call=call, kind=kind, turn=turn, at=at, received_at=at, source="user",
                user_id=call.user_id, key=f"{call.pk}:{kind}:{turn}:0",
                why="advisor" if kind == "ended" else "",
            )
            for kind, at, turn in known
        )
        state = "done" if call.wrapped_at else "wrap-up" if call.ended_at else "talking"
        talk = int((call.ended_at - call.started_at).total_seconds()) if call.ended_at else 0
        Call.objects.filter(pk=call.pk).update(
            code=secrets.token_urlsafe(12), state=state, turn=1, answered_at=call.started_at,
            talk_seconds=max(0, talk),
        )


class Migration(migrations.Migration):
    dependencies = [("telephony", "0003_calls_as_facts")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
