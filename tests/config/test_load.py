"""The load for trials: plausible rows that hold together, and the same ones everywhere."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import environ
import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Max, Q

from config.demonstration import load
from helpdesk.accounts.actions import lay_groups
from helpdesk.associations.models import Person
from helpdesk.associations.numbers import Number
from helpdesk.queues.models import Waiting
from helpdesk.tickets.models import Answer, Entry, Ticket
from helpdesk.tickets.rules import Channel, Level, State
from tests import make

ROOT = Path(__file__).resolve().parents[2]
COUNT = 700


@pytest.fixture
def loaded(centre: Any) -> None:
    lay_groups()
    make.library()
    load.tickets(COUNT, seed=1, at=make.NOW)


def test_the_rows_hold_together_and_more_can_follow(loaded: None) -> None:
    assert_rows_hold_together()
    assert_every_state_channel_and_level_occurs()
    assert Person.objects.with_number(Number.parse("0600100003")).exists()
    assert Person.objects.looked_up("فاطمة").exists()
    assert Person.objects.looked_up("Fatima").exists()
    last = Ticket.objects.order_by("-pk").values_list("pk", flat=True)[0]
    assert make.ticket("سؤال جديد").pk == last + 1
    load.tickets(50, seed=1, at=make.NOW)
    assert Ticket.objects.count() == COUNT + 51


def assert_rows_hold_together() -> None:
    assert Ticket.objects.count() == COUNT
    counted = Ticket.objects.annotate(n=Count("entries"), newest=Max("entries__number"))
    assert not counted.exclude(n=F("last"), newest=F("last")).exists()
    assert not Entry.objects.filter(at__gt=make.NOW).exists()
    assert not Ticket.objects.exclude(answers=None).filter(first_answered_at=None).exists()
    assert not Waiting.objects.now().exclude(ticket__state=State.NEW).exists()
    assert not Answer.objects.filter(four_eyes=True, released_by=F("author")).exists()
    assert 3 <= Entry.objects.count() / COUNT <= 4.2


def assert_every_state_channel_and_level_occurs() -> None:
    for field, words in (("state", State), ("channel", Channel), ("level", Level)):
        assert set(Ticket.objects.values_list(field, flat=True)) == set(words)
    still = Ticket.objects.filter(~Q(state=State.CLOSED)).count()
    assert 0.015 < still / COUNT < 0.04


def test_a_real_centre_is_left_alone(centre: Any) -> None:
    lay_groups()
    make.ticket("سؤال حقيقي")
    with pytest.raises(CommandError, match="real tickets"):
        call_command("demo")
    with pytest.raises(CommandError, match="real tickets"):
        call_command("demo", tickets=10)


@pytest.mark.parametrize("at", ["yesterday", "2026-13-45T10:00:00Z"])
def test_a_moment_that_is_none_is_one_sentence(centre: Any, at: str) -> None:
    with pytest.raises(CommandError, match="give a moment"):
        call_command("demo", tickets=10, at=at)


def test_without_a_library_it_says_what_to_do(centre: Any) -> None:
    lay_groups()
    with pytest.raises(CommandError, match=r"manage\.py setup"):
        call_command("demo", tickets=10)


@pytest.mark.full
def test_the_same_seed_and_time_give_the_same_rows(tmp_path: Path) -> None:
    """On SQLite twice; on PostgreSQL too where the suite has one."""
    digests = {_digest(tmp_path / "one"), _digest(tmp_path / "two")}
    if url := os.environ.get("DATABASE_URL_TEST"):
        digests.add(_digest_on_postgresql(url, tmp_path / "three"))
    assert len(digests) == 1


def _digest(folder: Path, **extra: str) -> str:
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "PROFILE")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.config.digest", "2000"],
        cwd=ROOT, env={**kept, "DATA_DIR": str(folder), **extra}, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    assert len(done.stdout.strip()) == 64
    return done.stdout.strip()


def _digest_on_postgresql(url: str, folder: Path) -> str:
    name = f"wasl_digest_{os.getpid()}"
    config = environ.Env.db_url_config(url)
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            base = url.removesuffix(f"/{config['NAME']}")
            return _digest(folder, DATABASE_URL=f"{base}/{name}")
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
