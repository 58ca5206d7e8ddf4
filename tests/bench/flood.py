"""`make bench flood`: five hundred strangers' sockets and a thousand wrong guesses a second (trust.md, G15).

Against the production form, as its files start it, behind its proxy: what advisors wait, whether one of them loses
an answer or a socket, and how long the holder of the right code stands before the door. FORM=one or several,
SECONDS_OF_FLOOD, GUESSES a second, ADDRESSES they come from.
"""

import json
import os
import random
import ssl
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

import httpx
from websockets.sync.client import connect

from config.cookies import HOST
from tests.faults.clients import _CODE, _REFERENCE, TOKEN, History
from tests.journeys.test_production import Visitor
from tests.production import Centre, standing
from tests.server import ROOT

FORM = os.environ.get("FORM", "several")
SECONDS = float(os.environ.get("SECONDS_OF_FLOOD", "60"))
GUESSES = int(os.environ.get("GUESSES", "1000"))
SOCKETS, ADDRESSES, ADVISORS = 500, int(os.environ.get("ADDRESSES", "100")), 5
P95, HOLDER = 0.5, 5.0
"""Seconds: what advisors may wait, and within which the holder is in."""
EVERY = 10.0
"""Seconds between two entries of the holder."""
PAGES = ("/desk/", "/desk/queue/", "/desk/tickets/{ticket}/")


@dataclass
class Told:
    """What was measured: seconds of each answer, what was lost, seconds of each entry of the holder."""

    waits: list[float] = field(default_factory=list)
    drops: list[str] = field(default_factory=list)
    entries: list[float] = field(default_factory=list)
    crowd: dict[str, Any] = field(default_factory=dict)

    @property
    def p95(self) -> float:
        return quantiles(self.waits, n=20)[-1]

    def misses(self) -> list[str]:
        found = []
        if self.p95 >= P95:
            found.append(f"advisors wait {self.p95 * 1000:.0f} ms, less than {P95 * 1000:.0f}")
        if self.drops:
            found.append(f"{len(self.drops)} drops, among them {self.drops[:3]}")
        if not self.entries or max(self.entries) > HOLDER:
            found.append(f"the holder needs {max(self.entries, default=0):.1f} s, {HOLDER} at most")
        return found


def main() -> int:
    with standing(FORM, users=ADVISORS) as stands:
        centre, staged = stands.centre, stands.staged
        print(f"form {FORM}: {SECONDS:.0f} s in peace, then {SECONDS:.0f} s of flood", flush=True)
        calm = under(centre, staged, seconds=min(SECONDS, 15), guesses=0)
        told = under(centre, staged, seconds=SECONDS, guesses=GUESSES)
    for name, found in (("peace", calm), ("flood", told)):
        print(
            f"{name}: {len(found.waits)} pages and notes of {ADVISORS} advisors, p50"
            f" {quantiles(found.waits, n=2)[0] * 1000:.0f} ms, p95 {found.p95 * 1000:.0f} ms,"
            f" {len(found.drops)} drops; holder in after {[round(x, 2) for x in found.entries]} s"
        )
    guesses = sum(told.crowd["answers"].values())
    print(f"{guesses / SECONDS:.0f} guesses a second: {told.crowd}")
    missed = told.misses()
    print("\n".join(f"MISSED {line}" for line in missed) or "all targets kept")
    return int(bool(missed))


