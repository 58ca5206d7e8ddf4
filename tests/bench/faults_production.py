"""Twenty clients write through the proxy of the production form while one part after the other falls: a worker
of the pages, all of them, the sockets, the sweeps, the proxy, Redis, the database (trust.md, F01, F05, F07).
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx
import psycopg

from config.cookies import HOST
from tests.faults.clients import TOKEN, Advisor, Asker, History, Writer
from tests.faults.test_kill import ADVISORS, ASKERS, differences
from tests.production import Standing, standing

UP = (1.0, 3.0)
"""Seconds between the return of one part and the fall of the next."""


class _Https(Writer):
    """From an address of its own, as over the network: a pace is of an address."""

    def browser(self, **cookies: str) -> httpx.Client:
        dice = self.dice
        address = f"127.2.{dice.randrange(1, 255)}.{dice.randrange(1, 255)}"
        made = httpx.Client(
            base_url=self.url, timeout=60, headers={"Origin": self.url},
            transport=httpx.HTTPTransport(verify=False, local_address=address),
        )  # fmt: skip
        for name, value in {"csrftoken": TOKEN, **cookies}.items():
            made.cookies.set(f"{HOST}{name}", value, domain="127.0.0.1")
        return made


class _Advisor(_Https, Advisor):
    pass


class _Asker(_Https, Asker):
    pass


def under_fire(form: str, *, writes: int, patience: float) -> Counter[str]:
    """Write so much and compare; how often each part fell. Raises AssertionError."""
    with standing(form, users=ADVISORS) as stands:
        url, staged = stands.centre.url, stands.staged
        history, stop = History(writes), threading.Event()
        clients: list[Writer] = [
            _Advisor(url, history, stop, session=session, tickets=staged["tickets"])
            for session in staged["sessions"]
        ]
        clients += [_Asker(url, history, stop) for _ in range(ASKERS)]
        for client in clients:
            client.start()
        fallen = _fell(stands, history, until=time.monotonic() + patience)
        stop.set()
        for client in clients:
            client.join(90)
        assert history.is_full, f"only {history.count} of {writes}; {history.odd[:5]}"
        found = differences(_asking(stands), history)
        assert found == [], found
        print(f"{history.count} acknowledged, {history.resent} sent again, {dict(fallen)}")
        return fallen


def _fell(stands: Standing, history: History, *, until: float) -> Counter[str]:
    """Part after part, each let go on until something was acknowledged again; the longest pauses are told."""
    fallen: Counter[str] = Counter()
    pauses: dict[str, float] = {}
    dice, parts = random.Random(), _parts(stands)
    while not history.is_full and time.monotonic() < until:
        for name, fall in parts.items():
            had = history.count
            time.sleep(dice.uniform(*UP))
            while history.count == had and time.monotonic() < until:
                time.sleep(0.05)
            if history.is_full:
                break
            fall()
            fallen[name] += 1
            had, begun = history.count, time.monotonic()
            while history.count == had and not history.is_full and time.monotonic() < until:
                time.sleep(0.01)
            pauses[name] = max(pauses.get(name, 0), time.monotonic() - begun)
    print("longest pause after the return, seconds:", {k: round(v, 2) for k, v in pauses.items()})
    return fallen


def _parts(stands: Standing) -> dict[str, Callable[[], None]]:
    """What falls, and how it comes back: as systemd, or whoever looks after the database, brings it."""
    centre, proxy = stands.centre, stands.centre.proxy
    assert proxy is not None

    def fall_proxy() -> None:
        proxy.kill()
        time.sleep(1)
        proxy.start()

    parts = {one.log.stem: one.kill for one in centre.services}
    if stands.database is not None:
        parts["a worker of the pages"] = lambda: _kill_a_child(centre.service("wasl-pages").process)
    parts["proxy"] = fall_proxy
    if stands.redis is not None:
        parts["redis"] = lambda: _away(stands.redis.stop, stands.redis.start)  # type: ignore[union-attr]
    if stands.database is not None:
        parts["database"] = lambda: _away(stands.database.crash, stands.database.start)  # type: ignore[union-attr]
    return parts


def _away(stop: Callable[[], object], start: Callable[[], object]) -> None:
    stop()
    time.sleep(random.uniform(0.5, 3))
    start()


def _kill_a_child(process: object) -> None:
    """One worker, which its master replaces."""
    pid = process.pid  # type: ignore[attr-defined]
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    os.kill(int(random.choice(children)), signal.SIGKILL)


def _asking(stands: Standing) -> Callable[[str], list[tuple[object, ...]]]:
    """How to ask the database that was written into."""
    if stands.database is None:
        import sqlite3

        opened = sqlite3.connect(stands.centre.folder / "data" / "wasl.sqlite3")
        return lambda query: opened.execute(query).fetchall()
    connected = psycopg.connect(stands.database.url)
    return lambda query: connected.execute(query).fetchall()  # type: ignore[arg-type]
