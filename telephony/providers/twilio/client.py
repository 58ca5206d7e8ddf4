"""Our requests to Twilio: each ends within five seconds, and none is repeated by itself.

The library is loaded with the first request. `http_client` is the one thing that tests and the simulator
put something else in the place of.
"""

from datetime import datetime
from typing import Any

from django.conf import settings

from telephony.providers.twilio.account import Account

TIMEOUT = 5
"""Seconds, to connect and to read; the library itself would wait for ever."""
API = "https://api.twilio.com"
LARGEST = 10 * 1024 * 1024
"""Bytes of a message: five minutes take five million."""


class NotTaken(Exception):
    """Twilio did not do it. `status` is that of HTTP, 0 where no answer came; `code` is Twilio's own."""

    def __init__(self, status: int = 0, code: int = 0, *, is_unsent: bool = False) -> None:
        super().__init__(status, code)
        self.status, self.code = status, code
        self.is_unsent = is_unsent or status == 429
        """For sure it was not done: what must not be done twice may be tried again."""

    @property
    def is_gone(self) -> bool:
        """What it was about is not there any more: the call has ended, or nobody of that name is there."""
        return self.status == 404 or self.code == 21220

    @property
    def may_pass(self) -> bool:
        """Worth another try: too many at once, no answer, or Twilio's own trouble."""
        return self.status in (0, 429) or self.status >= 500

    @property
    def words(self) -> str:
        return f"{self.status} {self.code}" if self.status else "no answer"


def http_client() -> Any:
    """The library's own, with a limit of time."""
    from twilio.http.http_client import TwilioHttpClient

    return TwilioHttpClient(timeout=TIMEOUT, max_retries=0)


class Rest:
    """What we ask of Twilio. Every method raises NotTaken."""

    def __init__(self, ours: Account) -> None:
        from twilio.rest import Client

        self.ours, self.http = ours, http_client()
        self._client = Client(ours.sid, ours.token, http_client=_elsewhere(self.http))

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

    def drop(self, room: str, voice: str) -> None:
        self._do(lambda: self._client.conferences(room).participants(voice).delete())

    def close(self, room: str) -> None:
        self._do(lambda: self._client.conferences(room).update(status="completed"))

    def status_of(self, voice: str) -> str:
        return str(self._do(lambda: self._client.calls(voice).fetch()).status)

    def in_room(self, name: str) -> dict[str, datetime | None]:
        """Voices in the room of that name, each with since when; none where there is no such room now."""
        rooms = self._do(
            lambda: self._client.conferences.list(friendly_name=name, status="in-progress", limit=1)
        )
        if not rooms:
            return {}
        participants = self._client.conferences(rooms[0].sid).participants
        there = self._do(lambda: participants.list(limit=50))
        return {one.call_sid: one.date_created for one in there}

    def text(self, to: str, sender: str, *, told: str, **what: str) -> str:
        """Send a text, `body` or `content_sid`; Twilio's name for it. `told`: who is told what becomes
        of it. Sent again it is a second text."""
        made = self._do(
            lambda: self._client.messages.create(to=to, from_=sender, status_callback=told, **what)
        )
        return str(made.sid)

    def sound(self, recording: str) -> bytes:
        """A recording as WAV, whose length can be checked."""
        url = f"{base()}/2010-04-01/Accounts/{self.ours.sid}/Recordings/{recording}.wav"
        return fetched(self.http, url, (self.ours.sid, self.ours.token))

    def forget(self, recording: str) -> None:
        """The sound is deleted at Twilio."""
        self._do(lambda: self._client.recordings(recording).delete())

    @staticmethod
    def _do(act: Any) -> Any:
        from requests.exceptions import RequestException
        from twilio.base.exceptions import TwilioException, TwilioRestException

        try:
            return act()
        except TwilioRestException as error:
            raise NotTaken(error.status, error.code or 0) from None
        except (RequestException, TwilioException, OSError) as error:
            raise NotTaken(is_unsent=_never_left(error)) from None


def _never_left(error: Exception) -> bool:
    """No connection came about: nobody has read what was to be sent."""
    from requests.exceptions import ConnectTimeout
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, ConnectTimeout) or isinstance(
        reason, NewConnectionError | ConnectTimeoutError
    )


def base() -> str:
    """Where Twilio is asked: elsewhere only for the simulator."""
    return settings.TWILIO_API_URL or API


def _elsewhere(http: Any) -> Any:
    """The same client, asking at `base()`."""
    if base() == API:
        return http
    asked = http.request

    def request(method: str, url: str, *more: Any, **named: Any) -> Any:
        return asked(method, url.replace(API, base(), 1), *more, **named)

    http.request = request
    return http


def fetched(http: Any, url: str, auth: tuple[str, str]) -> bytes:
    """The bytes at an address; the library's own requests know texts only. Raises NotTaken."""
    from requests.exceptions import RequestException

    try:
        with http.session.get(
            url, auth=auth, timeout=TIMEOUT, stream=True, allow_redirects=False
        ) as answer:
            if answer.status_code != 200:
                raise NotTaken(answer.status_code)
            content = b""
            for piece in answer.iter_content(64 * 1024):
                content += piece
                if len(content) > LARGEST:
                    raise NotTaken(413)
            told = answer.headers.get("Content-Length", "")
            if told.isdigit() and int(told) != len(content):
                raise NotTaken
            return content
    except (RequestException, OSError):
        raise NotTaken from None
