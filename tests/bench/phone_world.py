"""The simulated network at full size, on its own clock: a thousand callers who hang up just when they are moved to
the advisor, and a day of 3 000 calls for twenty advisors whose figures must be the network's own to the second.

`python -m tests.bench.phone_world [rounds | day] [HOW MANY]`. It is played in steps, each brought to its end; a run
that was interrupted, or that reached its limit of time, goes on where it stopped when it is called again. The
suite plays the same in small (`test_hanging_up`, `test_public_day`).
"""

import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.server import ROOT, environment

SIZES = {"rounds": 1_000, "day": 3_000}
STEP = {"rounds": 50, "day": 100}
MINUTES, ADVISORS = 480.0, 20
LIMIT = 15 * 60
"""Seconds after which no other step is begun: with the last one and the start, twenty minutes."""
DAWN = 5
"""Hours before `make.NOW`: a long day is one day."""


@dataclass
class Kept:
    """What is known after the steps that were played."""

    done: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0
    before: int = 0
    after: int = 0
    """Rounds that hung up before both were in the room, and after."""
    now: datetime | None = None
    history: list[Any] = field(default_factory=list)
    taken: dict[str, datetime] = field(default_factory=dict)


def main(part: str = "", count: int = 0) -> int:
    """Print what came of it; 1 when anything was wrong. Without a part both, within one limit of time."""
    began = time.perf_counter()
    # A day that was begun goes on before the rounds are played anew.
    parts = [part] if part else ["day"] if _folder("day").exists() else ["rounds", "day"]
    code = 0
    for one in parts:
        left = int(LIMIT - (time.perf_counter() - began))
        if left > 0:
            code = max(code, _played(one, count or SIZES[one], left))
        else:
            _folder(one, count).mkdir(exist_ok=True)
        if _folder(one, count).exists():
            break
    return code


def _folder(part: str, count: int = 0) -> Path:
    return Path(tempfile.gettempdir()) / f"wasl-bench-{part}-{count or SIZES[part]}"


def _played(part: str, whole: int, seconds: int) -> int:
    folder = _folder(part, whole)
    (folder / "static").mkdir(parents=True, exist_ok=True)
    made = environment(folder, LOG_LEVEL="CRITICAL")
    command = [sys.executable, "-m", "tests.bench.phone_world", "play", part]
    command += [str(whole), str(seconds)]
    code = subprocess.run(command, cwd=ROOT, env=made, check=False).returncode
    if (folder / "over").exists():
        shutil.rmtree(folder)
    return code


