"""`python -m tests.bench.flood_strangers`: the crowd of `make bench flood`, in a process of its own.

Reads what to do as JSON from its input, prints counts as JSON at the end. Strangers come from many addresses of
this machine (127.1.x.y): sockets without a session, which show passes that are none, and wrong guesses of number
and code at a fixed pace, half of them at one number that exists. Some bring the cookie that a page gave them.
"""

import asyncio
import json
import os
import random
import ssl
import sys
import time
from collections import Counter
from typing import Any
from urllib.parse import urlencode, urlsplit

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from config.cookies import HOST

TOKEN = "a" * 32
LANES = 10
"""Connections of one address, each with one guess under way at most."""
TRUSTED = 0.2
"""The part of the addresses that asked for the page before, and bring what it gave them."""


class Crowd:
    def __init__(self, told: dict[str, Any]) -> None:
        self.url: str = told["url"]
        self.reference: str = told["reference"]
        self.seconds: float = told["seconds"]
        self.guesses, self.sockets, self.addresses = (
            told["guesses"], told["sockets"], told["addresses"]
        )  # fmt: skip
        self.port = urlsplit(self.url).port
        self.answers: Counter[str] = Counter()
        self.opened = self.refused = 0
        self.until = time.monotonic() + self.seconds
        self.trusting = ssl._create_unverified_context()

    async def run(self) -> dict[str, Any]:
        works = [self.listen(n) for n in range(self.sockets)]
        pace = self.guesses / (self.addresses * LANES)
        for number in range(self.addresses):
            cookie = await self.cookie(number) if random.random() < TRUSTED else ""
            works += [self.guess(number, cookie, pace) for _ in range(LANES)]
        print("ready", flush=True)
        self.until = time.monotonic() + self.seconds
        await asyncio.gather(*works)
        return {"answers": self.answers, "opened": self.opened, "refused": self.refused}

    # --- guesses --------------------------------------------------------------------------------

    async def cookie(self, number: int) -> str:
        """What a browser keeps of the page; empty when it was not to be had."""
        reader, writer = await self._connect(number)
        writer.write(f"GET /follow/ HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
        head, _body = await self._answer(reader)
        writer.close()
        found = [
            x
            for x in head.split("\r\n")
            if x.lower().startswith(f"set-cookie: {HOST}wasl_visitor".lower())
        ]
        return found[0].partition(": ")[2].partition(";")[0] if found else ""

    async def guess(self, number: int, cookie: str, pace: float) -> None:
        """At most `pace` guesses a second, one after the other."""
        link = None
        due = time.monotonic() + random.random() / pace
        while (now := time.monotonic()) < self.until:
            if due > now:
                await asyncio.sleep(due - now)
            due = max(due + 1 / pace, now - 2)
            try:
                link = link or await self._connect(number)
                reader, writer = link
                writer.write(self._guess(cookie))
                head, _body = await asyncio.wait_for(self._answer(reader), 30)
                self.answers[head.split(" ", 2)[1]] += 1
                if "connection: close" in head.lower():
                    writer.close()
                    link = None
            except (OSError, EOFError, TimeoutError, IndexError):
                self.answers["cut"] += 1
                link = None
                await asyncio.sleep(0.2)
        if link:
            link[1].close()

    def _guess(self, cookie: str) -> bytes:
        known = random.random() < 0.5
        reference = self.reference if known else f"W-2026-{random.randrange(10**6):06d}"
        code = f"{random.randrange(10**16):016d}"
        body = urlencode({"csrfmiddlewaretoken": TOKEN, "reference": reference, "code": code})
        head = (
            f"POST /follow/ HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nOrigin: {self.url}\r\n"
            f"Cookie: {HOST}csrftoken={TOKEN}; {cookie}\r\nContent-Length: {len(body)}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        )
        return (head + body).encode()

    async def _connect(self, number: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(
            "127.0.0.1", self.port, ssl=self.trusting, local_addr=(_address(number), 0)
        )

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[str, bytes]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = dict(x.lower().split(": ", 1) for x in head.split("\r\n")[1:] if ": " in x)
        if lines.get("transfer-encoding") == "chunked":
            return head, await reader.readuntil(b"\r\n0\r\n\r\n")
        return head, await reader.readexactly(int(lines.get("content-length", 0)))

    # --- sockets --------------------------------------------------------------------------------

    async def listen(self, number: int) -> None:
        """A socket held open, opened again when it was closed; it shows a pass that is none now and then."""
        await asyncio.sleep(random.random() * 5)
        where = f"{self.url.replace('https', 'wss')}/live/"
        while time.monotonic() < self.until:
            try:
                async with connect(
                    where, ssl=self.trusting, origin=self.url,  # type: ignore[arg-type]
                    local_addr=(_address(number), 0), open_timeout=20,
                ) as opened:  # fmt: skip
                    self.opened += 1
                    while time.monotonic() < self.until:
                        false = [f"{random.random()}"] if random.random() < 0.2 else []
                        await opened.send(json.dumps({"pass": false, "alive": 1}))
                        await asyncio.sleep(min(3.0, max(0.1, self.until - time.monotonic())))
            except (OSError, TimeoutError, WebSocketException):
                self.refused += 1
                await asyncio.sleep(1 + random.random())


def _address(number: int) -> str:
    return f"127.1.{number // 200 % 200}.{number % 200 + 1}"


if __name__ == "__main__":
    os.nice(5)  # it stands for other people's machines
    print(json.dumps(asyncio.run(Crowd(json.loads(sys.stdin.readline())).run())))
