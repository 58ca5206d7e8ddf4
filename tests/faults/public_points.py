"""`python -m tests.faults.public_points`: calls of the public network, our server killed at named points of them.

The simulated network runs here, on a clock of its own, and asks our server in a process beside (`public_server`),
which asks it back over loopback. Each story is told once undisturbed, which names the points; then again for each
point, over rows laid anew, with a kill the first time it is passed. Prints one line of JSON: the points, those after
which rows and truth differ or nobody was killed, and the number of processes that were.
"""

import json
import os
import sys
import threading
from datetime import UTC, datetime
from random import Random
from typing import Any
from wsgiref.simple_server import make_server

import django

START = datetime(2026, 11, 30, 10, tzinfo=UTC)
"""A Monday, in hours."""
LASTS = {"answered": 75, "message": 45, "called_back": 30}
AFTER = 60
"""Seconds from a kill until rows and truth agree."""
LATE = 3


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    port = int(os.environ["TWILIO_API_URL"].rpartition(":")[2])
    django.setup()
    from tests.faults.public_server import Server

    server, surface = Server(), Surface(port)
    most, points, wrong = int(sys.argv[1]), {}, []
    for story in LASTS:
        whole = Told(server, surface, story)
        wrong += [[story, one] for one in whole.run()]
        for point in whole.passed:
            points.setdefault(point, story)
    chosen = _chosen(list(points), most)
    for point in chosen:
        told = Told(server, surface, points[point], die=point)
        found = told.run()
        if not told.died:
            found.append("was not killed")
        wrong += [[points[point], point, one] for one in found]
    server.stop()
    print(json.dumps({"points": chosen, "wrong": wrong, "deaths": server.deaths}))


