"""The health page: each light for its reason, and a page in both languages for those who may see it."""

import shutil
from collections import namedtuple
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils.translation import override

from config.beating import NOTE_EVERY, Beats
from config.installation import standing
from config.schedule import SWEEPS
from helpdesk.centre import backing
from helpdesk.notices.models import Notice
from knowledge.articles.models import Edition
from knowledge.health import Light
from knowledge.search import index
from knowledge.search.engines.port import EngineBroken
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
ALL = {"database", "sweeps", "sockets", "index", "outgoing", "line", "disk", "clock", "certificate"}


def lights(at=NOW):
    found = standing.checks(centre=1, at=at)
    assert all(bool(c.to_do) == bool(c.who) == (c.light != Light.GREEN) for c in found)
    return {check.key: check.light for check in found}


@pytest.fixture
def well(settings, monkeypatch):
    """Everything as it should be."""
    monkeypatch.setattr(index, "behind", lambda: 0)
    settings.SWEEPS_INSIDE, settings.PUBLIC_URL = True, "http://localhost:8000"
    backing.note_beats({sweep.path: NOW for sweep in SWEEPS}, {})


def test_all_is_green_when_all_runs(well):
    """The clock of the tests is set back: a database with a clock of its own tells it."""
    clock = Light.AMBER if connection.vendor == "postgresql" else Light.GREEN
    assert lights() == dict.fromkeys(ALL, Light.GREEN) | {"clock": clock}


def test_work_that_stands_still_or_fails_is_told(well):
    assert lights(NOW + timedelta(minutes=10))["sweeps"] == Light.RED
    backing.note_beats({SWEEPS[0].path: NOW}, {SWEEPS[0].path: NOW})
    assert lights()["sweeps"] == Light.AMBER
    backing.note_beats({SWEEPS[0].path: NOW + timedelta(seconds=5)}, {})
    assert lights()["sweeps"] == Light.GREEN
    later = {s.path: NOW + timedelta(hours=1) for s in SWEEPS if s.path != SWEEPS[1].path}
    backing.note_beats(later, {})
    assert lights(NOW + timedelta(hours=1))["sweeps"] == Light.AMBER


def test_an_index_that_lags_or_is_broken_is_told(well, monkeypatch):
    def broken() -> int:
        raise EngineBroken

    monkeypatch.setattr(index, "behind", broken)
    assert lights()["index"] == Light.RED
    monkeypatch.setattr(index, "behind", lambda: 3)
    assert lights()["index"] == Light.AMBER
    monkeypatch.undo()
    make.library()
    index.rebuild()
    assert index.behind() == 0
    Edition.objects.all().update(current=None)
    assert index.behind() > 0


def test_a_clock_that_went_back_is_told(well):
    assert lights(NOW - timedelta(minutes=5))["clock"] == Light.RED


def test_disk_messages_redis_and_certificate(well, settings, monkeypatch):
    usage = namedtuple("usage", "total used free")
    for free, light in ((20, Light.GREEN), (9, Light.AMBER), (3, Light.RED)):
        monkeypatch.setattr(shutil, "disk_usage", lambda of, free=free: usage(100, 0, free))
        assert lights()["disk"] == light
    Notice.objects.create(
        key="late", channel="email", kind="k", address="a@example.org",
        due_at=NOW - timedelta(hours=1), written_at=NOW,
    )  # fmt: skip
    assert lights()["outgoing"] == Light.AMBER
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert lights()["sockets"] == Light.AMBER
    settings.REDIS_URL, settings.SWEEPS_INSIDE = "", False
    assert lights()["sockets"] == Light.AMBER
    settings.PUBLIC_URL = "http://centre.example"
    assert lights()["certificate"] == Light.RED
    settings.PUBLIC_URL = "https://127.0.0.1:1"
    assert lights()["certificate"] == Light.RED
    for days, light in ((-1, Light.RED), (5, Light.AMBER), (60, Light.GREEN)):
        cache.set("health:certificate", NOW + timedelta(days=days))
        assert lights()["certificate"] == light


def test_a_process_notes_its_beats_seldom(monkeypatch):
    beats = Beats()
    beats.ran("a.b", at=NOW, well=False)
    beats.told()
    assert backing.beats() == {}
    monkeypatch.setattr(beats, "_noted", beats._noted - NOTE_EVERY - 1)
    beats.told()
    (beat,) = backing.beats().values()
    assert (beat.sweep, beat.ran_at, beat.failed_at) == ("a.b", NOW, NOW)


def test_the_page_says_it_in_both_languages(well, as_user, administrator, brahim, amina):
    assert as_user(amina).get("/desk/health/").status_code == 403
    for person, language, words in (
        (administrator, "ar", "حالة المنظومة"),
        (brahim, "fr", "État de l'installation"),
    ):
        person.language = language
        person.save()
        with override(language):
            page = as_user(person).get("/desk/health/").content.decode().replace("&#x27;", "'")
        assert words in page
        assert page.count('class="chk ') >= len(ALL) + 1
