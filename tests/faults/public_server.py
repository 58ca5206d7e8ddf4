"""Our server as a child that is killed (-9) in the middle of what it does, and a new one that follows at once.

It is given one job after the other over a pipe: a request of the network, a second's sweeps, an act at the desk;
each with the moment at which it happens. A point is a statement to the database, a commit or a request to the
network, before it and after it. Told to die at one, it does.
"""

import json
import os
import re
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

Counting = Callable[[str], None]


class Server:
    """`ask` raises Died when the child is killed at its point; the next one is there already.

    Nothing here opens the database: each child begins as a new process does, with what is loaded and no more.
    """

    class Died(Exception):
        pass

    def __init__(self) -> None:
        import twilio.rest  # noqa: F401
        from django.core.handlers.wsgi import WSGIHandler
        from django.db import connection
        from django.urls import get_resolver

        WSGIHandler()
        get_resolver().url_patterns  # noqa: B018  loaded here, and not by each child anew
        self.deaths = 0
        self._rows = Path(connection.settings_dict["NAME"])
        self._laid = self._rows.with_suffix(".laid")
        shutil.copy(self._rows, self._laid)
        self._start()

    def ask(self, job: str, *told: Any, now: datetime, die: str = "") -> tuple[Any, list[str]]:
        """The answer and the points that were passed; `die`: at the first of that name."""
        given = {"job": job, "told": told, "now": now.isoformat(), "die": die}
        self._out.write(json.dumps(given) + "\n")
        self._out.flush()
        line = self._in.readline()
        if not line:
            self._end()
            self.deaths += 1
            self._start()
            raise Server.Died
        answer, points = json.loads(line)
        return answer, points

    def anew(self) -> None:
        """Another process over the rows as they were laid: what one telling left is in no other's way."""
        self.stop()
        for beside in ("-wal", "-shm"):
            Path(f"{self._rows}{beside}").unlink(missing_ok=True)
        shutil.copy(self._laid, self._rows)
        self._start()

    def stop(self) -> None:
        os.kill(self._child, signal.SIGKILL)
        self._end()

    def _start(self) -> None:
        to_child, from_child = os.pipe(), os.pipe()
        self._child = os.fork()
        if self._child == 0:
            os.close(to_child[1])
            os.close(from_child[0])
            _serve(to_child[0], from_child[1])
        os.close(to_child[0])
        os.close(from_child[1])
        self._out, self._in = os.fdopen(to_child[1], "w"), os.fdopen(from_child[0])

    def _end(self) -> None:
        os.waitpid(self._child, 0)
        self._in.close()
        try:
            self._out.close()
        except BrokenPipeError:
            pass


def _serve(given: int, answers: int) -> None:
    import time_machine

    works = _Works()
    try:
        with os.fdopen(given) as jobs, os.fdopen(answers, "w") as out:
            for line in jobs:
                job = json.loads(line)
                works.clock.now = datetime.fromisoformat(job["now"])
                with (
                    time_machine.travel(works.clock.now, tick=False),
                    _counting(job["die"]) as seen,
                ):
                    answer = getattr(works, job["job"])(*job["told"])
                out.write(json.dumps([answer, seen]) + "\n")
                out.flush()
    except BaseException as broken:
        print(f"{type(broken).__name__}: {broken}", file=sys.stderr)
        os._exit(1)
    os._exit(0)


class _Works:
    """The jobs."""

    def __init__(self) -> None:
        from django.test import Client

        from helpdesk.accounts.models import User
        from telephony import jobs
        from tests.telephony.simulator import product
        from tests.telephony.twilio.world import OurDesk

        jobs._begun = -1000.0  # silence counts: its clock is made up
        self.clock = SimpleNamespace(now=None)
        self.asked = product.post(Client())
        self.desk = OurDesk(list(User.objects.filter(username__startswith="advisor-")))
        self.desk.world = SimpleNamespace(clock=self.clock)

    def post(self, url: str, form: dict[str, str], headers: dict[str, str]) -> Any:
        status, kind, body = self.asked(url, form, headers)
        return [status, kind, body.decode()]

    def sweep(self) -> None:
        from telephony import jobs
        from telephony.providers.twilio import sending

        sending.send_due(at=self.clock.now)
        jobs.timers_due(at=self.clock.now)

    def reconcile(self) -> int:
        from telephony import jobs

        return jobs.reconcile(at=self.clock.now)

    def take(self, identity: str) -> Any:
        taken = self.desk.take(identity)
        return [taken.custom, taken.call] if taken else None

    def hold(self, identity: str, on: bool) -> None:
        self.desk.hold(identity, on)

    def hang_up(self, identity: str) -> None:
        self.desk.hang_up(identity)

    def free(self, identity: str) -> None:
        self.desk.free(identity)

    def identities(self) -> list[str]:
        return list(self.desk.users)

    def rows(self) -> Any:
        """Of each call what our rows say; and what is still open."""
        from helpdesk.queues.models import Waiting
        from helpdesk.tickets.models import Promise
        from telephony.models import Call
        from telephony.providers.twilio.models import Order
        from telephony.recordings import Recording

        calls = {
            call.key.removeprefix("public:"): {
                "state": call.state, "is_live": call.is_live, "talk": call.talk_seconds,
                "waits": Waiting.objects.filter(ticket=call.ticket_id, ended_at=None).count(),
                "owed": sorted(Promise.objects.filter(ticket=call.ticket_id).values_list("kind", flat=True)),
                "recordings": Recording.objects.filter(call=call).count(),
                "here": call.legs.here().count(),
            }
            for call in Call.objects.filter(line="public")
        }  # fmt: skip
        orders = Order.objects.open().exclude(kind="look").values_list("kind", flat=True)
        return {
            "calls": calls, "orders": list(orders),
            "aside": list(Order.objects.set_aside().values_list("kind", "error")),
        }  # fmt: skip


@contextmanager
def _counting(die: str) -> Iterator[list[str]]:
    from django.db import connection

    from telephony.providers.twilio import client

    seen: list[str] = []

    def point(name: str) -> None:
        seen.append(name)
        if name == die:
            os.kill(os.getpid(), signal.SIGKILL)

    commit, do, fetched = connection._commit, client.Rest._do, client.fetched
    connection._commit = partial(_around, point, "commit", commit)
    client.Rest._do = staticmethod(partial(_around, point, "", do))  # type: ignore[assignment,method-assign]
    client.fetched = partial(_around, point, "", fetched)
    try:
        with connection.execute_wrapper(partial(_statement, point)):
            yield seen
    finally:
        del connection._commit
        client.Rest._do, client.fetched = staticmethod(do), fetched  # type: ignore[assignment,method-assign]


def _around(point: Counting, name: str, act: Any, *given: Any, **named: Any) -> Any:
    """Without a name it is that of the request to the network, whose method calls this."""
    name = name or sys._getframe(1).f_code.co_name
    point(f"before {name}")
    answer = act(*given, **named)
    point(f"after {name}")
    return answer


def _statement(
    point: Counting, execute: Any, sql: str, params: Any, many: bool, context: Any
) -> Any:
    if sql.startswith(("INS", "UPD", "DEL")):
        table = re.search(r'(?:FROM|INTO|UPDATE) "?(\w+)"?', sql)
        point(f"{sql[:6].lower()} {table[1] if table else ''}")
    return execute(sql, params, many, context)
