"""Pages that carry a voice, each with a tone of its own, and ears that tell the tones apart.

A page here is nothing but the line's script: what is measured is the voice, not the looks around it.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from telephony import actions
from telephony.models import Call, Leg
from telephony.providers.web.actions import open_leg
from tests import make
from tests.browser.conftest import CHROMIUM

TONES = {"caller": 440, "amina": 1000, "salma": 1700, "brahim": 2500}
"""Hertz."""
PATIENCE = 15.0
"""Seconds: what is measured is asserted by itself, the machine may be busy."""
HEARD, GONE = -60, -70
"""Decibels: a tone over the first is heard, under the second it is not there."""
ONSET = 0.4
"""Seconds: a tone begins with a click, which is on every frequency for one window of the ears (0.19)."""
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--allow-loopback-in-peer-connection",
    "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    # The page below is given by the test, hence of no known network to Chromium.
    "--disable-features=LocalNetworkAccessChecks",
]  # fmt: skip
PLAIN = {"echoCancellation": False, "noiseSuppression": False, "autoGainControl": False}
"""Noise suppression takes a steady tone for noise."""
MICROPHONE = """(() => {
  if (!%(tone)d) { return; }
  if (!navigator.mediaDevices) { return; }
  navigator.mediaDevices.getUserMedia = async () => {
    if (window.keep) { window.keep[0].close(); }
    const context = new AudioContext(), tone = context.createOscillator(), gain = context.createGain();
    const out = context.createMediaStreamDestination();
    tone.frequency.value = %(tone)d; gain.gain.value = 0.3;
    tone.connect(gain); gain.connect(out); tone.start();
    window.keep = [context, tone];
    return out.stream;
  };
})()"""
EARS = """function ears(tones) {
  var found = {};
  tones.forEach(function (tone) { found[tone] = -200; });
  line.links.forEach(function (link) {
    if (!link.source || link.element.muted || link.element.paused) { return; }
    if (!link.ear) { link.ear = line.context.createAnalyser(); link.ear.fftSize = 8192; link.ear.smoothingTimeConstant = 0; link.source.connect(link.ear); }
    var data = new Float32Array(link.ear.frequencyBinCount), width = line.context.sampleRate / 8192;
    link.ear.getFloatFrequencyData(data);
    tones.forEach(function (tone) {
      var at = Math.round(tone / width);
      found[tone] = Math.max(found[tone], data[at - 1], data[at], data[at + 1]);
    });
  });
  return found;
}
function watch(tone) {
  window.watched = [];
  setInterval(function () { window.watched.push([Date.now(), ears([tone])[tone] > -60]); }, 20);
}"""
"""What arrives at the ears of `line`, in decibels by tone."""
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>voice</title>
<script src="/static/telephony/line.js"></script><script src="/static/js/live.js" defer></script>
<body><div id="ears"></div><script>
var log = [];
EARS
function note(kind) { return function (what) { log.push([kind, what, Date.now()]); }; }
var line = null;
function begin(said) {
  line = WaslLine.open({ base: said.base, headers: { "X-Wasl-Leg": said.leg }, audio: document.getElementById("ears"), constraints: said.plain });
  line.onphase = note("phase"); line.onproblem = note("problem"); line.onrelief = note("relief"); line.onquality = note("quality");
  return WaslLine.microphone({ constraints: said.plain }).then(function (stream) { return line.start(stream); });
}
if (window.said) { begin(window.said); }
</script>""".replace("EARS", EARS)


