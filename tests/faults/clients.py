"""Clients that write over HTTP, send again with the same key until they are answered, and remember."""

import random
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

TOKEN = "a" * 32
"""Cookie and field of the CSRF guard: the guard compares the two."""
_REFERENCE = re.compile(r"W-\d{4}-(\d{6,})")
_CODE = re.compile(r"(?:\d{4}[\s ]){3}\d{4}")
KINDS = {"note", "question", "message"}
AWAY = (502, 503, 504)
"""Answers for a server or database that is away: the second time it may be there."""
MESSAGES = 4
"""What one asker adds to their question."""


@dataclass
class History:
    """What was acknowledged, by all clients; `odd` are answers that should not have come."""

    wanted: int
    written: dict[str, str] = field(default_factory=dict)
    """Unique text -> what it was: note, question, message."""
    kinds: set[str] = field(default_factory=set)
    attempts: int = 0
    resent: int = 0
    odd: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self, text: str, kind: str) -> None:
        with self._lock:
            self.written[text] = kind
            self.kinds.add(kind)

    def note_odd(self, what: str) -> None:
        with self._lock:
            self.odd.append(what)

    @property
    def is_full(self) -> bool:
        """Enough, and some of each kind."""
        return self.count >= self.wanted and self.kinds >= KINDS

    @property
    def count(self) -> int:
        return len(self.written)


class Stopped(Exception):
    """The test is over: whatever is under way stays unacknowledged."""


class Writer(threading.Thread):
    """One client. Every request is sent again, with the same key, until there is an answer."""

    def __init__(self, url: str, history: History, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.url, self.history, self.stopped = url, history, stop
        self.dice = random.Random()

    def run(self) -> None:
        while not self.history.is_full and not self.stopped.is_set():
            try:
                self.write()
            except Stopped:
                return
            except Exception as error:
                self.history.note_odd(f"{type(self).__name__}: {error!r}")
                return

    def write(self) -> None:
        raise NotImplementedError

    def send(
        self, browser: httpx.Client, method: str, path: str, data: dict[str, Any] | None = None
    ) -> httpx.Response:
        """The answer, after as many tries as it takes."""
        if data is not None:
            data = {"csrfmiddlewaretoken": TOKEN, **data}
        tries = 0
        while not self.stopped.is_set():
            tries += 1
            try:
                answer = browser.request(method, path, data=data)
            except httpx.TransportError:
                time.sleep(self.dice.uniform(0.05, 0.2))
                continue
            finally:
                self.history.attempts += 1
                self.history.resent += tries > 1
            if answer.status_code < 500:
                return answer
            if answer.status_code not in AWAY:
                self.history.note_odd(f"{answer.status_code} {method} {path}")
            time.sleep(0.05)
        raise Stopped

    def browser(self, **cookies: str) -> httpx.Client:
        limits = httpx.Limits(max_keepalive_connections=1)
        made = httpx.Client(base_url=self.url, timeout=30, limits=limits)
        for name, value in {"csrftoken": TOKEN, **cookies}.items():
            made.cookies.set(name, value, domain="127.0.0.1")
        return made


class Advisor(Writer):
    """Notes into tickets of all."""

    def __init__(self, *args: Any, session: str, tickets: list[int]) -> None:
        super().__init__(*args)
        self.tickets = tickets
        self.desk = self.browser(sessionid=session)

    def write(self) -> None:
        text, key = f"note {uuid4().hex}", uuid4().hex
        sent = {"kind": "note", "language": "ar", "body": text, "base": "0", "key": key}
        path = f"/desk/tickets/{self.dice.choice(self.tickets)}/entries/"
        answer = self.send(self.desk, "POST", path, sent)
        if answer.status_code != 302 or "login" in answer.headers["location"]:
            self.history.note_odd(f"note: {answer.status_code} {answer.headers.get('location')}")
            raise Stopped
        self.history.acknowledge(text, "note")


class Asker(Writer):
    """A question through the whole wizard, then messages on the follow page."""

    def write(self) -> None:
        browser = self.browser()
        text = f"question {uuid4().hex}"
        key = self._fill(browser, text)
        if not key:
            return
        answer = self.send(browser, "POST", "/ask/check/", {"key": key})
        if answer.status_code == 429:
            time.sleep(0.2)
            return
        if answer.headers.get("location") != "/ask/done/":
            self.history.note_odd(f"check: {answer.status_code}")
            return
        self.history.acknowledge(text, "question")
        page = self.send(browser, "GET", "/ask/done/").text
        reference, code = _REFERENCE.search(page), _CODE.search(page)
        if not reference or not code:
            self.history.note_odd("the receipt does not show number and code")
            return
        self._follow(browser, reference[0], code[0])

    def _fill(self, browser: httpx.Client, text: str) -> str:
        """The key of the check page; empty when a pace asked to wait."""
        pages: dict[str, dict[str, str]] = {
            "theme": {"theme": "?"},
            "question": {"question": text},
            "papers": {},
            "association": {"who": "person"},
            "answer": {"answer_by": "follow", "consent": "on"},
        }
        self.send(browser, "GET", "/ask/")
        for name, fields in pages.items():
            answer = self.send(browser, "POST", f"/ask/{name}/", fields)
            if "answers=1" in answer.headers.get("location", ""):
                answer = self.send(browser, "POST", f"/ask/{name}/", fields)
            if answer.status_code == 429:
                return ""
            if answer.status_code != 302:
                said = re.findall(r'class="err[^>]*>([^<]+)', answer.text)
                self.history.note_odd(f"{name}: {answer.status_code} {said}")
                return ""
        check = self.send(browser, "GET", "/ask/check/")
        found = re.search(r'name="key" value="([^"]+)"', check.text)
        if not found or text not in check.text:
            self.history.note_odd(f"typed words are gone: {check.headers.get('location')}")
            return ""
        return found[1]

    def _follow(self, browser: httpx.Client, reference: str, code: str) -> None:
        opened = self.send(browser, "POST", "/follow/", {"reference": reference, "code": code})
        if opened.status_code != 302:
            if opened.status_code not in (429, 503):  # the proxy's pace, or a full door
                self.history.note_odd(f"follow: {opened.status_code}")
            return
        for _ in range(MESSAGES):
            text = f"message {uuid4().hex}"
            sent = {"key": uuid4().hex, "words": text}
            answer = self.send(browser, "POST", "/follow/ticket/messages/", sent)
            if answer.status_code == 429:
                return
            if not answer.headers.get("location", "").endswith("/follow/ticket/"):
                self.history.note_odd(f"message: {answer.status_code}")
                return
            self.history.acknowledge(text, "message")
