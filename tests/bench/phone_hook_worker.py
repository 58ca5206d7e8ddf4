"""`python -m tests.bench.phone_hook_worker STORED ROUNDS EVENTS`: one process that is asked both ways.

The bare view writes the rows that the hook wrote for the same events, taken down from the database
itself: every INSERT of the hook's own run, in one transaction an event, and nothing else.
"""

import itertools
import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import django
import django.utils.timezone

KINDS = ("ringing", "answered", "ended", "ringing", "missed")
"""Of every five events: one call answered, one missed."""
PATH = "/hooks/line/events/"
_calls = itertools.count()


def bodies(name: str, count: int) -> Iterator[bytes]:
    """So many events of calls not heard of before, each in its order."""
    for place in range(count):
        turn, kind = divmod(place, len(KINDS))
        call = f"{name}-{turn}-{'a' if kind < 3 else 'b'}"
        number = f"06{(hash(call) % 10**8):08d}"
        told = {"event": KINDS[kind], "call": call, "number": number, "sequence": kind,
                "extension": "101" if KINDS[kind] == "answered" else ""}  # fmt: skip
        yield json.dumps(told).encode()


def headers(secret: str, body: bytes) -> dict[str, str]:
    from telephony.providers.hook.signing import sign

    now, nonce = str(int(time.time())), secrets.token_hex(16)
    return {
        "Content-Type": "application/json", "X-Wasl-Key": "pbx", "X-Wasl-Time": now,
        "X-Wasl-Nonce": nonce, "X-Wasl-Signature": sign(secret, now, nonce, "POST", PATH, body),
    }  # fmt: skip


def main(stored: int, rounds: int, events: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    _store(stored)
    secret, client = settings.LINE_HOOK_SECRETS["pbx"], Client()
    found: dict[str, Any] = {"ours": [], "bare": [], "calls": stored}

    def ours(body: bytes) -> None:
        given = headers(secret, body)
        answer = client.post(PATH, body, content_type="application/json", headers=given)
        assert answer.status_code == 200, answer.content

    for turn in range(rounds):
        batch = list(bodies(f"t{turn}", events))
        rows = [
            _taken_down(lambda body=body: ours(body)) for body in list(bodies(f"w{turn}", events))
        ]
        found["ours"].append(_rate([lambda body=body: ours(body) for body in batch]))
        replay = _replayer(client, rows)
        found["bare"].append(_rate([replay] * len(rows)))
    print(json.dumps(found))


def _rate(acts: list[Callable[[], Any]]) -> float:
    began = time.perf_counter()
    for act in acts:
        act()
    return len(acts) / (time.perf_counter() - began)


def _taken_down(act: Callable[[], Any]) -> list[tuple[str, int]]:
    """Tables that the act wrote new rows into, and updates of rows."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        act()
    written = []
    for query in seen.captured_queries:
        sql = query["sql"]
        if sql.startswith(("INSERT", "UPDATE")):
            table = sql.split('"')[1] if sql[7] != "t" else "tickets_ticket"
            rows = sql.count("), (") + sql.count("UNION ALL") + 1
            written += [(table, sql[0] == "I")] * rows
    return written


def _replayer(client: Any, rows: list[list[tuple[str, int]]]) -> Callable[[], None]:
    """A view without thought: it copies the newest row of each table, or touches it, as the hook did."""
    from django.contrib.auth.decorators import login_not_required
    from django.db import transaction
    from django.http import HttpRequest, JsonResponse
    from django.urls import path
    from django.views.decorators.csrf import csrf_exempt

    import config.urls as urls

    waiting = iter(rows)

    @csrf_exempt
    @login_not_required
    def bare(request: HttpRequest) -> JsonResponse:
        told = json.loads(request.body)
        with transaction.atomic():
            for table, is_new in next(waiting):
                _copy(table) if is_new else _touch(table)
        return JsonResponse({"taken": True, "call": told["call"]})

    name = f"bench/{secrets.token_hex(4)}/"
    urls.urlpatterns.insert(0, path(name, bare))
    from django.urls import clear_url_caches

    clear_url_caches()
    body = json.dumps({"event": "ringing", "call": "x", "number": "0612345678"}).encode()

    def ask() -> None:
        answer = client.post(f"/{name}", body, content_type="application/json")
        assert answer.status_code == 200, answer.content

    return ask


_PLAIN: dict[str, Any] = {}


def _newest(table: str) -> Any:
    """The newest row of a table, read once."""
    from django.apps import apps

    if table not in _PLAIN:
        models = apps.get_models(include_auto_created=True)
        model = next(one for one in models if one._meta.db_table == table)
        _PLAIN[table] = model._default_manager.order_by("-pk").first()
    return _PLAIN[table]


def _copy(table: str) -> None:
    """One more row like the newest, with what must be unique made so."""
    row, turn = _newest(table), next(_calls)
    row.pk, row._state.adding = None, True
    for field in row._meta.local_concrete_fields:
        name = field.attname
        if field.primary_key:
            continue
        if name in ("key", "code", "word") or (field.unique and not field.is_relation):
            setattr(row, name, f"bench{turn}{secrets.token_hex(4)}")
        elif field.unique or (table, name) == ("telephony_timer", "call_id"):
            setattr(row, name, 10**9 + turn)
        elif (table, name) == ("tickets_entry", "number"):
            setattr(row, name, 1000 + turn)
        elif (table, name) in {("queues_waiting", "ended_at"), ("telephony_leg", "left_at")}:
            setattr(row, name, django.utils.timezone.now())
    row.save(force_insert=True)


def _touch(table: str) -> None:
    row = _newest(table)
    if row is None:
        return  # the hook asked to change rows, and there was none
    field = next(f for f in row._meta.local_concrete_fields if not f.primary_key and not f.unique)
    type(row)._default_manager.filter(pk=row.pk).update(
        **{field.attname: getattr(row, field.attname)}
    )


def _store(count: int) -> None:
    """So many calls of before, each with its number and six events."""
    from datetime import timedelta

    from django.db import connection
    from django.utils import timezone

    from helpdesk.accounts.models import User
    from helpdesk.centre.models import Centre
    from telephony.facts import Fact
    from telephony.models import Call, CallEvent, CallPayload

    User.objects.filter(username="advisor-0").update(extension="101")
    centre, now = Centre.objects.get(), timezone.now()
    for start in range(0, count, 10_000):
        some = range(start, min(start + 10_000, count))
        calls = Call.objects.bulk_create(
            [
                Call(
                    centre=centre, line="hook", key=f"old:{n}", state="done",
                    started_at=now - timedelta(minutes=n + 60), wrapped_at=now,
                )
                for n in some
            ]
        )  # fmt: skip
        CallPayload.objects.bulk_create(
            [
                CallPayload(call=call, number=f"+2126{n:08d}")
                for n, call in zip(some, calls, strict=True)
            ]
        )
        CallEvent.objects.bulk_create(
            [
                CallEvent(
                    call=call, kind=kind, source="webhook", at=call.started_at,
                    received_at=call.started_at, key=f"{call.pk}:{kind}",
                )
                for call in calls
                for kind in (Fact.ARRIVED, Fact.QUEUED, Fact.ENDED)
            ]
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