LOG = """[line.phase, line.music, document.documentElement.className, log.slice(-8), [...line.links.values()].map(
  link => [link.row, link.peer && link.peer.connectionState, link.still].map(
    x => String(JSON.stringify(x)).replace(/v=0[^"]*/g, 'sdp')))]"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """As in conftest, with a microphone and without the need of a click before sound."""
    with sync_playwright() as playwright:
        path = str(CHROMIUM) if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Voice:
    """One person's page."""

    name: str
    page: Page
    leg: Leg
    tones: list[int] = field(default_factory=lambda: list(TONES.values()))

    def hears(self) -> set[str]:
        """Whose tones arrive at the ears now. In between heard and gone counts as heard."""
        levels = self.page.evaluate("tones => ears(tones)", self.tones)
        return {name for name, tone in TONES.items() if levels[str(tone)] > GONE}

    def until(self, *names: str, within: float = PATIENCE) -> float:
        """Seconds until exactly these are heard."""
        began, heard = time.monotonic(), None
        while time.monotonic() - began < within:
            heard = self.hears()
            if heard == set(names):
                return time.monotonic() - began
            time.sleep(0.02)
        raise AssertionError(f"{self.name} hears {heard}, not {set(names)}: {self.log()}")

    def stays(self, *names: str, seconds: float = 1.0) -> None:
        """For so long exactly these are heard."""
        time.sleep(ONSET)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            heard = self.hears()
            assert heard == set(names), f"{self.name} hears {heard}: {self.log()}"
            time.sleep(0.05)

    def watch(self, name: str) -> None:
        """From now on the page notes each 20 ms whether this tone is heard."""
        self.page.evaluate("tone => watch(tone)", TONES[name])

    def silence(self, since: float, *, seconds: float = 4.0) -> float:
        """How long in all the watched tone was not heard in so many seconds since an instant (epoch)."""
        time.sleep(max(0, since + seconds - time.time()))
        seen = [(at / 1000, heard) for at, heard in self.page.evaluate("watched")]
        seen = [
            (since, False),
            *((at, heard) for at, heard in seen if since < at < since + seconds),
        ]
        ends = [at for at, _heard in seen[1:]] + [since + seconds]
        return sum(end - at for (at, heard), end in zip(seen, ends, strict=True) if not heard)

    def phase(self) -> str:
        return str(self.page.evaluate("line.phase"))

    def until_phase(self, phase: str, *, within: float = PATIENCE) -> float:
        began = time.monotonic()
        self.page.wait_for_function(
            "phase => line.phase === phase", arg=phase, timeout=within * 1000, polling=20
        )
        return time.monotonic() - began

    def log(self) -> Any:
        return self.page.evaluate(LOG)


def said_of(leg: Leg) -> dict[str, Any]:
    """What a page needs to begin."""
    base = f"/desk/calls/{leg.call_id}/line/" if leg.user else "/call/line/"
    return {"base": base, "leg": open_leg(leg), "plain": PLAIN}


class Voices:
    """A centre with its people, and their pages."""

    def __init__(self, url: str, chromium: Browser, users: dict[str, Any]) -> None:
        self.url, self.chromium, self.users = url, chromium, users
        self.contexts: list[BrowserContext] = []
        self.sessions: dict[str, str] = {}

    def call(self) -> Call:
        return make.ringing(at=timezone.now())

    def open(
        self, leg: Leg, *, name: str = "", chromium: Browser | None = None, losing: Any = None
    ) -> Voice:
        """A page of its own browser window for a leg. With another browser, its own microphone."""
        name = name or (leg.user.username if leg.user else "caller")
        context = self.window(leg.user, tone=0 if chromium else TONES[name], chromium=chromium)
        context.add_init_script(f"window.said = {json.dumps(said_of(leg))}")
        page = context.new_page()
        if losing:
            page.route("**/offer/", losing)
        page.goto("/voice-page")
        return Voice(name, page, leg)

    def window(self, user: Any, *, tone: int, chromium: Browser | None = None) -> BrowserContext:
        """A browser window of a signed-in person, or of a caller."""
        context = (chromium or self.chromium).new_context(base_url=self.url)
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        if user:
            cookie = {"name": "sessionid", "value": self._session(user), "url": self.url}
            context.add_cookies([cookie])  # type: ignore[list-item]
        context.add_init_script(MICROPHONE % {"tone": tone})
        context.route(
            "**/voice-page", lambda route: route.fulfill(body=PAGE, content_type="text/html")
        )
        return context

    def _session(self, user: Any) -> str:
        from django.test import Client

        if user.username not in self.sessions:
            client = Client()
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            self.sessions[user.username] = client.cookies["sessionid"].value
        return self.sessions[user.username]

    def caller(self, call: Call | None = None, **kwargs: Any) -> Voice:
        call = call or self.call()
        return self.open(call.legs.get(role=Leg.Role.CALLER), **kwargs)

    def answer(self, call: Call, name: str = "amina", **kwargs: Any) -> Voice:
        leg = actions.answer(call, by=self.users[name], at=timezone.now())
        return self.open(leg, **kwargs)

    def talk(self) -> tuple[Voice, Voice]:
        """Caller and Amina, who hear each other."""
        call = self.call()
        caller = self.caller(call)
        caller.until_phase("waiting")
        amina = self.answer(call)
        caller.until("amina")
        amina.until("caller")
        time.sleep(ONSET)
        return caller, amina

    def close(self) -> None:
        for context in self.contexts:
            for page in context.pages:
                with suppress(Error):
                    page.evaluate("window.line && line.stop()")
            context.close()


@pytest.fixture
def voices(
    transactional_db: Any, asgi_server: str, chromium: Browser, amina: Any, brahim: Any, senior: Any,
) -> Iterator[Voices]:  # fmt: skip
    made = Voices(asgi_server, chromium, {"amina": amina, "brahim": brahim, "salma": senior})
    yield made
    made.close()


def eventually(check: Callable[[], Any], *, within: float = PATIENCE) -> Any:
    """The first true answer."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        if found := check():
            return found
        time.sleep(0.05)
    raise AssertionError("not in time")
