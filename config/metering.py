"""Figures for a monitor (Prometheus): counts and times, never a name, an address or a word.

Several processes of a host share theirs through files where `PROMETHEUS_MULTIPROC_DIR` is set, as the units do.
"""

import os
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily

from helpdesk.centre import backing
from helpdesk.notices.actions import late_notices
from helpdesk.queues.models import Waiting

SHARED = "PROMETHEUS_MULTIPROC_DIR" in os.environ
BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Seconds."""

requests = Counter("wasl_requests_total", "Answers", ["view", "method", "status"])
seconds = Histogram("wasl_request_seconds", "Time of an answer", ["view"], buckets=BUCKETS)
sockets = Gauge("wasl_sockets", "Open sockets", multiprocess_mode="mostrecent")


class Metered:
    """Counts each answer by the name of its view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        view = match.view_name if match else "none"
        method = request.method if request.method in ("GET", "HEAD", "POST") else "other"
        requests.labels(view, method, response.status_code).inc()
        seconds.labels(view).observe(time.perf_counter() - begun)
        return response


class Standing:
    """What the database tells at the moment somebody asks."""

    def collect(self) -> Iterable[Any]:
        at = timezone.now()
        waiting = GaugeMetricFamily("wasl_waiting", "Who waits, by channel", labels=["channel"])
        counted = (
            Waiting.objects.now()
            .filter(ticket__centre__practice_of=None)
            .order_by()
            .values_list("channel")
            .annotate(n=Count("pk"))
        )
        for channel, count in counted:
            waiting.add_metric([channel], count)
        yield waiting
        beat = GaugeMetricFamily(
            "wasl_sweep_age_seconds", "Since a sweep ran last", labels=["sweep"]
        )
        for row in backing.beats().values():
            beat.add_metric([row.sweep], max(0.0, (at - row.ran_at).total_seconds()))
        yield beat
        late = late_notices(at=at, by=timedelta())
        yield GaugeMetricFamily("wasl_notices_due", "Messages due and not out yet", value=late)
        newest = backing.newest().first()
        if newest:
            age = (at - newest.verified_at).total_seconds()
            yield GaugeMetricFamily(
                "wasl_backup_age_seconds", "Since the newest proved backup", value=age
            )


def told() -> bytes:
    """Everything, as Prometheus reads it."""
    registry = CollectorRegistry()
    if SHARED:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        for own in (requests, seconds, sockets):
            registry.register(own)
    registry.register(Standing())
    return generate_latest(registry)
