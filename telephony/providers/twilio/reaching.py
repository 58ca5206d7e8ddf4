"""Where Twilio is reached, or the simulator in its place; what it did not do; files fetched from there."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

TIMEOUT = 5
"""Seconds, to connect and to read; the library itself would wait for ever."""
API, VOICE_API = "https://api.twilio.com", "https://voice.twilio.com"
MEDIA_HOST = "mms.twiliocdn.com"
"""Where the address of a file leads on to, for four hours. Source: Twilio, « Protect Media Access »."""


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


def never_left(error: Exception) -> bool:
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


def elsewhere(http: Any) -> Any:
    """The same client, asking at `base()`."""
    if base() == API:
        return http
    asked = http.request

    def request(method: str, url: str, *more: Any, **named: Any) -> Any:
        return asked(method, _there(url), *more, **named)

    http.request = request
    return http


def _there(url: str) -> str:
    """The same address at `base()`."""
    if base() == API:
        return url
    for known in (API, VOICE_API, f"https://{MEDIA_HOST}"):
        url = url.replace(known, base(), 1)
    return url


def fetched(
    http: Any, url: str, auth: tuple[str, str] | None, *, leads_to: str = "", largest: int
) -> bytes:
    """The bytes at an address; the library's own requests know texts only. It may lead on once, to the host
    `leads_to`, which is told nothing of who asks. Raises NotTaken."""
    from requests.exceptions import RequestException

    try:
        with http.session.get(
            url, auth=auth, timeout=TIMEOUT, stream=True, allow_redirects=False
        ) as answer:
            if leads_to and answer.status_code in (301, 302, 303, 307, 308):
                location = answer.headers.get("Location", "")
                return fetched(http, _led(location, leads_to), None, largest=largest)
            if answer.status_code != 200:
                raise NotTaken(answer.status_code)
            content = bytearray()
            for piece in answer.iter_content(64 * 1024):
                content += piece
                if len(content) > largest:
                    raise NotTaken(413)
            told = answer.headers.get("Content-Length", "")
            if told.isdigit() and int(told) != len(content):
                raise NotTaken
            return bytes(content)
    except (RequestException, OSError):
        raise NotTaken from None


def _led(location: str, host: str) -> str:
    """Where it leads on. Raises NotTaken for any other host, another port or another way."""
    split = urlsplit(location)
    if split.scheme != "https" or split.netloc != host:
        raise NotTaken(421)
    return _there(location)
