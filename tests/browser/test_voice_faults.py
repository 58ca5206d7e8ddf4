"""Voices while something breaks: through a relay, the server killed, the relay dead, real microphones."""

import math
import struct
import time
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as ours
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, expect

from helpdesk.live.models import Draft
from helpdesk.queues.models import Waiting
from telephony import actions
from tests.browser.conftest import CHROMIUM
from tests.browser.relay import Relay
from tests.browser.test_softphone import window
from tests.browser.voices import FLAGS, TONES, Voice, Voices, chromium, eventually, voices
from tests.server import Server

__all__ = ["chromium", "voices"]
pytestmark = [pytest.mark.browser, pytest.mark.full]
BACK = 5.0
"""Seconds after the server's return within which a page shows how the call stands."""
NOTES = "حطيت الملف عند القايد", " ومازال ما عطاونا والو"
WAYS = """async () => {
  const found = [];
  for (const link of line.links.values()) {
    const stats = await link.peer.getStats(), all = {};
    stats.forEach(one => { all[one.id] = one; });
    stats.forEach(one => {
      if (one.type === 'candidate-pair' && one.nominated) { found.push(all[one.localCandidateId].candidateType); }
    });
  }
  return found;
}"""
CAME = """async () => {
  let found = 0;
  for (const link of line.links.values()) {
    (await link.peer.getStats()).forEach(one => { if (one.type === 'inbound-rtp') { found += one.packetsReceived; } });
  }
  return found;
}"""


# --- through a relay -----------------------------------------------------------------------------


@pytest.fixture
def relay(tmp_path: Path, settings: Any) -> Iterator[Relay]:
    made = Relay(tmp_path).start()
    made.force(settings)
    yield made
    made.stop()


def test_voices_pass_the_relay_when_nothing_else_is_allowed(voices: Voices, relay: Relay) -> None:
    caller, amina = voices.talk()
    for page in (caller.page, amina.page):
        assert set(page.evaluate(WAYS)) == {"relay"}
    for row in caller.page.evaluate("line.state.links"):
        found = [text for text in row["offer"].splitlines() if text.startswith("a=candidate")]
        assert found
        assert all(" typ relay " in text for text in found)


def test_a_relay_dead_for_five_seconds_gives_the_voices_back(voices: Voices, relay: Relay) -> None:
    caller, amina = voices.talk()
    relay.stop()
    print("noticed after", caller.until_phase("reconnecting"))
    time.sleep(3)
    relay.start()
    began = time.monotonic()
    caller.until("amina", within=30)
    amina.until("caller")
    print("back after", time.monotonic() - began)
    assert caller.phase() == "talking"


def test_a_wrong_credential_is_told(voices: Voices, relay: Relay, settings: Any) -> None:
    settings.TURN_SECRET = "another"
    call = voices.call()
    caller, amina = voices.caller(call), voices.answer(call)
    problems = "log.filter(one => one[0] === 'problem').map(one => one[1])"
    eventually(lambda: "no-candidates" in amina.page.evaluate(problems))
    assert caller.hears() == set()


# --- the server dies -----------------------------------------------------------------------------------


@pytest.fixture
def server(transactional_db: Any, centre: Any, tmp_path: Path) -> Iterator[Server]:
    """The program as one starts it, over the test's own database and its centre, which is open."""
    made = Server(
        tmp_path, PROFILE="centre", LOG_LEVEL="ERROR", SECRET_KEY=ours.SECRET_KEY,
        PEPPER=ours.PEPPER, DATABASE_URL=f"sqlite:///{connection.settings_dict['NAME']}",
    )  # fmt: skip
    made.start()
    yield made
    made.kill()


@pytest.fixture
def outside(
    server: Server, chromium: Browser, amina: Any, brahim: Any, senior: Any
) -> Iterator[Voices]:
    """Pages of that program."""
    found = Voices(server.url, chromium, {"amina": amina, "brahim": brahim, "salma": senior})
    yield found
    found.close()


def test_a_killed_server_leaves_the_voices_and_the_call(server: Server, outside: Voices) -> None:
    caller, amina = outside.talk()
    server.kill()
    before = [page.evaluate(CAME) for page in (caller.page, amina.page)]
    until = time.monotonic() + 4
    while time.monotonic() < until:
        assert (caller.hears(), amina.hears()) == ({"amina"}, {"caller"})
        time.sleep(0.2)
    after = [page.evaluate(CAME) for page in (caller.page, amina.page)]
    assert all(new - old > 150 for old, new in zip(before, after, strict=True)), (before, after)
    server.start()
    began = time.monotonic()
    for page in (caller.page, amina.page):
        page.wait_for_function("!line.problems.has('offline')", timeout=BACK * 1000, polling=50)
    print("pages again after", time.monotonic() - began)
    assert time.monotonic() - began < BACK
    assert (caller.phase(), amina.phase()) == ("talking", "talking")
    actions.end(amina.leg, at=timezone.now())
    caller.until_phase("ended")


