"""An advisor speaks on the public network: Twilio's own script in a real browser, with signalling of ours.

Our server is told what Twilio would tell it; the far end is a page that really hears and speaks.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from helpdesk.associations.numbers import Number
from helpdesk.centre.models import Centre
from helpdesk.tickets.models import Ticket
from telephony import actions
from telephony.facts import Why
from telephony.models import Call, Leg
from telephony.providers.twilio import client, sending
from telephony.providers.twilio.models import Room
from tests import make
from tests.browser.conftest import CHROMIUM
from tests.browser.signalling import FAR, Invite, Network
from tests.browser.test_caller import MISSING
from tests.browser.test_softphone import (
    OVER,
    SOON,
    Sockets,
    at_desk,
    choose,
    cut_off,
    phase,
    seconds,
)
from tests.browser.visiting import Visitor
from tests.browser.voices import FLAGS, GONE, HEARD, TONES, Voices, eventually, voices
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio.answers import Answers
from tests.telephony.twilio.caller import Page as Coming
from tests.telephony.twilio.caller import Telephone
from tests.telephony.twilio.test_calling_out import Called

__all__ = ["voices"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
full = pytest.mark.full
EAR = """(() => {
  Object.defineProperty(window, 'twilioCall', { get: () => window.waslVoice && window.waslVoice.call });
  window.waslConstraints = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  let context = null, ear = null, of = null;
  // The keys that went out, as the browser tells when each has sounded.
  window.tones = [];
  const sender = Object.getOwnPropertyDescriptor(RTCRtpSender.prototype, 'dtmf');
  Object.defineProperty(RTCRtpSender.prototype, 'dtmf', { get() {
    const found = sender.get.call(this);
    if (found && !found.isHeard) {
      found.isHeard = true;
      found.addEventListener('tonechange', event => { if (event.tone) { window.tones.push(event.tone); } });
    }
    return found;
  } });
  window.loudness = tone => {
    const stream = window.twilioCall && window.twilioCall.getRemoteStream();
    if (!stream) { return -200; }
    if (of !== stream) {
      context = context || new AudioContext(); of = stream;
      ear = Object.assign(context.createAnalyser(), { fftSize: 8192, smoothingTimeConstant: 0 });
      context.createMediaStreamSource(stream).connect(ear);
    }
    const data = new Float32Array(ear.frequencyBinCount), at = Math.round(tone / (context.sampleRate / 8192));
    ear.getFloatFrequencyData(data);
    return Math.max(data[at - 1], data[at], data[at + 1]);
  };
})()"""

GONE_IS = {
    why: "if (navigator.mediaDevices) { window.openMicrophone = navigator.mediaDevices.getUserMedia; "
    f"{MISSING[why]} }}"
    for why in ("refused", "no-device", "in-use")
}
BACK = "void (navigator.mediaDevices.getUserMedia = openMicrophone)"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One that takes the certificate of our signalling."""
    with sync_playwright() as playwright:
        path = str(CHROMIUM) if CHROMIUM.exists() else None
        flags = [*FLAGS, "--ignore-certificate-errors"]
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    made = Network(tmp_path)
    yield made
    made.close()