def play(part: str, whole: int, seconds: int) -> int:
    """In an installation of its own, as many steps as there is time for."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    import time_machine
    from django.conf import settings

    from tests import make

    folder, began = Path(settings.DATA_DIR), time.perf_counter()
    kept, step = _resumed(folder), {"rounds": _rounds, "day": _day}[part]
    with time_machine.travel(make.NOW, tick=False):
        people = _laid(settings)
        is_first = True
        while kept.done < whole and (is_first or time.perf_counter() - began < seconds):
            is_first = False
            some = min(STEP[part], whole - kept.done)
            start = time.perf_counter()
            step(kept, some, people)
            kept.seconds += time.perf_counter() - start
            kept.done += some
            _keep(folder, kept)
            print(f"  {kept.done} of {whole}, {kept.seconds:.0f} s", file=sys.stderr, flush=True)
    return _report(part, kept, whole, folder)


def _report(part: str, kept: Kept, whole: int, folder: Path) -> int:
    each = kept.seconds / max(1, kept.done)
    if part == "rounds":
        print(
            f"hung up within half a second of the move: {kept.done} of {whole} rounds, {kept.before} before they "
            f"met and {kept.after} after, {len(kept.wrong)} wrong ({each:.2f} s a round)"
        )
    else:
        print(
            f"a day of the public network: {kept.done} of {whole} calls, {ADVISORS} advisors, {len(kept.taken)} "
            f"taken, {len(kept.wrong)} figures or seconds not the network's ({each:.2f} s a call)"
        )
    for line in kept.wrong[:20]:
        print(f"WRONG {line}")
    if kept.done < whole:
        print("its time is over; called again it goes on where it stopped")
    else:
        (folder / "over").touch()
    return int(bool(kept.wrong))


# --- steps ------------------------------------------------------------------------------------


def _network(kept: Kept, users: list[Any]) -> tuple[Any, Any]:
    """It goes on at the moment at which the step before ended; names of calls follow the seed."""
    import pytest

    from tests import make
    from tests.telephony.twilio.world import build

    start = kept.now or make.NOW - timedelta(hours=DAWN)
    return build(users, pytest.MonkeyPatch(), seed=1000 + kept.done, start=start)


def _rounds(kept: Kept, some: int, people: list[Any]) -> None:
    from tests.telephony.twilio import rounds

    world, desk = _network(kept, people[:1])
    tally = rounds.play(world, desk, people[0], some, seed=kept.done, first=kept.done)
    kept.before, kept.after = kept.before + tally.before, kept.after + tally.after
    kept.wrong += tally.wrong
    kept.now = world.clock.now


def _day(kept: Kept, some: int, people: list[Any]) -> None:
    """The figures are compared after each step, for the day so far."""
    import time_machine

    from helpdesk.supervision.measure_rows import Asked, read
    from helpdesk.supervision.periods import period
    from tests import make
    from tests.telephony.twilio import public_day

    advisors, supervisor = people[:-1], people[-1]
    world, _desk = _network(kept, advisors)
    desk = public_day.Noting(advisors)
    desk.world, desk.taken = world, kept.taken
    world.history[:] = kept.history
    minutes = MINUTES * some / SIZES["day"]  # fewer calls are a shorter day at the same pace
    told = public_day.play(world, desk, calls=some, minutes=minutes, advisors=len(advisors))
    kept.now, kept.history = world.clock.now, world.history
    with time_machine.travel(world.clock.now, tick=False):
        rows = read(supervisor, Asked(period("day", make.NOW.date())), at=world.clock.now)
    kept.wrong = [
        *public_day.differences(world, told, desk, rows),
        *(f"a caller was lost: {one}" for one in told.lost),
    ]


# --- what stays between two runs ----------------------------------------------------------------


def _laid(settings: Any) -> list[Any]:
    """Twenty advisors and a supervisor; the line is open day and night."""
    from django.core.management import call_command

    from helpdesk.accounts.actions import lay_groups
    from helpdesk.accounts.models import User
    from helpdesk.centre.models import Centre
    from helpdesk.queues.models import Queue
    from tests import make
    from tests.telephony.twilio import carrier as c

    settings.ALLOWED_HOSTS = ["*"]
    c.switch_on(settings)
    call_command("migrate", verbosity=0, interactive=False)
    if not User.objects.exists():
        lay_groups()
        make.centre()
        Centre.objects.update(always_open=True)
        Queue.objects.update(push_live=False, wait_seconds=20)
        for number in range(ADVISORS):
            make.user(f"advisor{number}", "advisor", speaks=["ar", "fr", "ary"])
        make.user("brahim", "supervisor")
    return list(User.objects.order_by("pk"))


def _resumed(folder: Path) -> Kept:
    """What was kept last. A step that was cut off is as if it had not begun."""
    kept, rows = folder / "kept", folder / "rows"
    database = _database()
    for old in (database, *(Path(f"{database}{end}") for end in ("-wal", "-shm"))):
        old.unlink(missing_ok=True)
    if not kept.exists():
        return Kept()
    shutil.copy(rows, database)
    found: Kept = pickle.loads(kept.read_bytes())
    return found


def _keep(folder: Path, kept: Kept) -> None:
    """Rows and what is known of them, together: both under other names first."""
    from django.db import connection

    fresh = folder / "fresh"
    fresh.unlink(missing_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(fresh)])
    (folder / "fresh-kept").write_bytes(pickle.dumps(kept))
    fresh.replace(folder / "rows")
    (folder / "fresh-kept").replace(folder / "kept")


def _database() -> Path:
    from django.conf import settings

    return Path(settings.DATABASES["default"]["NAME"])


if __name__ == "__main__":
    # As this module, not as the program: what is kept names the class by it.
    from tests.bench import phone_world

    if sys.argv[1:2] == ["play"]:
        raise SystemExit(phone_world.play(sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
    raise SystemExit(phone_world.main(*sys.argv[1:2], *map(int, sys.argv[2:3])))