def test_a_killed_server_gives_the_card_back_with_its_notes(
    server: Server, outside: Voices
) -> None:
    """The advisor goes on typing; then the card says how the call stands, obeys, and has kept every word."""
    call = outside.call()
    caller = outside.caller(call)
    caller.until_phase("waiting")
    leg = actions.answer(call, by=outside.users["amina"], at=timezone.now())
    page = window(outside, "amina", "ar").new_page()
    page.goto(f"/desk/calls/{call.pk}/")
    amina = Voice("amina", page, leg)
    expect(page.locator("#act-hold")).to_be_enabled()
    caller.until("amina")
    amina.until("caller")
    page.locator("[name=words]").press_sequentially(NOTES[0])
    kept = Draft.objects.filter(place=f"call:{call.pk}")
    eventually(lambda: [NOTES[0] in one.fields.get("words", "") for one in kept.all()] == [True])
    server.kill()
    page.locator("[name=words]").press_sequentially(NOTES[1])
    expect(page.locator("#sp-note")).to_be_visible()
    page.locator("#act-hold").click()
    expect(page.locator("#sp-note")).to_be_visible()
    time.sleep(6)
    assert (caller.hears(), amina.hears()) == ({"amina"}, {"caller"})

    server.start()
    began = time.monotonic()
    page.locator("#sp-note").wait_for(state="hidden", timeout=BACK * 1000)
    told = time.monotonic() - began
    eventually(
        lambda: ["".join(NOTES) in one.fields.get("words", "") for one in kept.all()] == [True]
    )
    noted = time.monotonic() - began
    expect(page.locator("html.is-live")).to_be_attached(timeout=15_000)
    live = time.monotonic() - began
    print(f"told {told:.2f}, notes kept {noted:.2f}, told of moves {live:.2f} s after the server")
    assert max(told, noted, live) < BACK
    assert "".join(NOTES) in page.locator("[name=words]").input_value()
    page.locator("#act-hold").click()
    expect(page.locator("#call-band")).to_have_attribute("data-held", "1")
    caller.until_phase("held")
    page.locator("#act-hold").click()
    caller.until("amina")
    amina.until("caller")

    server.kill()
    server.start()
    began = time.monotonic()
    page.reload()
    assert "".join(NOTES) in page.locator("[name=words]").input_value()
    expect(page.locator("#call-band")).to_have_attribute("data-kind", "live")
    caller.until("amina")
    amina.until("caller")
    print(f"loaded anew, with its voice: {time.monotonic() - began:.2f} s")
    assert time.monotonic() - began < BACK


def test_killed_while_one_waits_keeps_the_place(server: Server, outside: Voices) -> None:
    call = outside.call()
    since = Waiting.objects.get(ticket=call.ticket).since
    caller = outside.caller(call)
    caller.until_phase("waiting")
    server.kill()
    outside.call()
    time.sleep(2)
    server.start()
    caller.page.wait_for_function("!line.problems.has('offline')", timeout=BACK * 1000, polling=50)
    assert caller.phase() == "waiting"
    first = Waiting.objects.now().order_by("since").first()
    assert (first.ticket_id, first.since) == (call.ticket_id, since)
    amina = outside.answer(call)
    caller.until("amina")
    amina.until("caller")


# --- real capture ------------------------------------------------------------------------------------------


def _wav(path: Path, tone: int) -> Path:
    """Four seconds of a tone, in whole periods."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        samples = (int(9000 * math.sin(2 * math.pi * tone * n / 48_000)) for n in range(4 * 48_000))
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return path


def test_each_in_a_browser_of_their_own_with_a_microphone(
    transactional_db: Any, asgi_server: str, chromium: Browser, amina: Any, tmp_path: Path
) -> None:
    def launched(name: str) -> Browser:
        sound = _wav(tmp_path / f"{name}.wav", TONES[name])
        return chromium.browser_type.launch(
            executable_path=str(CHROMIUM) if CHROMIUM.exists() else None,
            args=[*FLAGS, f"--use-file-for-fake-audio-capture={sound}"],
        )

    own, other = launched("caller"), launched("amina")
    made = Voices(asgi_server, own, {"amina": amina})
    call = made.call()
    caller: Voice = made.caller(call, chromium=own)
    answered = made.answer(call, chromium=other)
    caller.until("amina")
    answered.until("caller")
    level = answered.page.evaluate(
        "new Promise(done => { line.onlevel = level => { if (level > 0.01) { done(level); } }; })"
    )
    assert 0 < level <= 1
    made.close()
    own.close()
    other.close()
