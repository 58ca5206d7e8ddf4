"""`python -m tests.faults.call_points`: a call told by an exchange, the server killed at every point of it.

A point is a statement to the database, named by the event it serves and what it touches. At each one a
child that serves the event kills itself (SIGKILL). One that died before the event was stored has not
answered: as an exchange does, the event is sent again. One that died while applying it had: nobody sends it
again, the sweep of a new process applies it. Then the rest of the call follows. Prints one line of JSON:
the points, and those that ended wrong.
"""

import json
import os
import re
import secrets
import signal
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import django
from django.utils import timezone

PLOTS: dict[str, tuple[tuple[str, int], ...]] = {
    "answered": (("ringing", 0), ("answered", 10), ("ended", 90)),
    "missed": (("ringing", 0), ("missed", 25)),
    "message": (("ringing", 0), ("voicemail", 40)),
}
BEGAN = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30)
EVERY = 4
"""Of the statements of an event every fourth is a point, with the first and the last."""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["LINE_HOOK_APPLIES"] = "0"  # no thread beside: it is this one that dies
    django.setup()
    from django.db import connections

    from helpdesk.accounts.models import User

    User.objects.filter(username="advisor-0").update(extension="101")
    connections.close_all()
    points, wrong, serial = [], [], 0
    for plot, events in PLOTS.items():
        serial += 1
        names = _in_child(partial(_named, events, serial))
        right = _in_child(partial(_outcome, serial))
        for place, (event, _second) in enumerate(events):
            for half, whole in names[place].items():
                for at in sorted({*range(0, len(whole), EVERY), len(whole) - 1}):
                    serial += 1
                    _killed(events, serial, place, half, at)
                    found = _in_child(partial(_outcome, serial))
                    points.append(f"{plot}, {event}, {half}: {whole[at]}")
                    if found != right:
                        wrong.append([points[-1], found, right])
    print(json.dumps({"points": points, "wrong": wrong}))


def _said(serial: int, place: int, event: str, second: int) -> Any:
    from helpdesk.associations.numbers import Number
    from telephony.providers.hook.fields import Said

    return Said(
        call=f"k{serial}", event=event, at=BEGAN + timedelta(seconds=second),
        number=Number.parse(f"06{serial:08d}"), sequence=place,
        extension="101" if event == "answered" else "",
    )  # fmt: skip


def _store(serial: int, place: int, event: str, second: int) -> None:
    """What the request does before it answers."""
    from django.db import transaction

    from telephony.providers.hook import inbox, once, signing

    inbox._is_set_up.cache_clear()  # each time as in a new process
    now, who = timezone.now(), signing.Signed("pbx", secrets.token_hex(16))
    with transaction.atomic():
        once.use_once(who, at=now)
        inbox.keep(_said(serial, place, event, second), who=who, at=now)


def _apply() -> None:
    """What the process does right afterwards."""
    from telephony.providers.hook.applying import apply_next

    assert apply_next(at=timezone.now())


def _sweep() -> int:
    from telephony.providers.hook.applying import apply_left

    return apply_left(at=timezone.now() + timedelta(seconds=3))


_WORKS = {"store": _store, "apply": lambda *told: _apply()}
"""The two halves of an event, each a transaction of its own."""


def _tell(*told: Any) -> None:
    for work in _WORKS.values():
        work(*told)


def _named(events: tuple[tuple[str, int], ...], serial: int) -> list[dict[str, list[str]]]:
    """The statements of each event of an undisturbed call, before the answer and after it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    found = []
    for place, (event, second) in enumerate(events):
        halves = {}
        for half, work in _WORKS.items():
            with CaptureQueriesContext(connection) as seen:
                work(serial, place, event, second)
            # Savepoints and the like do not pass the wrapper that counts below.
            said = [one["sql"] for one in seen.captured_queries]
            halves[half] = [
                _name(sql) for sql in said if sql.startswith(("SEL", "INS", "UPD", "DEL"))
            ]
        found.append(halves)
    return found


def _name(sql: str) -> str:
    table = re.search(r'(?:FROM|INTO|UPDATE) "?(\w+)"?', sql)
    return f"{sql.split(' ', 1)[0]} {table[1] if table else ''}"


def _killed(
    events: tuple[tuple[str, int], ...], serial: int, place: int, half: str, at: int
) -> None:
    """All events in their order; the server dies at one statement of one half of one of them."""
    for number, told in enumerate(events):
        given = (serial, number, *told)
        if number != place:
            _in_child(partial(_tell, *given))
            continue
        if half == "apply":
            _in_child(partial(_store, *given))
        assert _fork(partial(_die, half, given, at)) == signal.SIGKILL
        if half == "store":
            _in_child(partial(_tell, *given))
        else:
            assert _in_child(_sweep) == 1
        assert _in_child(_sweep) == 0


def _die(half: str, told: tuple[Any, ...], at: int) -> None:
    from django.db import connection

    left = [at]

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("SEL", "INS", "UPD", "DEL")):
            return execute(sql, params, many, context)
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        _WORKS[half](*told)


def _outcome(serial: int) -> Any:
    from helpdesk.queues.models import Handling, Waiting
    from helpdesk.tickets.models import Promise
    from telephony.models import Call
    from telephony.providers.hook.telling import key_of

    call = Call.objects.get(key=key_of(f"k{serial}"))
    return [
        call.state, call.talk_seconds, call.user.username if call.user else "",
        [one.kind for one in Promise.objects.filter(ticket=call.ticket)],
        sorted(
            [one.channel, one.ended_how] for one in Waiting.objects.filter(ticket=call.ticket)
        ),
        Handling.objects.filter(ticket=call.ticket).count(),
        sorted(call.events.values_list("kind", flat=True)),
        call.ticket.entries.count(),
        Call.objects.filter(ticket=call.ticket).count(),
    ]  # fmt: skip


def _fork(act: Any) -> int:
    """The act in a child of its own; the signal that ended it, 0 for none."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException as broken:
            print(repr(broken), file=sys.stderr)
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def _in_child(act: Any) -> Any:
    """What the act answers, from a child: the parent never holds the database open."""
    read, write = os.pipe()

    def told() -> None:
        with os.fdopen(write, "w") as out:
            json.dump(act(), out)

    _fork(told)
    os.close(write)
    with os.fdopen(read) as answer:
        return json.load(answer)


if __name__ == "__main__":
    main()
