"""Figures for a monitor: what they count, and to whom they are told."""

import re

import pytest

from helpdesk.centre import backing
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


def test_they_count_and_hold_nothing_of_anybody(client, centre):
    make.ticket("سؤال سري 0612345678")
    backing.note_beats({"a.sweep": NOW}, {})
    client.get("/healthz")
    text = client.get("/metrics").content.decode()
    assert re.search(r'wasl_requests_total\{method="GET",status="200",view="healthz"\} [1-9]', text)
    assert 'wasl_waiting{channel="web"} 1.0' in text
    assert 'wasl_sweep_age_seconds{sweep="a.sweep"}' in text
    assert "0612345678" not in text
    assert "سؤال" not in text


def test_they_are_told_to_this_machine_or_for_the_token(client, settings):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    settings.METRICS_TOKEN = "a-token-of-the-monitor"
    assert client.get("/metrics").status_code == 404
    good = {"Authorization": "Bearer a-token-of-the-monitor"}
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.1", headers=good).status_code == 200
    bad = {"Authorization": "Bearer سؤال"}
    assert client.get("/metrics", headers=bad).status_code == 404
