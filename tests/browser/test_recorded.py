"""Recording of a talk in real Chromium: what the kept sound holds is told by the tones of those who spoke."""

import base64
import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from helpdesk.associations import actions as associations
from helpdesk.associations.models import Consent
from helpdesk.centre.models import Centre
from helpdesk.files.actions import path_of
from helpdesk.queues.models import Presence
from telephony import actions
from telephony.actions import entering
from telephony.models import Call
from telephony.recordings import Recording
from tests.browser.visiting import GRAVE, OPTIONS
from tests.browser.voices import TONES, Voice, Voices, chromium, eventually, voices

__all__ = ["chromium", "voices"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
full = pytest.mark.full
ASIDE = 1700
"""Hertz of what is said while nothing may be recorded."""
SPECTRUM = """async ([data, tones]) => {
  const context = new OfflineAudioContext(1, 48000, 48000);
  const sound = await context.decodeAudioData(Uint8Array.from(atob(data), c => c.charCodeAt(0)).buffer);
  const all = sound.getChannelData(0), size = 4800, found = {};
  tones.forEach(tone => {
    found[tone] = 0;
    for (let from = 0; from + size <= all.length; from += size) {
      let re = 0, im = 0;
      for (let i = 0; i < size; i++) {
        const a = 2 * Math.PI * tone * i / sound.sampleRate;
        re += all[from + i] * Math.cos(a); im += all[from + i] * Math.sin(a);
      }
      if (2 * Math.hypot(re, im) / size > 0.03) { found[tone] += size / sound.sampleRate; }
    }
  });
  return [sound.duration, found];
}"""
"""Length of a sound, and how many seconds of it hold each tone (louder than a tenth of how it was spoken)."""
CLICK = 0.35
"""Seconds: a tone that changes clicks on every frequency, each time in one or two windows of a tenth."""


@dataclass
class Heard:
    seconds: float
    tones: dict[str, float]

    def holds(self, tone: int) -> float:
        return self.tones[str(tone)]


@dataclass
class Desk:
    """The call card of Amina, who speaks with a tone of her own."""

    page: Page
    call: Call
    caller: Voice
    context: BrowserContext
    lengths: list[float] = field(default_factory=list)

    def says(self, state: str) -> None:
        expect(self.page.locator("#rec")).to_have_attribute("data-state", state, timeout=15_000)

    def speak(self, seconds: float) -> None:
        time.sleep(seconds)

    def caller_speaks(self, tone: int) -> None:
        """The caller says something else; the wait leaves the change of tone on one side of what follows."""
        self.caller.page.evaluate("tone => { keep[1].frequency.value = tone; }", tone)
        time.sleep(0.5)

    def ended(self, count: int) -> list[Recording]:
        def whole() -> list[Recording]:
            rows = list(Recording.objects.order_by("part").select_related("file"))
            return rows if len(rows) == count and all(row.ended_at for row in rows) else []

        return list(eventually(whole))

    def heard(self, kept: Recording) -> Heard:
        """What the sound holds, told by a browser that decodes it."""
        assert kept.file is not None
        data = base64.b64encode(path_of(kept.file.name).read_bytes()).decode()
        tones = [TONES["caller"], TONES["amina"], ASIDE]
        seconds, found = self.caller.page.evaluate(SPECTRUM, [data, tones])
        print(f"part {kept.part}: {seconds:.2f} s, said {kept.seconds}", found)
        return Heard(seconds, found)


@pytest.fixture(autouse=True)
def _kept(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT, settings.RECORD_CALLS = tmp_path, True


def agreed(call: Call) -> Call:
    person = associations.person_for(centre=call.centre, at=timezone.now(), name="Hassan")
    call.recording_consent = associations.give_consent(
        person, purpose=Consent.Purpose.RECORDING, text_version=entering.CONSENT_VERSION,
        language="ar", channel="phone", at=timezone.now(),
    )  # fmt: skip
    call.save(update_fields=["recording_consent"])
    return call


def good(page: Page) -> None:
    """No serious finding, and nothing wider than the window."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    assert [one["id"] for one in found if one["impact"] in GRAVE] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def at_desk(voices: Voices, *, consent: bool = True, language: str = "ar") -> Desk:
    """Caller and Amina talk, she by her call card."""
    call = agreed(voices.call()) if consent else voices.call()
    caller = voices.caller(call)
    caller.until_phase("waiting")
    amina = voices.users["amina"]
    amina.language = language
    amina.save(update_fields=["language"])
    actions.answer(call, by=amina, at=timezone.now())
    context = voices.window(amina, tone=TONES["amina"])
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"/desk/calls/{call.pk}/")
    caller.until("amina")
    return Desk(page, call, caller, context)


def test_a_talk_with_consent_is_kept_without_what_was_said_in_a_pause(voices: Voices) -> None:
    desk = at_desk(voices)
    desk.says("recording")
    began = time.monotonic()
    desk.speak(3)
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("r")
    desk.says("paused")
    spoken = time.monotonic() - began
    expect(desk.page.locator("#act-record")).to_contain_text("متابعة")
    desk.caller_speaks(ASIDE)
    desk.speak(2)
    desk.caller_speaks(TONES["caller"])
    desk.page.keyboard.press("r")
    desk.says("recording")
    again = time.monotonic()
    desk.speak(2)
    desk.page.keyboard.press("x")
    desk.page.locator("#end-yes").click()
    spoken += time.monotonic() - again
    desk.page.wait_for_selector("[data-over]")
    [kept] = desk.ended(1)
    heard = desk.heard(kept)
    print("spoken", spoken)
    assert heard.seconds == pytest.approx(spoken, abs=0.8)
    assert kept.seconds == pytest.approx(heard.seconds, abs=1)
    assert heard.holds(TONES["caller"]) == pytest.approx(heard.seconds, abs=0.8)
    assert heard.holds(TONES["amina"]) == pytest.approx(heard.seconds, abs=0.8)
    assert heard.holds(ASIDE) <= CLICK
    _plays(desk, kept)


def _plays(desk: Desk, kept: Recording) -> None:
    """On the page of its request."""
    desk.page.goto(f"/desk/tickets/{desk.call.ticket_id}/")
    sound = desk.page.locator(f"audio[src='/files/{kept.file.name}/']")
    expect(sound).to_have_count(1)
    length = sound.evaluate(
        """async e => { e.muted = true; await e.play(); await new Promise(on => e.ontimeupdate = () => {
        if (e.currentTime > 0.3) { on(); } }); return e.duration; }"""
    )
    assert length == pytest.approx(kept.seconds, abs=1)


@full
def test_nothing_is_recorded_on_hold_and_a_reload_begins_a_part(voices: Voices) -> None:
    desk = at_desk(voices)
    desk.says("recording")
    desk.speak(2)
    desk.page.locator("#act-hold").click()
    desk.says("paused")
    desk.caller_speaks(ASIDE)
    desk.speak(1.5)
    desk.caller_speaks(TONES["caller"])
    desk.page.locator("#act-hold").click()
    desk.says("recording")
    desk.speak(2)
    desk.page.reload()
    desk.says("recording")
    desk.speak(2.5)
    actions.end(desk.caller.leg, at=timezone.now())
    first, second = (desk.heard(kept) for kept in desk.ended(2))
    assert first.seconds > 2.5
    assert first.holds(ASIDE) <= CLICK
    assert second.seconds > 2
    for heard in (first, second):
        assert heard.holds(TONES["caller"]) > heard.seconds - 1
        assert heard.holds(TONES["amina"]) > heard.seconds - 1


@full
def test_a_pause_outlives_a_reload(voices: Voices) -> None:
    desk = at_desk(voices)
    desk.says("recording")
    desk.speak(1.5)
    desk.page.locator("#act-record").click()
    desk.says("paused")
    desk.page.reload()
    desk.caller.until("amina")
    desk.says("paused")
    desk.speak(2)
    assert Recording.objects.count() == 1
    desk.page.locator("#act-record").click()
    desk.says("recording")
    eventually(lambda: Recording.objects.count() == 2)


@full
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_lost_server_is_said_and_nothing_is_lost(voices: Voices, language: str) -> None:
    desk = at_desk(voices, language=language)
    desk.says("recording")
    began = time.monotonic()
    desk.speak(1.5)
    good(desk.page)
    desk.page.route("**/recording/**", lambda route: route.abort())
    unsaved = {"ar": "لم يُحفظ التسجيل بعد", "fr": "pas encore sauvegardé"}[language]
    expect(desk.page.locator("#rec-note")).to_contain_text(unsaved)
    good(desk.page)
    desk.speak(1.5)
    actions.end(desk.caller.leg, at=timezone.now())
    spoken = time.monotonic() - began
    desk.page.wait_for_selector("[data-over]")
    expect(desk.page.locator("#rec-note")).to_be_visible()
    assert not Recording.objects.get().ended_at
    desk.page.unroute("**/recording/**")
    [kept] = desk.ended(1)
    expect(desk.page.locator("#rec-note")).to_be_hidden()
    assert desk.heard(kept).seconds == pytest.approx(spoken, abs=1.2)


@full
def test_without_consent_there_is_no_control_and_the_address_refuses(voices: Voices) -> None:
    desk = at_desk(voices, consent=False)
    expect(desk.page.locator("#act-mute")).to_be_visible()
    assert desk.page.locator("#rec").count() == 0
    status = desk.page.evaluate(
        """async url => (await fetch(url, {method: "POST", headers: {"X-Wasl-Leg": document.getElementById("softphone").dataset.leg}})).status""",
        f"/desk/calls/{desk.call.pk}/recording/",
    )
    assert status == 403
    assert not Recording.objects.exists()


@full
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_caller_stops_it_from_their_own_page(voices: Voices, language: str) -> None:
    Centre.objects.update(always_open=True)
    amina = voices.users["amina"]
    Presence.objects.update_or_create(
        user=amina, defaults={"state": "free", "since": timezone.now(), "seen_at": None}
    )
    visitor = Client()
    address = "/fr/call/" if language == "fr" else "/call/"
    visitor.post(
        address,
        {"way": "call", "language": "ar", "microphone": "1", "key": "k", "record": "on"},
    )
    call = Call.objects.get()
    theirs = voices.window(None, tone=TONES["caller"])
    theirs.add_cookies(
        [{"name": n, "value": c.value, "url": voices.url} for n, c in visitor.cookies.items()]
    )
    caller = theirs.new_page()
    caller.set_viewport_size({"width": 400, "height": 800})
    caller.goto(address)
    expect(caller.locator("#call-withdraw")).to_be_visible()
    good(caller)
    actions.answer(call, by=amina, at=timezone.now())
    page = voices.window(amina, tone=TONES["amina"]).new_page()
    page.goto(f"/desk/calls/{call.pk}/")
    expect(page.locator("#rec")).to_have_attribute("data-state", "recording", timeout=15_000)
    time.sleep(2.5)
    caller.locator("#call-withdraw").click()
    expect(caller.locator("[data-recorded='0']")).to_be_visible()
    expect(caller.locator("#call-withdraw")).to_be_hidden()
    expect(page.locator("#rec")).to_have_count(0)
    expect(page.locator("#call-band")).to_have_attribute("data-kind", "live")
    kept = Recording.objects.get()
    assert kept.ended_at is not None
    time.sleep(2)
    assert Recording.objects.count() == 1
    assert caller.locator("#call").get_attribute("data-phase") == "talking"
    page.reload()
    expect(page.locator("#act-mute")).to_be_visible()
    assert page.locator("#rec").count() == 0
