"""`python -m tests.bench.phone_doors_worker STORED ROUNDS CALLS`: one process that is asked both ways.

The bare view writes the rows that the first question of a call leaves, in one transaction, and answers a fixed
document: no signature is checked, no field is read, nobody is looked for. Afterwards some calls go their whole
way, and whatever would be asked of Twilio meanwhile is counted.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import django

FORM = "application/x-www-form-urlencoded"
WHOLE = 10
"""Calls that go their whole way."""


def main(stored: int, rounds: int, calls: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings

    from telephony.providers.twilio import client
    from tests.bench.phone_hook_worker import store
    from tests.telephony.twilio import carrier as c

    settings.ALLOWED_HOSTS = ["*"]
    store(stored)
    _voices()
    always_open()
    asked: list[str] = []
    client.http_client = lambda: asked.append("asked")
    carrier, bare = c.Carrier(), _bare()
    found: dict[str, Any] = {"ours": [], "bare": [], "calls": stored}

    def plain(number: int) -> Callable[[], Any]:
        return lambda: carrier.client.post(bare, f"CallSid={number}", content_type=FORM)

    for turn in range(rounds):
        # One by one in turn: whatever else the machine does is done to both.
        spent = dict.fromkeys(("ours", "bare"), 0.0)
        for number in range(turn * calls, (turn + 1) * calls):
            for name, act in (("ours", _first(carrier, number)), ("bare", plain(number))):
                began = time.perf_counter()
                answer = act()
                spent[name] += time.perf_counter() - began
                assert answer.status_code == 200, answer.content
        for name, seconds in spent.items():
            found[name].append(calls / seconds)
    _whole_ways(carrier)
    print(json.dumps({**found, "asked": len(asked)}))


def _first(carrier: Any, number: int) -> Callable[[], Any]:
    """A call rings; it is signed before."""
    from urllib.parse import urlencode

    from tests.bench.phone_doors import ROOT, sent

    told = sent(5 * 10**7 + number, {})
    headers = carrier.headers(f"{ROOT}voice/", told.items())
    body = urlencode(told).encode()
    return lambda: carrier.client.post(f"{ROOT}voice/", body, content_type=FORM, headers=headers)


def _whole_ways(carrier: Any) -> None:
    from tests.bench.phone_doors import ROOT, WAY, sent

    for number in range(WHOLE):
        for door, more in WAY:
            answer = carrier.post(f"{ROOT}{door}", sent(6 * 10**7 + number, more))
            assert answer.status_code in (200, 204), (door, answer.content)


def _voices() -> None:
    """Each call of before has its caller's end, and its voice at Twilio."""
    from telephony.models import Call, Leg
    from telephony.providers.twilio.models import Voice
    from tests.telephony.twilio.carrier import sid

    calls = list(Call.objects.order_by("pk").values_list("pk", "started_at"))
    for start in range(0, len(calls), 10_000):
        legs = Leg.objects.bulk_create(
            [
                Leg(call_id=call, role="caller", made_at=at, left_at=at)
                for call, at in calls[start : start + 10_000]
            ]
        )
        Voice.objects.bulk_create(
            [
                Voice(leg=leg, sid=sid("CA", 10**9 + leg.call_id), label="caller",
                      made_at=leg.made_at, ended_at=leg.made_at)
                for leg in legs
            ]
        )  # fmt: skip


def always_open() -> None:
    """Whatever the hour, callers come into line."""
    from datetime import time as moment

    from helpdesk.hours.models import Holiday, Opening, Schedule

    Holiday.objects.all().delete()
    Opening.objects.all().delete()
    Opening.objects.bulk_create(
        [
            Opening(schedule=schedule, weekday=day, opens=moment.min, closes=moment.max)
            for schedule in Schedule.objects.all()
            for day in range(7)
        ]
    )


def _bare() -> str:
    """The address of a view without thought."""
    from datetime import timedelta

    from django.contrib.auth.decorators import login_not_required
    from django.db import transaction
    from django.http import HttpRequest, HttpResponse
    from django.urls import clear_url_caches, path
    from django.utils import timezone
    from django.views.decorators.csrf import csrf_exempt

    import config.urls as urls
    from helpdesk.centre.models import Centre
    from telephony.facts import Fact
    from telephony.models import Call, CallEvent, CallPayload, Leg, Timer
    from telephony.providers.twilio.models import Voice

    centre = Centre.objects.get()

    @csrf_exempt
    @login_not_required
    def bare(request: HttpRequest) -> HttpResponse:
        number, now = request.POST["CallSid"], timezone.now()
        with transaction.atomic():
            call = Call.objects.create(
                centre=centre, line="public", key=f"bare:{number}", started_at=now
            )
            CallPayload.objects.create(call=call, number=f"+2127{int(number):08d}")
            leg = Leg.objects.create(call=call, role="caller", made_at=now, seen_at=now)
            CallEvent.objects.create(
                call=call, kind=Fact.ARRIVED, source="webhook", at=now, received_at=now,
                key=f"bare:{number}",
            )  # fmt: skip
            Timer.objects.create(call=call, kind="no-end", due_at=now + timedelta(hours=4))
            Voice.objects.create(leg=leg, sid=f"CAb{number}", label="caller", made_at=now)
        return HttpResponse("<Response/>", content_type="text/xml")

    urls.urlpatterns.insert(0, path("bench/bare/", bare))
    clear_url_caches()
    return "/bench/bare/"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
