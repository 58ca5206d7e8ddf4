"""`python -m tests.bench.phone_hook_worker STORED ROUNDS EVENTS`: one process that is asked both ways.

The bare view writes the rows that the hook writes before it answers, a nonce and what was told, in one
transaction a request as the hook does, and nothing else: no signature is checked, no field is read.
What was told is applied between the turns, which gives the pace of that.
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

KINDS = ("ringing", "answered", "ended", "ringing", "missed")
"""Of every five events: one call answered, one missed."""
PATH = "/hooks/line/events/"
_numbers = itertools.count(10**7)


def bodies(name: str, count: int) -> Iterator[bytes]:
    """So many events of calls not heard of before, each in its order, each call from another number."""
    for place in range(count):
        turn, kind = divmod(place, len(KINDS))
        number = f"06{next(_numbers):08d}" if kind in (0, 3) else number  # noqa: F821 - of the call
        told = {"event": KINDS[kind], "call": f"{name}-{turn}-{'a' if kind < 3 else 'b'}",
                "number": number, "sequence": kind,
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

    from telephony.providers.hook.applying import drain
    from telephony.providers.hook.models import Told

    settings.ALLOWED_HOSTS = ["*"]
    store(stored)
    secret, client, bare = settings.LINE_HOOK_SECRETS["pbx"], Client(), _bare()
    found: dict[str, Any] = {"ours": [], "bare": [], "applied": [], "calls": stored}

    def asks(path: str, name: str) -> list[Callable[[], None]]:
        def ask(body: bytes, given: dict[str, str]) -> None:
            answer = client.post(path, body, content_type="application/json", headers=given)
            assert answer.status_code == 200, answer.content

        sent = [(body, headers(secret, body)) for body in bodies(name, events)]
        return [lambda body=body, given=given: ask(body, given) for body, given in sent]

    for turn in range(rounds):
        # One by one in turn: whatever else the machine does is done to both.
        spent = dict.fromkeys(("ours", "bare"), 0.0)
        for both in zip(asks(PATH, f"o{turn}"), asks(bare, f"b{turn}"), strict=True):
            for name, act in zip(spent, both, strict=True):
                spent[name] += _seconds(act)
        for name, seconds in spent.items():
            found[name].append(events / seconds)
        Told.objects.filter(key="bare").delete()
        found["applied"].append(events / _seconds(drain))
        assert not Told.objects.filter(applied_at=None).exists()
    print(json.dumps(found))


def _seconds(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _bare() -> str:
    """The address of a view without thought."""
    from django.contrib.auth.decorators import login_not_required
    from django.db import transaction
    from django.http import HttpRequest, JsonResponse
    from django.urls import clear_url_caches, path
    from django.utils import timezone
    from django.views.decorators.csrf import csrf_exempt

    import config.urls as urls
    from telephony.providers.hook.models import Nonce, Told

    @csrf_exempt
    @login_not_required
    def bare(request: HttpRequest) -> JsonResponse:
        told, now = json.loads(request.body), timezone.now()
        with transaction.atomic():
            Nonce.objects.create(key="bare", word=request.headers["X-Wasl-Nonce"], at=now)
            Told.objects.create(key="bare", at=now, received_at=now, due_at=now, **told)
        return JsonResponse({"taken": True, "call": told["call"], "event": told["event"]})

    urls.urlpatterns.insert(0, path("bench/bare/", bare))
    clear_url_caches()
    return "/bench/bare/"


def store(count: int) -> None:
    """So many calls of before, each with its number and three events."""
    from datetime import timedelta

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


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
