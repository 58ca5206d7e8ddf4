"""A small call centre around the tiny server: the whole way of a call, with rows of its own.

It parks callers in one queue, gives an advisor a claim, opens a room, moves the caller when the
advisor's leg has joined, and keeps what it was told as sets, so that order and repetition are nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException

from telephony.simulator.actors import Desk, Taken
from telephony.simulator.simulator import Simulator
from telephony.simulator.truth import ABANDONED, EARLY, LEFT, MESSAGE, TALKED, Row
from tests.telephony.simulator.centre import ASK, STATUS, Server, client
from tests.telephony.simulator.words import BASE, twiml

ASK_AGAIN = ASK.replace("&", "&amp;")


@dataclass
class Kept:
    """The server's row of a call."""

    sid: str
    queued: bool = False
    left: bool = False
    message: float = 0
    waited: float = 0
    ended: bool = False
    claimed: str = ""
    """Whose claim it is now."""
    moving: bool = False
    spoken: list[tuple[str, float, float]] = field(default_factory=list)


@dataclass
class Room:
    """What room events said; times are Twilio's, so that order and delay do not matter."""

    sid: str = ""
    events: dict[tuple[str, ...], Any] = field(default_factory=dict)


class Centre(Server, Desk):
    """The whole flow, idempotent by construction: rows are sets of what was told."""

    def __init__(self) -> None:
        super().__init__()
        self.world: Simulator
        self.rows: dict[str, Kept] = {}
        self.rooms: dict[str, Room] = {}
        self.line: list[str] = []
        self.claims: dict[str, tuple[str, str]] = {}
        self.failures: list[str] = []
        self.answers = {
            "/voice": self._voice, "/language": self._park, "/wait": self._wait, "/key": self._key,
            "/queue": self._queue, "/desk": self._desk, "/enter": self._enter, "/room": self._room,
            "/status": self._status, "/message": self._message, "/listen": self._listen,
            "/fallback": self._park,
            "/music": twiml("<Play>/music.mp3</Play>"),
        }  # fmt: skip

    def attach(self, world: Simulator) -> Simulator:
        self.world, self.client = world, client(world)
        return world

    def row(self, form: dict[str, str]) -> Kept:
        return self.rows.setdefault(form["CallSid"], Kept(form["CallSid"]))

    # --- the caller ---------------------------------------------------------------------------

    def _voice(self, form: dict[str, str]) -> str:
        self.row(form)
        return twiml(
            f'<Gather numDigits="1" timeout="4" actionOnEmptyResult="true" action="/language{ASK_AGAIN}">'
            "<Play>/welcome.mp3</Play></Gather>"
        )

    def _park(self, form: dict[str, str]) -> str:
        row = self.row(form)
        if not row.queued:
            row.queued = True
            self.line.append(row.sid)
        return twiml('<Enqueue waitUrl="/wait" action="/queue">line</Enqueue>')

    def _wait(self, form: dict[str, str]) -> str:
        return twiml(
            '<Gather numDigits="1" timeout="2" action="/key"><Play>/music.mp3</Play></Gather>'
            '<Pause length="8"/>'
        )

    def _key(self, form: dict[str, str]) -> str:
        row = self.row(form)
        if row.claimed:
            return twiml('<Pause length="20"/>')
        row.left = True
        self._drop(row.sid)
        return twiml("<Leave/>")

    def _queue(self, form: dict[str, str]) -> str:
        row, result = self.row(form), form["QueueResult"]
        row.waited = float(form["QueueTime"])
        if result == "hangup":
            self._drop(row.sid)
        if result != "leave":
            return twiml()
        return twiml('<Say language="fr-FR">Laissez un message</Say><Record action="/message"/>')

    def _message(self, form: dict[str, str]) -> str:
        """Redirected by whoever stood in for us, it has lost its fields."""
        self.row(form).message = float(form.get("RecordingDuration", 0))
        return twiml("<Hangup/>")

    def _status(self, form: dict[str, str]) -> str:
        if form["CallStatus"] == "completed":
            self.row(form).ended = True
            self._drop(form["CallSid"])
        return twiml()

    def _drop(self, sid: str) -> None:
        if sid in self.line:
            self.line.remove(sid)

    # --- the desk -----------------------------------------------------------------------------

    def take(self, identity: str) -> Taken | None:
        if not self.line:
            return None
        sid = self.line.pop(0)
        row = self.rows[sid]
        row.claimed = identity
        claim = f"claim{len(self.claims)}"
        self.claims[claim] = (sid, identity)
        return Taken({"claim": claim}, sid)

    def free(self, identity: str) -> None:
        """An advisor who never joined gives the call back to the front."""
        for row in self.rows.values():
            if row.claimed == identity:
                row.claimed = ""
                if not row.moving and not row.ended and row.queued:
                    self.line.insert(0, row.sid)

    def hold(self, identity: str, on: bool) -> None:
        for row in self.rows.values():
            room = self.rooms.get(f"room{row.sid[2:]}")
            if row.claimed == identity and room and room.sid:
                self._set_hold(room.sid, row.sid, on)

    def _set_hold(self, room: str, call: str, on: bool) -> None:
        update = {"hold": on} | ({"hold_url": f"{BASE}/music"} if on else {})
        person = self.client.conferences(room).participants(call)
        self._try(lambda: person.update(**update))

    def listen(self, identity: str) -> Taken | None:
        for row in self.rows.values():
            if row.moving and row.claimed and not row.ended:
                return Taken({"listen": row.sid})
        return None

    def _desk(self, form: dict[str, str]) -> str:
        if "listen" in form:
            return self._listen(form)
        sid, identity = self.claims[form["claim"]]
        assert form["From"] == f"client:{identity}"
        return self._into(sid, label=f"advisor_of_{identity}", end="false")

    def _listen(self, form: dict[str, str]) -> str:
        return self._into(form["listen"], label=form["From"][7:], end="false", muted="true")

    def _enter(self, form: dict[str, str]) -> str:
        return self._into(form["CallSid"], label="caller", end="true")

    def _into(self, sid: str, *, label: str, end: str, muted: str = "false") -> str:
        return twiml(
            f'<Dial><Conference participantLabel="{label}" endConferenceOnExit="{end}" '
            f'muted="{muted}" beep="false" statusCallback="{BASE}/room{STATUS.replace("&", "&amp;")}" '
            f'statusCallbackEvent="start end join leave hold">room{sid[2:]}</Conference></Dial>'
        )

    def _room(self, form: dict[str, str]) -> str:
        room = self.rooms.setdefault(form["FriendlyName"], Room())
        room.sid = form["ConferenceSid"]
        event = form["StatusCallbackEvent"]
        key = (room.sid, event, form["SequenceNumber"])
        if key in room.events:
            return twiml()
        room.events[key] = form
        row = self.rows["CA" + form["FriendlyName"].removeprefix("room")]
        if (
            event == "participant-join"
            and form["ParticipantLabel"].startswith("advisor")
            and not row.moving
        ):
            self._move(row)
        if event == "participant-leave" and form["ParticipantLabel"].startswith("advisor"):
            self._try(lambda: self.client.conferences(room.sid).update(status="completed"))
        return twiml()

    def _move(self, row: Kept) -> None:
        row.moving = self._try(
            lambda: (
                self.client.queues(self._line()).members(row.sid).update(url=f"{BASE}/enter{ASK}")
            )
        )

    def _line(self) -> str:
        return next(iter(self.world.queues), "QU" + "0" * 32)

    def sweep(self) -> None:
        """Whoever sits alone in a room since the last look is let go: an event was lost."""
        for row in self.rows.values():
            if row.moving and not row.ended:
                self._try(lambda row=row: self._look(row))

    def _look(self, row: Kept) -> None:
        rooms = self.client.conferences.list(
            friendly_name=f"room{row.sid[2:]}", status="in-progress"
        )
        rooms += self.client.conferences.list(friendly_name=f"room{row.sid[2:]}", status="init")
        for room in rooms:
            labels = [one.label for one in room.participants.list()]
            if labels == ["caller"]:
                room.update(status="completed")

    def _try(self, ask: Callable[[], Any]) -> bool:
        """Again on 429 and 5xx; a cut one is looked at by asking what became of it."""
        for _time in range(4):
            try:
                ask()
                return True
            except TwilioRestException as refused:
                if refused.status not in (429, 503):
                    self.failures.append(str(refused.code))
                    return False
            except (RequestException, TwilioException):
                continue
        return False

    # --- what the rows say --------------------------------------------------------------------

    def said(self) -> dict[str, Row]:
        rows = {}
        for sid, row in self.rows.items():
            if sid not in self.world.calls or self.world.calls[sid].identity:
                continue
            spoken = self._spoken(sid)
            if spoken:
                outcome = TALKED
            elif row.message:
                outcome = MESSAGE
            elif row.left:
                outcome = LEFT
            else:
                outcome = ABANDONED if row.queued else EARLY
            rows[sid] = Row(outcome, row.waited, spoken)
        return rows

    def _spoken(self, sid: str) -> tuple[tuple[str, float, float], ...]:
        room = self.rooms.get(f"room{sid[2:]}")
        by_room: dict[str, list[dict[str, str]]] = {}
        for form in room.events.values() if room else ():
            by_room.setdefault(form["ConferenceSid"], []).append(form)
        return tuple(talk for forms in by_room.values() for talk in self._talks(sid, forms))

    def _talks(self, sid: str, forms: list[dict[str, str]]) -> Iterable[tuple[str, float, float]]:
        """Of one room: each advisor's seconds with the caller, and those on hold."""
        times = {
            (form["StatusCallbackEvent"], form.get("CallSid", "")): parsedate_to_datetime(
                form["Timestamp"]
            )
            for form in forms
        }
        advisors = {
            one["CallSid"] for one in forms if one.get("ParticipantLabel", "").startswith("advisor")
        }
        for leg in advisors:
            joined = [times.get(("participant-join", one)) for one in (sid, leg)]
            left = [times.get(("participant-leave", one)) for one in (sid, leg)]
            if None in joined or None in left or max(joined) > min(left):
                continue
            held = times.get(("participant-hold", sid))
            back = times.get(("participant-unhold", sid))
            end = min(left)
            paused = (min(back or end, end) - held).total_seconds() if held else 0.0
            whole = (end - max(joined)).total_seconds()
            yield self.world.calls[leg].identity, whole - paused, paused