class Desk:
    """Amina's page, the far end, and the caller's telephone in the public network."""

    def __init__(self, voices: Voices, network: Network, twilio: Answers) -> None:
        self.voices, self.network, self.twilio = voices, network, twilio
        self.telephone = Telephone()
        self.before, self.cut, self.sockets = "", "live", Sockets()
        self.wrong: list[str] = []
        far = voices.window(None, tone=TONES["caller"])
        html = FAR.replace("HOST", network.host)
        far.route("**/far", lambda route: route.fulfill(body=html, content_type="text/html"))
        self.far = far.new_page()
        self.far.goto("/far")
        self.far.wait_for_function("socket.readyState === 1")

    @property
    def call(self) -> Call:
        return self.telephone.call

    def window(self, name: str, language: str) -> BrowserContext:
        user = self.voices.users[name]
        user.language = language
        user.save(update_fields=["language"])
        context = self.voices.window(user, tone=TONES[name])
        context.add_init_script(f"{EAR};{self.before}")
        self.sockets = cut_off(context, self.cut)
        own = (self.voices.url, f"wss://{self.network.host}", "data:", "blob:")
        context.on(
            "request", lambda asked: asked.url.startswith(own) or self.wrong.append(asked.url)
        )
        context.on("console", lambda m: self.wrong.append(m.text) if "olicy" in m.text else None)
        context.on("weberror", lambda error: self.wrong.append(str(error.error)))
        return context

    def visitor(self, name: str, language: str) -> Visitor:
        return Visitor(self.window(name, language), language)

    def answers(self, language: str = "ar", visitor: Visitor | None = None) -> Page:
        """A caller waits; Amina takes the call by its key."""
        at_desk(self.voices.users["amina"], "free")
        self.telephone.waits("3" if language == "fr" else "1")
        page = visitor.page if visitor else self.window("amina", language).new_page()
        page.goto("/desk/")
        page.keyboard.press("Escape")
        expect(page.locator("#ring-answer")).to_be_visible()
        page.keyboard.press("KeyA")
        page.wait_for_url("**/desk/calls/*/")
        return page

    def lets_in(self, invite: Invite, name: str = "amina") -> Coming:
        """What Twilio does with a page: our server is asked, then the voice is in the room."""
        leg = self.call.legs.here().get(user=self.voices.users[name])
        coming = Coming(leg)
        document = coming.connects(invite.params["claim"])
        assert document.find("Dial/Conference") is not None
        invite.let_in(coming.sid)
        coming.in_room("participant-join", self.room)
        return coming

    @property
    def room(self) -> Room:
        return Room.objects.filter(call=self.call).latest("pk")

    def caller_comes(self) -> None:
        self.telephone.asked(f"enter/{self.room.name}/")
        self.telephone.in_room("participant-join", self.room)

    def talk(self, language: str = "ar") -> tuple[Page, Coming]:
        page = self.answers(language=language)
        coming = self.lets_in(self.network.invited())
        self.caller_comes()
        phase(page, "talking")
        expect(page.locator("#call-band")).to_have_attribute("data-kind", "live")
        self.hear(page)
        return page, coming

    def orders(self, name: str) -> None:
        """Our server has asked Twilio for this."""
        sending.send_due(at=timezone.now())
        assert name in [asked for asked, _last, _data in self.twilio.asked]

    def hear(self, page: Page) -> None:
        """Each hears the other."""
        eventually(lambda: page.evaluate(f"loudness({TONES['caller']})") > HEARD)
        eventually(lambda: self.heard() > HEARD)

    def heard(self, name: str = "amina") -> float:
        """How loud an advisor is at the far end, in decibels."""
        return float(self.far.evaluate(f"loudness({TONES[name]})"))


