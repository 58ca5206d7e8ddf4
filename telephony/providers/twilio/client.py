"""Our requests to Twilio: each ends within five seconds, and none is repeated by itself.

The library is loaded with the first request. `http_client` is the one thing that tests and the simulator
put something else in the place of.
"""

import json
from datetime import datetime
from typing import Any

from telephony.providers.twilio.account import Account
from telephony.providers.twilio.reaching import (
    MEDIA_HOST,
    TIMEOUT,
    NotTaken,
    base,
    elsewhere,
    fetched,
    never_left,
)

PAGE = 1000
"""Rows of a list in one answer, the most there may be."""
LARGEST = 10 * 1024 * 1024
"""Bytes of a message: five minutes take five million."""
LARGEST_TALK = 256 * 1024 * 1024
"""Bytes of a talk: sixteen thousand a second, for the four hours a call lasts at most."""


def http_client() -> Any:
    """The library's own, with a limit of time."""
    from twilio.http.http_client import TwilioHttpClient

    return TwilioHttpClient(timeout=TIMEOUT, max_retries=0)


class Rest:
    """What we ask of Twilio. Every method raises NotTaken."""

    def __init__(self, ours: Account) -> None:
        from twilio.rest import Client

        self.ours, self.http = ours, http_client()
        self._client = Client(ours.sid, ours.token, http_client=elsewhere(self.http))

    def take_from_line(self, line: str, voice: str, url: str) -> None:
        """Just this caller leaves the line, to what the address answers."""
        self._do(lambda: self._client.queues(line).members(voice).update(url=url, method="POST"))

    def send_to(self, voice: str, url: str) -> None:
        """A call goes on with what the address answers."""
        self._do(lambda: self._client.calls(voice).update(url=url, method="POST"))

    def end(self, voice: str) -> None:
        self._do(lambda: self._client.calls(voice).update(status="completed"))

    def tell(self, room: str, voice: str, **how: Any) -> None:
        self._do(lambda: self._client.conferences(room).participants(voice).update(**how))

    def call_into(
        self, room: str, to: str, sender: str, *, label: str, told: str, events: str, seconds: int
    ) -> str:
        """Call a number into a room; Twilio's name for that voice. Sent again it is a second call.
        `told`: who is told how it rings, `events`: who is told of the room, `seconds` of ringing."""
        made = self._do(
            lambda: self._client.conferences(room).participants.create(
                from_=sender, to=to, label=label, timeout=seconds, beep="false",
                start_conference_on_enter=True, end_conference_on_exit=True,
                status_callback=told, status_callback_method="POST",
                status_callback_event=["initiated", "ringing", "answered", "completed"],
                conference_status_callback=events, conference_status_callback_method="POST",
                conference_status_callback_event=["start", "end", "join", "leave"],
            )
        )  # fmt: skip
        return str(made.call_sid)

    def labelled(self, name: str, label: str) -> str:
        """The voice of that label in the room of that name, there or on its way; empty when none is."""
        found = [one.call_sid for one in self._there(name) if one.label == label]
        return str(found[0]) if found else ""

    def drop(self, room: str, voice: str) -> None:
        self._do(lambda: self._client.conferences(room).participants(voice).delete())

    def close(self, room: str) -> None:
        self._do(lambda: self._client.conferences(room).update(status="completed"))

    def status_of(self, voice: str) -> str:
        return str(self._do(lambda: self._client.calls(voice).fetch()).status)

    def in_room(self, name: str) -> dict[str, datetime | None]:
        """Voices in the room of that name, each with since when; none where there is no such room now.
        One that still rings is not in it."""
        there = [one for one in self._there(name) if one.status in (None, "connected")]
        return {one.call_sid: one.date_created for one in there}

    def _there(self, name: str) -> list[Any]:
        room = self.room_named(name)
        if not room:
            return []
        participants = self._client.conferences(room).participants
        return list(self._do(lambda: participants.list(limit=50)))

    def room_named(self, name: str) -> str:
        """Twilio's own name of the room that is called so now; empty where there is none. With one voice in
        it a room has not started yet, and is a room all the same."""
        rooms = self._do(lambda: self._client.conferences.list(friendly_name=name, limit=20))
        return next((str(room.sid) for room in rooms if room.status != "completed"), "")

    def calls_of(self, start: datetime, end: datetime) -> list[Any]:
        """Every call that began in between, each as Twilio's library shows it; so the two below."""
        calls = self._do(
            lambda: self._client.calls.list(
                start_time_after=start, start_time_before=end, page_size=PAGE
            )
        )
        return [one for one in calls if _is_in(one.start_time or one.date_created, start, end)]

    def recordings_of(self, start: datetime, end: datetime) -> list[Any]:
        """Those whose sound is still there."""
        found = self._do(
            lambda: self._client.recordings.list(
                date_created_after=start, date_created_before=end, page_size=PAGE
            )
        )
        return [one for one in found if _is_in(one.date_created, start, end)]

    def texts_of(self, start: datetime, end: datetime) -> list[Any]:
        texts = self._do(
            lambda: self._client.messages.list(
                date_sent_after=start, date_sent_before=end, page_size=PAGE
            )
        )
        return [one for one in texts if _is_in(one.date_sent or one.date_created, start, end)]

    def text(self, to: str, sender: str, *, told: str, **what: str) -> str:
        """Send a text, `body` or `content_sid`; Twilio's name for it. `told`: who is told what becomes
        of it. Sent again it is a second text."""
        made = self._do(
            lambda: self._client.messages.create(to=to, from_=sender, status_callback=told, **what)
        )
        return str(made.sid)

    def sound(self, recording: str, *, largest: int = LARGEST) -> bytes:
        """A recording as WAV, whose length can be checked."""
        url = f"{base()}/2010-04-01/Accounts/{self.ours.sid}/Recordings/{recording}.wav"
        return fetched(self.http, url, (self.ours.sid, self.ours.token), largest=largest)

    def begin_tape(self, voice: str, *, told: str) -> str:
        """What this voice says and hears is recorded from now on; Twilio's name for the recording."""
        made = self._do(
            lambda: self._client.calls(voice).recordings.create(
                recording_status_callback=told, recording_status_callback_method="POST",
                recording_status_callback_event=["completed", "absent"],
                recording_channels="mono", recording_track="both", trim="do-not-trim",
            )
        )  # fmt: skip
        return str(made.sid)

    def set_tape(self, voice: str, recording: str, status: str) -> None:
        """`paused` leaves nothing in the sound, not even silence; `in-progress`, `stopped`."""
        how = {"pause_behavior": "skip"} if status == "paused" else {}
        self._do(
            lambda: self._client.calls(voice).recordings(recording).update(status=status, **how)
        )

    def tapes_under_way(self, voice: str) -> list[str]:
        """The recordings of this voice that go on, a later one before an earlier."""
        found = self._do(lambda: self._client.calls(voice).recordings.list(limit=20))
        return [str(one.sid) for one in found if one.status in ("in-progress", "paused")]

    def recordings_since(self, since: datetime) -> list[tuple[str, str, datetime]]:
        """Each recording of the account whose sound is there: its name, by what it was made, when."""
        found = self._do(
            lambda: self._client.recordings.list(date_created_after=since, page_size=PAGE)
        )
        kept = [one for one in found if one.status != "absent"]
        return [(str(one.sid), str(one.source), one.date_created) for one in kept]

    def forget(self, recording: str) -> None:
        """The sound is deleted at Twilio."""
        self._do(lambda: self._client.recordings(recording).delete())

    def media(self, message: str, media: str) -> bytes:
        """A file of a message. Its address leads on to Twilio's store, and nowhere else."""
        account = f"{base()}/2010-04-01/Accounts/{self.ours.sid}"
        url = f"{account}/Messages/{message}/Media/{media}"
        return fetched(
            self.http, url, (self.ours.sid, self.ours.token), leads_to=MEDIA_HOST, largest=LARGEST
        )

    def forget_media(self, message: str, media: str) -> None:
        """The file is deleted at Twilio."""
        self._do(lambda: self._client.messages(message).media(media).delete())

    def read(
        self, url: str, *, auth: tuple[str, str] | None = None, **asked: Any
    ) -> tuple[dict[str, Any], str]:
        """What stands at an address, and the Date of the answer; `auth`: asked with a key instead."""
        told = self._do(lambda: self._client.request("GET", url, params=asked, auth=auth))
        try:
            content = json.loads(told.text or "{}")
        except ValueError:
            content = {}
        if not isinstance(content, dict):
            content = {}
        if told.status_code != 200:
            code = content.get("code")
            raise NotTaken(told.status_code, code if isinstance(code, int) else 0)
        return content, str((told.headers or {}).get("Date", ""))

    @staticmethod
    def _do(act: Any) -> Any:
        from requests.exceptions import RequestException
        from twilio.base.exceptions import TwilioException, TwilioRestException

        try:
            return act()
        except TwilioRestException as error:
            raise NotTaken(error.status, error.code or 0) from None
        except (RequestException, TwilioException, OSError) as error:
            raise NotTaken(is_unsent=never_left(error)) from None


def _is_in(moment: datetime | None, start: datetime, end: datetime) -> bool:
    """Lists are asked for by the day, and may hold what is beside it."""
    return moment is not None and start <= moment < end
