"""Chats under duplicates, disorder, lost connections, kill -9 and a restart: each line once, one order.

Visitors write over HTTP from a frame without cookies, and send again with the same id until they
are answered (trust.md, F01, F12, F18).
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest

from tests.faults.chatters import Chatter, Reader, Talk, begin
from tests.faults.test_kill import UP, forking, kill, stage, uvicorn
from tests.server import ROOT, Server, environment
from tests.services import Redis

CLIENTS = 20
GAP = 10.0
"""Seconds without an answer around a restart. The aim is 3, on a machine that does nothing else."""
WITHOUT_REDIS = 24.0
"""Seconds."""
READ = """
import json, os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
from helpdesk.tickets.models import Entry
print(json.dumps(list(Entry.objects.filter(text__startswith="line-").order_by("ticket", "number")
      .values_list("text", "number", "ticket"))))
"""


def stored(data: Path, **extra: str) -> list[list[Any]]:
    done = subprocess.run(
        [sys.executable, "-c", READ], cwd=ROOT, env=environment(data, **extra),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: list[list[Any]] = json.loads(done.stdout)
    return found


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "centre"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[dict[str, str]]:
    """SQLite, or PostgreSQL with Redis when the suite runs on PostgreSQL."""
    url = os.environ.get("DATABASE_URL_TEST", "")
    if not url.startswith("postgres"):
        yield {}
        return
    name = f"chats_{uuid4().hex[:10]}"
    redis = Redis(tmp_path).start()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield {
            "DATABASE_URL": urlunsplit(urlsplit(url)._replace(path=f"/{name}")),
            "REDIS_URL": redis.url,
        }
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    redis.stop()


def write_and_read(
    servers: list[Server], *, chats: int, lines: int, begun: Callable[[], None] = lambda: None
) -> tuple[Talk, list[list[tuple[int, str]]]]:
    """CLIENTS writers in some chats, a reader for each writer; until all lines are acknowledged.

    `begun` is called once all chats are there.
    """
    talk, stop = Talk(), threading.Event()
    tokens = [begin(servers[0].url)[0] for _ in range(chats)]
    begun()
    where = [(servers[n % len(servers)].url, tokens[n % chats]) for n in range(CLIENTS)]
    writers = [Chatter(url, token, talk, lines, threading.Event()) for url, token in where]
    readers = [Reader(url, token, stop) for url, token in where]
    for thread in (*writers, *readers):
        thread.start()
    for writer in writers:
        writer.join(240)
    time.sleep(0.5)
    stop.set()
    for reader in readers:
        reader.join(30)
    assert talk.odd == []
    assert [odd for reader in readers for odd in reader.odd] == []
    return talk, [reader.seen for reader in readers]


def check(rows: list[list[Any]], talk: Talk, seen: list[list[tuple[int, str]]]) -> None:
    """Stored once, in one order for all."""
    numbers: dict[str, int] = {}
    for text, number, _ticket in rows:
        assert text not in numbers, f"{text} is there twice"
        numbers[text] = number
    assert {t: numbers.get(t) for t in talk.stored} == talk.stored
    for order in seen:
        assert order == sorted(order)
        assert len({number for number, _text in order}) == len(order)
        assert all(numbers[text] == number for number, text in order)


@pytest.mark.long
def test_a_thousand_lines_once_and_in_one_order(data: Path, database: dict[str, str]) -> None:
    stage(data, 1, **database)
    servers = [uvicorn(data, of="tests.faults.unpaced") for _ in range(2 if database else 1)]
    for server in servers:
        server.extra = {**server.extra, **database}
        server.start()
    try:
        talk, seen = write_and_read(servers, chats=4, lines=50)
    finally:
        for server in servers:
            server.kill()
    assert len(talk.stored) == 1_000
    assert talk.resent > 100
    rows = stored(data, **database)
    check(rows, talk, seen)
    by_ticket: dict[int, int] = {}
    for _text, _number, ticket in rows:
        by_ticket[ticket] = by_ticket.get(ticket, 0) + 1
    assert sorted({len(order) for order in seen}) == sorted(set(by_ticket.values())), "all saw all"


@pytest.mark.full
def test_kill_loses_no_acknowledged_line(data: Path) -> None:
    stage(data, 1)
    server = forking(data).start()
    stop = threading.Event()

    def killing() -> None:
        while not stop.wait(random.uniform(*UP)):
            kill(data)

    try:
        begun = threading.Thread(target=killing, daemon=True).start
        talk, seen = write_and_read([server], chats=CLIENTS, lines=25, begun=begun)
        stop.set()
    finally:
        stop.set()
        server.stop()
    assert len(talk.stored) == CLIENTS * 25
    assert talk.gaps, "no writer noticed: nothing was killed"
    check(stored(data), talk, seen)


@pytest.mark.full
def test_a_restart_drops_no_chat(data: Path) -> None:
    """Ended as a service manager ends it, and started cold on the same port."""
    stage(data, 1)
    server = uvicorn(data).start()

    def restart() -> None:
        time.sleep(1)
        server.stop()
        server.start()

    restarting = threading.Thread(target=restart)
    try:
        talk, seen = write_and_read([server], chats=CLIENTS, lines=20, begun=restarting.start)
        restarting.join()
    finally:
        server.stop()
    assert len(talk.stored) == CLIENTS * 20
    longest = max(talk.gaps, default=0.0)
    print(f"{len(talk.gaps)} writers were refused for {longest:.2f} s at most")
    assert 0 < longest <= GAP
    check(stored(data), talk, seen)


@pytest.mark.full
def test_chats_go_on_without_redis(data: Path, tmp_path: Path) -> None:
    """Redis stopped for a while and emptied under twenty chats on two processes: every line is stored
    and read by polling, none waits for it, and pages are told of moves again by themselves."""
    stage(data, 1)
    redis = Redis(tmp_path).start()
    servers = [uvicorn(data), uvicorn(data)]
    for server in servers:
        server.extra = {**server.extra, "REDIS_URL": redis.url, "SWEEPS_INSIDE": "0"}
        server.start()
    talk, over = Talk(), threading.Event()
    where = [(servers[n % 2].url, begin(servers[n % 2].url)[0]) for n in range(CLIENTS)]
    writers = [Chatter(url, token, talk, 10_000, over, pause=0.5) for url, token in where]
    readers = [Reader(servers[(n + 1) % 2].url, token, over) for n, (_, token) in enumerate(where)]
    try:
        for thread in (*writers, *readers):
            thread.start()
        time.sleep(3)
        redis.stop()
        stopped, before = time.monotonic(), len(talk.stored)
        time.sleep(WITHOUT_REDIS / 2)
        halfway = len(talk.stored)
        time.sleep(WITHOUT_REDIS - (time.monotonic() - stopped))
        during = len(talk.stored)
        redis.start()
        time.sleep(5)
        over.set()
        for thread in (*writers, *readers):
            thread.join(60)
    finally:
        over.set()
        for server in servers:
            server.kill()
        redis.stop()
    assert talk.odd == []
    assert [odd for reader in readers for odd in reader.odd] == []
    assert before < halfway < during < len(talk.stored), "lines were stored all the while"
    assert talk.gaps == [], "no writer was left without an answer"
    check(stored(data), talk, [reader.seen for reader in readers])
