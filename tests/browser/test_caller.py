"""The caller's page in real Chromium: from the form to a talk and its end, a message that plays back as it was
spoken, and every way in which a microphone can be missing.
"""

import base64
import struct
import time
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from helpdesk.centre.models import Centre
from helpdesk.files.actions import path_of
from helpdesk.queues.models import Presence
from telephony import actions
from telephony.facts import State
from telephony.models import Call
from telephony.recordings import Recording
from tests.browser.visiting import GRAVE, OPTIONS
from tests.browser.voices import TONES, Voices, chromium, eventually, voices

__all__ = ["chromium", "voices"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
full = pytest.mark.full
LANGUAGES = pytest.mark.parametrize("language", ["ar", "fr"])
MISSING = {
    "refused": "navigator.mediaDevices.getUserMedia = () => Promise.reject(Object.assign(new Error(), {name: 'NotAllowedError'}))",
    "no-device": "navigator.mediaDevices.getUserMedia = () => Promise.reject(Object.assign(new Error(), {name: 'NotFoundError'}))",
    "in-use": "navigator.mediaDevices.getUserMedia = () => Promise.reject(Object.assign(new Error(), {name: 'NotReadableError'}))",
    "insecure": "Object.defineProperty(navigator, 'mediaDevices', {value: undefined}); Object.defineProperty(window, 'isSecureContext', {value: false})",
    "old": "delete window.RTCPeerConnection",
}  # fmt: skip
PEAK = """async data => {
  const context = new OfflineAudioContext(1, 48000, 48000);
  const sound = await context.decodeAudioData(Uint8Array.from(atob(data), c => c.charCodeAt(0)).buffer);
  const all = sound.getChannelData(0), middle = all.slice(all.length / 2, all.length / 2 + 8192);
  let best = 0, tone = 0;
  for (let hertz = 200; hertz < 3000; hertz += 10) {
    let re = 0, im = 0;
    middle.forEach((v, i) => { const a = 2 * Math.PI * hertz * i / sound.sampleRate; re += v * Math.cos(a); im += v * Math.sin(a); });
    const power = re * re + im * im;
    if (power > best) { best = power; tone = hertz; }
  }
  return [sound.duration, tone];
}"""


@pytest.fixture(autouse=True)
def _there(voices: Voices, settings: Any, tmp_path: Any) -> None:
    """Open at any hour, Amina at her desk."""
    settings.MEDIA_ROOT = tmp_path
    now = timezone.now()
    Centre.objects.update(always_open=True)
    Presence.objects.update_or_create(
        user=voices.users["amina"], defaults={"state": "free", "since": now, "seen_at": None}
    )


def window(voices: Voices, *scripts: str, tone: int = TONES["caller"]) -> BrowserContext:
    context = voices.window(None, tone=tone)
    for script in scripts:
        context.add_init_script(script)
    return context


def form(context: BrowserContext, language: str = "ar") -> Page:
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(("/fr" if language == "fr" else "") + "/call/")
    return page


def ring(page: Page) -> Call:
    page.fill("[name=words]", "ما عطاوناش الوصل")
    page.locator("#call-ways button[value=call]").click()
    expect(page.locator("#call")).to_have_attribute("data-phase", "waiting")
    return eventually(lambda: Call.objects.order_by("pk").last())


def good(page: Page) -> None:
    found = Axe().run(page, options=OPTIONS).response["violations"]
    assert [one["id"] for one in found if one["impact"] in GRAVE] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def phase(page: Page, name: str) -> None:
    expect(page.locator("#call")).to_have_attribute("data-phase", name, timeout=15_000)


def test_from_the_form_into_the_line_and_out(voices: Voices) -> None:
    page = form(window(voices))
    call = ring(page)
    expect(page.locator("#call-place .huge")).to_have_text("1")
    eventually(lambda: page.evaluate("WaslMusic.level()") > 0.005)
    page.locator("#call-end").click()
    expect(page.locator("a[href$='?new']")).to_be_visible()
    call.refresh_from_db()
    assert call.ended_at is not None


@full
@LANGUAGES
def test_a_talk_with_hold_mute_and_its_end(voices: Voices, language: str) -> None:
    page = form(window(voices), language)
    good(page)
    call = ring(page)
    good(page)
    amina = voices.answer(call)
    phase(page, "talking")
    amina.until("caller")
    assert page.evaluate("WaslMusic.level()") == 0
    expect(page.locator("#call-timer")).not_to_have_text("0:00", timeout=5000)
    page.locator("#call-mute").click()
    amina.until()
    good(page)
    page.locator("#call-mute").click()
    amina.until("caller")
    actions.set_hold(amina.leg, True, at=timezone.now())
    phase(page, "held")
    eventually(lambda: page.evaluate("WaslMusic.level()") > 0.005)
    good(page)
    actions.set_hold(amina.leg, False, at=timezone.now())
    phase(page, "talking")
    actions.end(amina.leg, at=timezone.now())
    expect(page.locator("a[href$='?new']")).to_be_visible(timeout=3000)
    page.locator("form[action$='code/'] button").click()
    expect(page.locator(".slip")).to_be_visible()
    good(page)


@full
def test_a_reload_goes_on_with_the_call(voices: Voices) -> None:
    page = form(window(voices))
    amina = voices.answer(ring(page))
    amina.until("caller")
    page.reload()
    phase(page, "talking")
    amina.until("caller")


@full
def test_a_message_plays_back_with_its_tone_and_length(voices: Voices) -> None:
    page = form(window(voices))
    call = ring(page)
    page.locator("#call-message").click()
    good(page)
    page.locator("#vm-start").click()
    expect(page.locator("#vm-stop")).to_be_visible()
    expect(page.locator("#vm-timer")).to_have_text("0:04", timeout=9000)
    page.locator("#vm-stop").click()
    expect(page.locator("a[href$='?new']")).to_be_visible()
    kept = Recording.objects.get(call=call)
    assert kept.seconds in (4, 5)
    data = path_of(kept.file.name).read_bytes()
    length, tone = page.evaluate(PEAK, base64.b64encode(data).decode())
    assert 3.8 <= length <= 5.2
    assert abs(tone - TONES["caller"]) <= 15
    at = data.index(b"\x44\x89\x88") + 3
    assert abs(struct.unpack(">d", data[at : at + 8])[0] / 1000 - length) < 0.2
    call.refresh_from_db()
    assert call.state == State.VOICEMAIL
    desk = voices.window(voices.users["amina"], tone=0).new_page()
    desk.goto(f"/desk/tickets/{call.ticket_id}/")
    eventually(lambda: desk.evaluate("document.querySelector('audio').duration > 3.5"))
    played = desk.evaluate(
        "async () => { const one = document.querySelector('audio'); await one.play(); one.currentTime = 2;"
        " await new Promise(k => setTimeout(k, 700)); return one.currentTime; }"
    )
    assert played > 2.3


@full
def test_a_message_survives_a_lost_connection(voices: Voices) -> None:
    context = window(voices)
    page = form(context)
    call = ring(page)
    page.locator("#call-message").click()
    page.locator("#vm-start").click()
    expect(page.locator("#vm-timer")).to_have_text("0:02", timeout=9000)
    context.set_offline(True)
    expect(page.locator("#vm-said")).not_to_be_empty(timeout=9000)
    time.sleep(2)
    page.locator("#vm-stop").click()
    time.sleep(1)
    context.set_offline(False)
    expect(page.locator("a[href$='?new']")).to_be_visible(timeout=15_000)
    kept = Recording.objects.get(call=call)
    assert kept.seconds >= 4


@full
@LANGUAGES
@pytest.mark.parametrize("why", MISSING)
def test_without_a_microphone_a_sentence_and_the_other_ways(
    voices: Voices, language: str, why: str
) -> None:
    page = form(window(voices, MISSING[why], tone=0), language)
    page.fill("[name=words]", "ما عطاوناش الوصل")
    page.locator("#call-ways button[value=call]").click()
    box = page.locator("#call-problem")
    expect(box).to_be_visible()
    shown = box.locator("h2 [data-why]:visible")
    expect(shown).to_have_count(1)
    assert shown.get_attribute("data-why") == why
    assert not Call.objects.exists()
    good(page)
    box.locator("button[value=chat]").click()
    expect(page.locator("[name=words]")).to_have_value("ما عطاوناش الوصل")


@full
def test_without_a_script_the_other_ways_stand_there(voices: Voices) -> None:
    context = voices.chromium.new_context(base_url=voices.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/call/")
    page.fill("[name=words]", "الوصل")
    page.locator("#call-ways button[value=call]").click()
    expect(page.locator("[name=words]")).to_have_value("الوصل")
    page.fill("[name=number]", "0661234567")
    page.locator("#call-ways button[value=call-back]").click()
    expect(page.locator("a[href$='?new']")).to_be_visible()
    assert Call.objects.get().state == State.CALL_BACK
    context.close()


@full
@LANGUAGES
def test_by_keys_only(voices: Voices, language: str) -> None:
    page = form(window(voices), language)
    for _press in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "call":
            break
    page.keyboard.press("Enter")
    phase(page, "waiting")
    assert page.evaluate("document.activeElement.id") == "call-title"
    reached = []
    for _press in range(14):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert {"call-mute", "call-message", "call-end"} <= set(reached)
    assert reached.index("call-mute") < reached.index("call-end")


@full
def test_an_answer_in_the_middle_of_a_message_is_a_talk(voices: Voices) -> None:
    page = form(window(voices))
    call = ring(page)
    page.locator("#call-message").click()
    page.locator("#vm-start").click()
    expect(page.locator("#vm-timer")).to_have_text("0:02", timeout=9000)
    amina = voices.answer(call)
    phase(page, "talking")
    amina.until("caller")
    kept = eventually(lambda: Recording.objects.filter(call=call).exclude(file=None).first())
    assert kept.seconds >= 1