def _chosen(points: list[str], most: int) -> list[str]:
    """Those around a commit and around a request to the network, and of the statements some of each job."""
    around = [point for point in points if "before " in point or "after " in point]
    rest = [point for point in points if point not in around]
    left = max(0, most - len(around))
    some = {rest[len(rest) * place // left] for place in range(left)}
    return [point for point in points if point in around or point in some]


class Surface:
    """The network's own side over loopback: one port, whichever story is being told."""

    def __init__(self, port: int) -> None:
        self.rest: Any = None
        from telephony.simulator.live import _Quiet, _Server
        from telephony.simulator.rest.loopback import application

        def answer(environ: Any, start: Any) -> Any:
            return application(self.rest)(environ, start)

        made = make_server("127.0.0.1", port, answer, _Server, _Quiet)
        threading.Thread(target=made.serve_forever, daemon=True).start()


class Told:
    """One story on a network of its own, over rows of its own. `die`: the point at which our server is killed
    the first time it is passed. `died`: it was."""

    def __init__(self, server: Any, surface: Surface, story: str, *, die: str = "") -> None:
        from telephony.simulator.simulator import Simulator
        from telephony.simulator.state import Account, Hooks
        from tests.telephony.twilio import carrier as c
        from tests.telephony.twilio.world import ASKED, HOOKS, STATUS

        self.server, self.story, self.die = server, story, die
        self.passed: dict[str, None] = {}
        """Points, in the order in which they were first passed."""
        self.died = False
        account = Account(
            c.ACCOUNT, c.TOKEN, keys={c.API_KEY: c.API_SECRET},
            numbers={c.OUR_NUMBER: Hooks(f"{HOOKS}voice/{ASKED}", status=STATUS)},
            applications={c.APP: Hooks(f"{HOOKS}application/{ASKED}", status=STATUS)},
        )  # fmt: skip
        server.anew()
        self.world = Simulator(self._post, account=account, seed=1, start=START)
        surface.rest = self.world.rest
        self.world.every(1, lambda: self.ask("sweep"))
        self.world.every(60, lambda: self.ask("reconcile"))

    def ask(self, job: str, *told: Any) -> Any:
        from telephony.simulator.posting import Killed
        from tests.faults.public_server import Server

        name = _named(job, *told)
        die = self.die.removeprefix(f"{name}: ")
        die = "" if self.died or die == self.die else die
        try:
            answer, points = self.server.ask(job, *told, now=self.world.clock.now, die=die)
        except Server.Died:
            if not die:
                raise
            self.died = True
            raise Killed(name) from None
        self.passed |= dict.fromkeys(f"{name}: {point}" for point in points)
        return answer

    def _post(self, url: str, form: Any, headers: Any, /) -> tuple[int, str, bytes]:
        status, kind, body = self.ask("post", url, form, dict(headers))
        return status, kind, body.encode()

    def run(self) -> list[str]:
        """What is wrong at the end, in words."""
        getattr(self, f"_{self.story}")()
        self.world.run(LASTS[self.story])
        wrong = [f"unseen: {one}" for one in self._unseen()] if self.died else []
        self.world.run(AFTER)
        return wrong + [str(one) for one in self.world.complaints] + self._differences()

    # --- the stories ----------------------------------------------------------------------------

    def _answered(self) -> None:
        """A caller waits, is taken, held, spoken with; the advisor ends it."""
        from telephony.simulator.actors import Advisor
        from telephony.simulator.load import Advisors
        from tests.telephony.twilio import carrier as c

        identity = self.server.ask("identities", now=START)[0][0]
        self._ring(["2", "0"])
        plan = Advisors(number=1, react=4, holds=1, drops=0, wrap=4)
        advisor = Advisor(self.world, identity, c.APP, _desk(self), plan, 12)
        advisor.random = Random(1)  # its name follows the secret key, what it does must not
        advisor.start()

    def _message(self) -> None:
        self._ring(["2", "0", "2"], spoken=8)

    def _called_back(self) -> None:
        self._ring(["2", "0", "1"])

    def _ring(self, presses: list[str], spoken: float = 0) -> None:
        from telephony.simulator.people import Scripted
        from tests.telephony.twilio import carrier as c

        number = f"+2126{self.world.ids._random.randrange(10**8):08d}"
        self.world.ring(number, c.OUR_NUMBER, Scripted(presses, spoken=spoken))

    # --- what is looked at ----------------------------------------------------------------------

    def _rows(self) -> Any:
        found = self.server.ask("rows", now=self.world.clock.now)[0]
        mine = {sid: row for sid, row in found["calls"].items() if sid in self.world.calls}
        return found | {"calls": mine}

    def _unseen(self) -> list[str]:
        """Callers in the network's line whom our rows do not have in theirs; and the other way round."""
        rows = self._rows()["calls"]
        standing = {sid for sid, call in self.world.calls.items() if call.member is not None}
        seen = {sid for sid, row in rows.items() if row["state"] == "waiting" and row["waits"]}
        return sorted(standing ^ seen)

    def _differences(self) -> list[str]:
        from telephony.simulator import truth

        told = truth.tell(self.world.history, self.world.clock.now, whole=True)
        rows = self._rows()
        wrong = [f"lost: {sid}" for sid in told.lost]
        wrong += [f"order {one}" for one in [*rows["orders"], *rows["aside"]]]
        if rows["calls"].keys() != told.calls.keys():
            wrong.append(f"{len(rows['calls'])} rows of {len(told.calls)} calls")
        for sid, row in rows["calls"].items():
            wrong += self._judge(told.calls[sid], row, self.world.calls[sid])
        kept = [one for one in self.world.recordings.values() if not one.deleted]
        return wrong + [f"recording {one.status} at the network" for one in kept]

    def _judge(self, told: Any, row: dict[str, Any], call: Any) -> list[str]:
        talked = sum(one.seconds for one in told.conversations)
        owed = {"answered": [], "message": ["voicemail"], "called_back": ["call-back"]}[self.story]
        state = {
            "answered": ("done", "wrap-up"),
            "message": ("voicemail",),
            "called_back": ("call-back",),
        }
        checks = {
            f"state {row['state']}, {told.outcome}": row["state"] in state[self.story],
            f"live {row['is_live']}, over {call.over}": call.over and not row["is_live"],
            f"{row['here']} ends are here": not row["here"],
            f"talked {talked}, {row['talk']}": abs(talked - row["talk"]) <= LATE,
            f"owed {row['owed']}": row["owed"] == owed,
            f"{row['recordings']} recordings": row["recordings"] == (self.story == "message"),
        }  # fmt: skip
        return [said for said, good in checks.items() if not good]


def _named(job: str, *told: Any) -> str:
    """A request by the last of its address that says what it is, and an event of the room by its own name."""
    if job != "post":
        return job
    path = told[0].partition("/hooks/twilio/")[2].split("/")[0]
    event = told[1].get("StatusCallbackEvent", "") if path == "room" else ""
    return event or path


def _desk(told: Told) -> Any:
    from telephony.simulator.actors import Desk, Taken

    class Asked(Desk):
        def take(self, identity: str) -> Taken | None:
            found = told.ask("take", identity)
            return Taken(*found) if found else None

        def hold(self, identity: str, on: bool) -> None:
            told.ask("hold", identity, on)

        def hang_up(self, identity: str) -> None:
            told.ask("hang_up", identity)

        def free(self, identity: str) -> None:
            told.ask("free", identity)

    return Asked()


if __name__ == "__main__":
    main()