def under(centre: Centre, staged: dict[str, Any], *, seconds: float, guesses: int) -> Told:
    """What advisors and the holder meet while so many guesses a second come."""
    told, over = Told(), threading.Event()
    reference, code, holder = _receipt(centre)
    told_crowd = {
        "url": centre.url, "reference": reference, "seconds": seconds, "addresses": ADDRESSES,
        "guesses": guesses, "sockets": SOCKETS,
    }  # fmt: skip
    crowd = None
    if guesses:
        crowd = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.flood_strangers"], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert crowd.stdin is not None
        assert crowd.stdout is not None
        crowd.stdin.write(json.dumps(told_crowd) + "\n")
        crowd.stdin.flush()
        assert crowd.stdout.readline() == "ready\n"
    works = [
        threading.Thread(target=work, args=(centre, session, staged["tickets"], told, over))
        for session in staged["sessions"]
        for work in (_advise, _stay)
    ]
    works.append(threading.Thread(target=_hold, args=(holder, reference, code, told, over)))
    for one in works:
        one.start()
    if crowd:
        said, _error = crowd.communicate()
        told.crowd = json.loads(said)
    else:
        over.wait(seconds)
    over.set()
    for one in works:
        one.join(60)
    return told


def _receipt(centre: Centre) -> tuple[str, str, httpx.Client]:
    """Number and code of a question asked like any other, and the browser that asked it."""
    asker = Visitor(centre.url, History(wanted=1), threading.Event())
    browser = asker.browser()
    key = asker._fill(browser, "question of the holder")
    asker.send(browser, "POST", "/ask/check/", {"key": key})
    page = asker.send(browser, "GET", "/ask/done/").text
    reference, code = _REFERENCE.search(page), _CODE.search(page)
    assert reference, page[:500]
    assert code
    return reference[0], code[0], browser


def _advise(
    centre: Centre, session: str, tickets: list[int], told: Told, over: threading.Event
) -> None:
    """Pages and notes, one after the other, as a desk works."""
    dice = random.Random()
    desk = Visitor(centre.url, History(wanted=1), threading.Event()).browser(sessionid=session)
    number = 0
    while not over.wait(dice.uniform(0.2, 0.6)):
        number += 1
        ticket = dice.choice(tickets)
        begun = time.monotonic()
        try:
            if number % 4:
                answer = desk.get(PAGES[number % len(PAGES)].format(ticket=ticket))
            else:
                fields = {
                    "kind": "note", "language": "ar", "body": f"note {number}", "base": "0",
                    "key": f"{session}-{number}", "csrfmiddlewaretoken": TOKEN,
                }  # fmt: skip
                answer = desk.post(f"/desk/tickets/{ticket}/entries/", data=fields)
            if answer.status_code not in (200, 302):
                told.drops.append(f"{answer.status_code} {answer.request.url.path}")
        except httpx.TransportError as error:
            told.drops.append(repr(error))
        told.waits.append(time.monotonic() - begun)


def _stay(
    centre: Centre, session: str, _tickets: list[int], told: Told, over: threading.Event
) -> None:
    """The socket of a desk: it may not fall, and a sign of life comes every four seconds."""
    trusting = ssl._create_unverified_context()
    try:
        with connect(
            f"{centre.url.replace('https', 'wss')}/live/", ssl=trusting, origin=centre.url,  # type: ignore[arg-type]
            additional_headers={"Cookie": f"{HOST}sessionid={session}"}, open_timeout=20,
        ) as opened:  # fmt: skip
            while not over.is_set():
                opened.send(json.dumps({"pass": [], "alive": 1}))
                opened.recv(timeout=15)
    except Exception as error:
        told.drops.append(f"socket: {error!r}")


def _hold(
    browser: httpx.Client, reference: str, code: str, told: Told, over: threading.Event
) -> None:
    """Opens the follow page like a person, tries again when told to wait, leaves, comes again."""
    fields = {"csrfmiddlewaretoken": TOKEN, "reference": reference, "code": code}
    while not over.wait(0 if not told.entries else EVERY):
        begun = time.monotonic()
        while True:
            try:
                answer = browser.post("/follow/", data=fields)
                if answer.status_code == 302:
                    break
                time.sleep(min(3.0, float(answer.headers.get("Retry-After", "1"))))
            except httpx.TransportError:
                time.sleep(0.5)
            if over.is_set():
                break
        told.entries.append(time.monotonic() - begun)


if __name__ == "__main__":
    raise SystemExit(main())
