"""Visitors who chat over HTTP as the page does: lines with ids of their own, sent again until answered."""

import random
import re
import threading
import time
from dataclasses import dataclass, field
from uuid import uuid4

import httpx

_NUMBER = re.compile(r'data-n="(\d+)"')
_TEXT = re.compile(r"line-[0-9a-f]{12}")


@dataclass
class Talk:
    """What all who write in some chats were told was stored: text -> number."""

    stored: dict[str, int] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)
    resent: int = 0
    gaps: list[float] = field(default_factory=list)
    """Seconds in which a writer got no answer, each time that lasted."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, text: str, number: int) -> None:
        with self._lock:
            before = self.stored.setdefault(text, number)
            if before != number:
                self.odd.append(f"{text} is {before} and {number}")


def begin(url: str) -> tuple[str, str]:
    """A new chat in the frame of another site: its token, its first line."""
    text, key = f"line-{uuid4().hex[:12]}", uuid4().hex
    until = time.monotonic() + 60
    while True:
        try:
            answer = httpx.post(
                f"{url}/chat/frame/", data={"words": text, "language": "ar", "key": key},
                headers={"Origin": url}, timeout=30,
            )  # fmt: skip
            if answer.status_code == 200:
                return str(answer.json()["token"]), text
            assert answer.status_code in (429, 503), answer.text[:300]
        except httpx.TransportError:
            pass
        assert time.monotonic() < until
        time.sleep(0.2)


class Chatter(threading.Thread):
    """Writes lines in one chat, some twice, some before the one before, and connects anew now and then."""

    def __init__(
        self, url: str, token: str, talk: Talk, lines: int, stop: threading.Event, *,
        pause: float = 0.0,
    ) -> None:  # fmt: skip
        """`pause`: seconds after every third line."""
        super().__init__(daemon=True)
        self.pause = pause
        self.url, self.token, self.talk, self.lines, self.stopped = url, token, talk, lines, stop
        self.dice = random.Random()
        self.browser = self._browser()

    def _browser(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"X-Wasl-Chat": self.token}, timeout=30)

    def run(self) -> None:
        due = [f"line-{uuid4().hex[:12]}" for _ in range(self.lines)]
        while due and not self.stopped.is_set():
            some, due = due[:3], due[3:]
            self.dice.shuffle(some)
            for text in some:
                self.send(text)
                if self.dice.random() < 0.3:
                    self.talk.resent += 1
                    self.send(text)
            self.stopped.wait(self.pause)
            if self.dice.random() < 0.3:
                self.browser.close()
                self.browser = self._browser()
        self.browser.close()

    def send(self, text: str) -> None:
        """Until there is an answer, always with the same id."""
        silent = 0.0
        while not self.stopped.is_set():
            try:
                answer = self.browser.post("/chat/lines/", data={"words": text, "line": text})
            except httpx.TransportError:
                silent = silent or time.monotonic()
                self.talk.resent += 1
                time.sleep(0.05)
                continue
            if answer.status_code == 429:
                time.sleep(min(5, int(answer.headers["Retry-After"])))
                continue
            if silent:
                self.talk.gaps.append(time.monotonic() - silent)
            if answer.status_code == 200:
                self.talk.note(text, int(answer.json()["number"]))
            else:
                self.talk.odd.append(f"{answer.status_code} {answer.text[:200]}")
            return


class Reader(threading.Thread):
    """Follows one chat as its page does: what is newer than what it has."""

    def __init__(self, url: str, token: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.url, self.token, self.stopped = url, token, stop
        self.seen: list[tuple[int, str]] = []
        self.odd: list[str] = []

    def run(self) -> None:
        with httpx.Client(
            base_url=self.url, headers={"X-Wasl-Chat": self.token}, timeout=30
        ) as browser:
            while not self.stopped.is_set():
                self.fetch(browser)
                time.sleep(0.05)
            self.fetch(browser)

    def fetch(self, browser: httpx.Client) -> None:
        last = self.seen[-1][0] if self.seen else 0
        try:
            answer = browser.get(f"/chat/since/{last}/")
        except httpx.TransportError:
            return
        if answer.status_code != 200:
            if answer.status_code not in (204, 503):
                self.odd.append(f"{answer.status_code} {answer.text[:200]}")
            return
        for item in answer.text.split("<li ")[1:]:
            number, text = _NUMBER.search(item), _TEXT.search(_shown(item))
            if number and text:
                self.seen.append((int(number[1]), text[0]))


def _shown(item: str) -> str:
    """What of a line is read, without the id in its attributes."""
    return item.partition(">")[2]