@pytest.fixture
def desk(
    voices: Voices, network: Network, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    Centre.objects.update(always_open=True)
    c.switch_on(settings)
    settings.TWILIO_VOICE_HOST = network.host
    twilio = Answers()
    monkeypatch.setattr(client, "http_client", lambda: twilio)
    made = Desk(voices, network, twilio)
    yield made
    assert made.wrong == []


def test_an_advisor_speaks_with_a_caller_of_the_public_network(desk: Desk) -> None:
    """By the keyboard: accept, mute, keys of the telephone, hang up; the claim came in the invitation."""
    page, coming = desk.talk()
    assert coming.voice.leg == Leg.objects.here().get(user=desk.voices.users["amina"])
    page.keyboard.press("Escape")
    page.keyboard.press("KeyM")
    expect(page.locator("#act-mute")).to_have_attribute("aria-pressed", "true")
    eventually(lambda: desk.heard() < GONE)
    page.keyboard.press("KeyM")
    eventually(lambda: desk.heard() > HEARD)
    page.keyboard.press("KeyD")
    page.keyboard.type("40*")
    expect(page.locator("#keypad-sent")).to_have_text("40*")
    eventually(lambda: page.evaluate("window.tones.join('')") == "40*")
    page.keyboard.press("Escape")
    ends(desk, page)
    assert desk.call.state == "wrap-up"


def ends(desk: Desk, page: Page) -> None:
    """The advisor hangs up; nobody tries to come in again."""
    page.keyboard.press("KeyX")
    expect(page.locator("#end-yes")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#call-band[data-over]")).to_be_visible()
    eventually(lambda: desk.network.sayings("hangup"))
    assert desk.network.is_quiet()


# --- the pass ---------------------------------------------------------------------------------------


@full
def test_a_pass_is_renewed_before_it_runs_out(desk: Desk, settings: Any) -> None:
    """Also where our server refuses it the first time; the talk goes on."""
    desk.network.ttl = [64, 600]
    page = desk.answers()
    invite = desk.network.invited()
    settings.TWILIO_API_KEY, kept = "", settings.TWILIO_API_KEY
    with page.expect_response("**/calls/pass/") as refused:
        desk.lets_in(invite)
        desk.caller_comes()
    assert refused.value.status == 404
    phase(page, "talking")
    settings.TWILIO_API_KEY = kept
    eventually(lambda: len(desk.network.sayings("listen")) == 2)
    tokens = [told["token"] for told in desk.network.sayings("listen")]
    assert tokens[0] != tokens[1]
    desk.hear(page)
    expect(page.locator("#sp-note")).to_be_hidden()


# --- the connection is lost ------------------------------------------------------------------------


@full
def test_with_a_token_the_same_voice_comes_back(desk: Desk) -> None:
    page, _coming = desk.talk()
    desk.network.is_away = True
    desk.network.drop()
    phase(page, "reconnecting")
    expect(page.locator("#sp-note")).to_be_visible()
    desk.hear(page)  # the sound goes its own way
    desk.network.is_away = False
    phase(page, "talking")
    expect(page.locator("#sp-note")).to_be_hidden()
    assert desk.network.sayings("invite")[-1]["reconnect"] == "come-back"
    assert desk.network.is_quiet()
    desk.hear(page)


@full
def test_without_a_token_the_page_comes_in_by_another_code(desk: Desk) -> None:
    """Twilio's script calls the call closed and tells nobody: the page finds out, and leaves no open
    microphone behind."""
    desk.network.token = ""
    page, first = desk.talk()
    page.evaluate("window.lostPeer = waslVoice.peer")
    desk.network.drop()
    phase(page, "reconnecting", within=SOON)
    assert page.evaluate("lostPeer.connectionState") == "closed"
    invite = desk.network.invited()
    assert invite.params["claim"] != first.voice.claim
    second = desk.lets_in(invite)
    phase(page, "talking")
    desk.hear(page)
    assert second.voice.leg == first.voice.leg
    assert desk.call.state == "talking"


@full
def test_whom_the_network_puts_out_comes_in_again(desk: Desk) -> None:
    page, coming = desk.talk()
    desk.network.hang_up(coming.sid)
    phase(page, "reconnecting")
    coming.in_room("participant-leave", desk.room)
    again = desk.lets_in(desk.network.invited())
    phase(page, "talking")
    desk.hear(page)
    assert again.voice.leg == coming.voice.leg


@full
def test_a_page_loaded_anew_goes_on_with_the_call(desk: Desk) -> None:
    page, first = desk.talk()
    page.reload()
    eventually(lambda: desk.network.sayings("hangup"))
    first.in_room("participant-leave", desk.room)
    desk.lets_in(desk.network.invited())
    phase(page, "talking")
    desk.hear(page)


@full
def test_one_page_speaks(desk: Desk) -> None:
    """The card opened a second time takes the call over; the first says so and stays out."""
    page, first = desk.talk()
    other = page.context.new_page()
    other.goto(page.url)
    desk.lets_in(desk.network.invited())
    phase(other, "talking")
    desk.network.hang_up(first.sid)  # our server has ordered it
    phase(page, "elsewhere")
    expect(page.locator("#sp-said")).not_to_be_empty()
    assert desk.network.is_quiet()
    desk.hear(other)


# --- the page says what the server says ----------------------------------------------------------------


@full
@pytest.mark.parametrize("how", ["live", "silent", "hidden"])
@pytest.mark.parametrize("signalling", ["stands", "token", "no token"])
def test_an_end_is_shown_though_nobody_tells_the_script(
    desk: Desk, how: str, signalling: str
) -> None:
    """The caller hangs up; signalling stands and says nothing, or is lost. Also where our own socket says
    nothing, and in a tab that nobody sees."""
    desk.network.token = "" if signalling == "no token" else "come-back"
    desk.cut = how
    page, _coming = desk.talk()
    desk.sockets.is_silent = True
    if how == "hidden":
        page.evaluate("void Object.defineProperty(document, 'hidden', { get: () => true })")
    if signalling != "stands":
        desk.network.is_away = True
        desk.network.drop()
        phase(page, "reconnecting")
    desk.telephone.hangs_up()
    over = seconds(page, OVER)
    print(f"{how}, {signalling}: {over:.2f} s")
    assert over <= SOON
    phase(page, "ended")
    assert page.evaluate("!waslVoice.device && !waslVoice.peer && !waslVoice.stream")
    assert desk.network.is_quiet()


@full
def test_the_caller_hangs_up(desk: Desk) -> None:
    page, coming = desk.talk()
    desk.network.hang_up(coming.sid)
    desk.telephone.hangs_up()
    expect(page.locator("#call-band[data-over]")).to_be_visible()
    phase(page, "ended")
    page.wait_for_timeout(2500)
    assert desk.network.is_quiet()


@full
def test_a_page_whose_call_went_on_elsewhere_stays_out(desk: Desk) -> None:
    page, coming = desk.talk()
    actions.give_back(
        desk.call, why=Why.TRANSFER, at=timezone.now(), by=desk.voices.users["brahim"]
    )
    desk.network.hang_up(coming.sid)
    expect(page.locator("#call-band")).to_have_attribute("data-kind", "back")
    phase(page, "ended")
    page.wait_for_timeout(2500)
    assert desk.network.is_quiet()


@full
def test_our_server_is_away_and_the_talk_goes_on(desk: Desk) -> None:
    """An act waits and says so, and does not lead away from the voice; other pages open beside it."""
    page, _coming = desk.talk()
    page.keyboard.press("Escape")
    page.context.route(f"**/calls/{desk.call.pk}/**", lambda route: route.abort())
    expect(page.locator("#sp-note")).to_be_visible()
    page.keyboard.press("KeyH")
    page.wait_for_timeout(500)
    desk.hear(page)
    page.context.unroute(f"**/calls/{desk.call.pk}/**")
    expect(page.locator("#sp-note")).to_be_hidden(timeout=10_000)
    assert desk.call.state == "talking"
    with page.expect_popup() as opened:
        page.locator("header a[href='/desk/']").first.click()
    expect(opened.value.locator(".band.back")).to_be_visible()
    desk.hear(page)


# --- microphone ------------------------------------------------------------------------------------------


@full
@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("why", ["refused", "no-device", "in-use"])
def test_without_a_microphone_it_says_what_to_do(desk: Desk, why: str, language: str) -> None:
    """Once it is there, the same page comes in."""
    desk.before = GONE_IS[why]
    page = desk.answers(language=language)
    said = page.locator("#sp-note [data-why]:visible")
    expect(said).to_have_count(2)
    assert {one.get_attribute("data-why") for one in said.all()} == {why}
    expect(page.locator("#sp-beside")).to_be_visible()
    assert desk.network.is_quiet()
    page.evaluate(BACK)
    page.locator("#sp-retry").focus()
    page.keyboard.press("Enter")
    desk.lets_in(desk.network.invited())
    desk.caller_comes()
    phase(page, "talking")
    expect(page.locator("#sp-note")).to_be_hidden()
    desk.hear(page)


UNPLUG = """() => {
  const track = waslVoice.stream.getAudioTracks()[0];
  track.stop(); track.dispatchEvent(new Event('ended'));
}"""


@full
def test_an_unplugged_microphone_is_followed_by_another(desk: Desk) -> None:
    page, _coming = desk.talk()
    page.evaluate(UNPLUG)
    page.wait_for_function("waslVoice.stream.getAudioTracks()[0].readyState === 'live'")
    desk.hear(page)
    expect(page.locator("#sp-note")).to_be_hidden()
    page.evaluate(f"{GONE_IS['no-device']}; 0")
    page.evaluate(UNPLUG)
    said = page.locator("#sp-note [data-why='no-device']:visible")
    expect(said).to_have_count(2)
    assert desk.call.state == "talking"
    page.evaluate(BACK)
    page.evaluate("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    expect(page.locator("#sp-note")).to_be_hidden()
    desk.hear(page)


@full
def test_another_microphone_is_chosen_and_stays_muted(desk: Desk) -> None:
    page, _coming = desk.talk()
    page.keyboard.press("Escape")
    page.keyboard.press("KeyM")
    eventually(lambda: desk.heard() < GONE)
    page.locator("#act-devices").click()
    expect(page.locator("#dev-in option")).not_to_have_count(0)
    page.evaluate("document.getElementById('dev-in').dispatchEvent(new Event('change'))")
    page.keyboard.press("Escape")
    page.wait_for_timeout(1000)
    assert desk.heard() < GONE
    page.keyboard.press("KeyM")
    desk.hear(page)


@full
def test_without_a_key_the_page_says_so(desk: Desk, settings: Any) -> None:
    settings.TWILIO_API_KEY = ""
    page = desk.answers()
    expect(page.locator("#sp-said")).to_have_text(re.compile("الخط|خط الهاتف"))
    assert desk.network.is_quiet()


@full
def test_the_simulated_network_asks_for_no_microphone_and_speaks_to_nobody(
    desk: Desk, settings: Any
) -> None:
    settings.SIMULATED, settings.TWILIO_VOICE_HOST = True, ""
    desk.before = GONE_IS["refused"]
    page = desk.answers(language="fr")
    expect(page.locator("#sp-said")).to_have_text(re.compile("^Le réseau simulé n’a pas de son"))
    phase(page, "talking")
    desk.telephone.hangs_up()
    assert seconds(page, OVER) <= SOON
    assert desk.network.said == []


# --- the other way ------------------------------------------------------------------------------------


@full
def test_an_advisor_calls_out_from_the_page(desk: Desk) -> None:
    """The page comes in first, then the number is dialled; keys can be sent once somebody is there."""
    amina = desk.voices.users["amina"]
    at_desk(amina, "free")
    ticket = make.ticket(contact_number=Number(c.CALLER))
    Ticket.objects.filter(pk=ticket.pk).update(assignee=amina)
    page = desk.window("amina", "fr").new_page()
    page.goto(f"/desk/tickets/{ticket.pk}/")
    page.locator("form[action*='/calls/made/request/'] button").first.click()
    page.wait_for_url("**/desk/calls/*/")
    call = Call.objects.get(direction="out")
    invite = desk.network.invited()
    coming = Coming(call.legs.here().get(user=amina))
    assert coming.connects(invite.params["claim"]).find("Dial/Conference") is not None
    invite.let_in(coming.sid)
    coming.in_room("participant-join", Room.objects.get(call=call))
    phase(page, "talking")
    called = Called()
    desk.twilio.bodies["CreateParticipant"] = {"call_sid": called.sid}
    desk.orders("CreateParticipant")
    expect(page.locator("#act-keypad")).to_be_disabled()
    called.picks_up()
    expect(page.locator("#act-keypad")).to_be_enabled()
    desk.hear(page)
    page.keyboard.press("Escape")
    ends(desk, page)


# --- more than two ------------------------------------------------------------------------------------------


@full
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_by_the_keyboard_under_axe(desk: Desk, language: str) -> None:
    """Accept, keys, hold, asking a colleague, handing over, hang up: nothing an assistive tool stumbles over."""
    amina = desk.visitor("amina", language)
    salma = desk.visitor("salma", language)
    at_desk(desk.voices.users["salma"], "busy")
    page = desk.answers(language=language, visitor=amina)
    amina.look(whole=True)
    desk.lets_in(desk.network.invited())
    desk.caller_comes()
    phase(page, "talking")
    expect(page.locator("#act-hold")).to_be_enabled()
    page.keyboard.press("Escape")
    amina.look(whole=True)
    page.keyboard.press("KeyD")
    expect(page.locator("[data-digit='1']")).to_be_focused()
    amina.look(whole=True)
    page.keyboard.press("Escape")
    page.keyboard.press("KeyH")
    expect(page.locator("#call-band")).to_have_attribute("data-held", "1")
    desk.orders("UpdateParticipant")
    amina.look(whole=True)
    page.keyboard.press("KeyH")
    expect(page.locator("#call-band")).to_have_attribute("data-held", "0")
    salma.page.goto("/desk/")
    salma.page.keyboard.press("Escape")  # before it rings: the key would close that
    choose(page, desk.voices.users["salma"])
    amina.look(whole=True)
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    rung = salma.page.locator("#ring-answer")
    expect(rung).to_be_visible()
    salma.page.keyboard.press("KeyA")
    salma.page.wait_for_url("**/beside/")
    desk.lets_in(desk.network.invited(), "salma")
    phase(salma.page, "talking")
    salma.look(whole=True)
    expect(page.locator("#act-over")).to_be_visible()
    amina.look(whole=True)
    salma.page.evaluate("window.isSame = true")
    page.keyboard.press("KeyT")
    page.wait_for_url("**/desk/")
    salma.page.wait_for_url(f"**/desk/calls/{desk.call.pk}/")
    assert salma.page.evaluate("window.isSame"), "the card came without a load"
    phase(salma.page, "talking")
    eventually(lambda: desk.heard("salma") > HEARD)
    salma.page.keyboard.press("Escape")
    salma.look(whole=True)
    salma.page.keyboard.press("KeyX")
    expect(salma.page.locator("#end-yes")).to_be_focused()
    salma.look(whole=True)
    salma.page.keyboard.press("Enter")
    expect(salma.page.locator("#call-band[data-over]")).to_be_visible()
    salma.look(whole=True)
    assert (desk.call.user, desk.call.turn) == (desk.voices.users["salma"], 2)
    desk.wrong.clear()  # told by the visitors, with the page
    assert amina.wrong + salma.wrong == []


@full
def test_a_supervisor_listens_with_the_microphone_off(desk: Desk) -> None:
    """From the board; heard only once they speak to both."""
    page, _coming = desk.talk()
    brahim = desk.window("brahim", "fr").new_page()
    brahim.goto("/desk/calls/under-way/")
    brahim.locator(f"#hear-{desk.call.pk}").click()
    brahim.wait_for_url("**/beside/")
    desk.lets_in(desk.network.invited(), "brahim")
    phase(brahim, "talking")
    expect(page.locator("#call-band .ears")).to_be_visible()
    eventually(lambda: brahim.evaluate(f"loudness({TONES['caller']})") > HEARD)
    assert desk.heard("brahim") < GONE
    brahim.locator("#act-barge").click()
    eventually(lambda: desk.heard("brahim") > HEARD)
    brahim.locator("#act-listen").click()
    eventually(lambda: desk.heard("brahim") < GONE)
    brahim.keyboard.press("KeyX")
    brahim.wait_for_url("**/desk/")
    desk.hear(page)
