"""The advisor's telephone in the page, by the keyboard alone: from the ring to the record, with real voices;
and how long a page may say something else of a call than the server does.
"""

import json
import time
from contextlib import suppress
from typing import Any

import pytest
from django.conf import settings as ours
from django.utils import timezone
from playwright.sync_api import BrowserContext, Error, Page, WebSocketRoute, expect

from helpdesk.centre.models import Centre
from helpdesk.queues.models import Handling, Presence
from helpdesk.tickets.models import Entry
from telephony import actions
from telephony.facts import Why
from telephony.models import Call, Leg
from tests import make
from tests.browser.test_call import NOTES, Keyboard
from tests.browser.test_caller import MISSING
from tests.browser.visiting import Visitor
from tests.browser.voices import EARS, PLAIN, TONES, Voice, Voices, chromium, eventually, voices

__all__ = ["chromium", "voices"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
full = pytest.mark.full
LANGUAGES = pytest.mark.parametrize("language", ["ar", pytest.param("fr", marks=full)])
BOTH = pytest.mark.parametrize("language", ["ar", "fr"])
SOON = 3.0
"""Seconds within which a page must say of a call what the server says."""
GAP = 1.5
"""Seconds of silence after a call was handed over, a busy machine allowed for."""
WORDS = {"ar": "ما عطاوناش الوصل", "fr": "On ne nous donne pas le récépissé"}
DESK = f"""(() => {{
  window.log = []; window.waslConstraints = {json.dumps(PLAIN)};
  Object.defineProperty(window, 'line', {{ get: () => window.waslLine }});
  {EARS}
  window.ears = ears;
  // What is sent to the loudspeaker is heard here too.
  const meters = [], connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...more) {{
    if (to instanceof AudioDestinationNode) {{
      if (!this.context.meter) {{ meters.push(this.context.meter = this.context.createAnalyser()); }}
      connect.call(this, this.context.meter);
    }}
    return connect.call(this, to, ...more);
  }};
  window.loud = () => Math.max(0, ...meters.map(one => {{
    const data = new Float32Array(one.fftSize);
    one.getFloatTimeDomainData(data);
    return Math.max(...data.map(Math.abs));
  }}));
}})()"""


@pytest.fixture(autouse=True)
def _there(voices: Voices) -> None:
    """Open at any hour; Amina and Salma are free."""
    Centre.objects.update(always_open=True)
    for name in ("amina", "salma"):
        at_desk(voices.users[name], "free")


def at_desk(user: Any, state: str) -> None:
    now = timezone.now()
    Presence.objects.update_or_create(
        user=user, defaults={"state": state, "since": now, "seen_at": now}
    )


def window(voices: Voices, name: str, language: str) -> BrowserContext:
    """The browser of somebody at the desk, who reads `language`."""
    user = voices.users[name]
    user.language = language
    user.save(update_fields=["language"])
    context = voices.window(user, tone=TONES[name])
    context.add_init_script(DESK)
    return context


def desk(voices: Voices, name: str, language: str = "ar") -> Page:
    page = window(voices, name, language).new_page()
    page.goto("/desk/")
    page.keyboard.press("Escape")  # a browser makes no sound before the first key
    return page


def a_caller(voices: Voices, language: str = "ar") -> Voice:
    call = make.ringing(WORDS[language], language=language, at=timezone.now())
    caller = voices.caller(call)
    caller.until_phase("waiting")
    return caller


def takes(page: Page, name: str, call: Call) -> Voice:
    """Answer what rings by its key; the voice of who did."""
    expect(page.locator("#ring-answer")).to_be_visible()
    page.keyboard.press("KeyA")
    page.wait_for_url(f"**/desk/calls/{call.pk}/")
    phase(page, "talking")
    expect(page.locator("#act-hold")).to_be_enabled()
    page.keyboard.press("Escape")  # out of the notes
    return Voice(name, page, call.legs.here().get(user__username=name))


def phase(page: Page, name: str, *, within: float = 15.0) -> None:
    expect(page.locator("html")).to_have_attribute("data-phase", name, timeout=within * 1000)


def rings(page: Page) -> None:
    """It is seen, it is in the title, it sounds."""
    expect(page.locator("#ring")).to_be_visible()
    expect(page.locator("#ring-said")).not_to_be_empty()
    title = page.locator("#ring").get_attribute("data-title")
    assert page.title().startswith(f"☎ {title} · ")
    eventually(lambda: page.evaluate("loud()") > 0.05, within=5)


# --- by keys ---------------------------------------------------------------------------------------


@LANGUAGES
def test_a_call_from_the_ring_to_the_record(voices: Voices, language: str) -> None:
    amina_page, salma_page = desk(voices, "amina", language), desk(voices, "salma", language)
    at_desk(voices.users["salma"], "busy")
    caller = a_caller(voices, language)
    call = caller.leg.call
    rings(amina_page)
    amina = takes(amina_page, "amina", call)
    expect(amina_page.locator("#ring")).to_have_count(0)
    caller.until("amina")
    amina.until("caller")

    band = amina_page.locator("#call-band")
    amina_page.keyboard.press("KeyH")
    expect(band).to_have_attribute("data-held", "1")
    caller.until()
    assert caller.page.evaluate("line.music") == "hold"
    amina_page.keyboard.press("KeyH")
    expect(band).to_have_attribute("data-held", "0")
    caller.until("amina")
    amina_page.keyboard.press("KeyM")
    expect(amina_page.locator("#act-mute")).to_have_attribute("aria-pressed", "true")
    caller.until()
    amina.until("caller")
    amina_page.keyboard.press("KeyM")
    caller.until("amina")

    at_desk(voices.users["salma"], "free")
    choose(amina_page, voices.users["salma"])
    amina_page.keyboard.press("Tab")
    expect(amina_page.locator("#transfer [name=words]")).to_be_focused()
    amina_page.keyboard.type(NOTES[language])
    amina_page.keyboard.press("Tab")
    amina_page.keyboard.press("Enter")
    amina_page.wait_for_url("**/desk/")
    caller.until_phase("waiting")
    rings(salma_page)
    salma = takes(salma_page, "salma", call)
    caller.until("salma")
    salma.until("caller")

    salma_page.keyboard.press("KeyX")
    expect(salma_page.locator("#end-yes")).to_be_focused()
    salma_page.keyboard.press("Enter")
    expect(salma_page.locator("#call-band[data-over]")).to_be_visible()
    assert caller.until_phase("ended") < SOON
    wraps_up(salma_page)

    call.refresh_from_db()
    entries = Entry.objects.filter(ticket=call.ticket)
    passed, written = entries.get(kind="pass"), entries.filter(kind="call").order_by("pk").last()
    assert passed.text == NOTES[language]
    assert passed.data["to"] == voices.users["salma"].pk
    assert written.data["help"] == "advice"
    assert written.data["outcome"] == "advice-given-action-by-asker"
    assert call.state == "done"
    work = list(Handling.objects.filter(ticket=call.ticket).order_by("pk"))
    assert [row.user.username for row in work] == ["amina", "salma"]
    assert work[0].hold_seconds + work[0].talk_seconds > 0
    assert (work[1].help, work[1].outcome) == ("advice", "advice-given-action-by-asker")
    assert work[1].wrapped_at


def choose(page: Page, user: Any) -> None:
    """Open the transfer and walk to a colleague."""
    page.keyboard.press("KeyT")
    expect(page.locator("#transfer-box")).to_be_visible()
    chosen = page.locator("#transfer [name=to]:checked")
    expect(chosen).to_be_focused()
    for _ in range(6):
        if chosen.get_attribute("value") == str(user.pk):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{user} is not offered")


def wraps_up(page: Page) -> None:
    """Kind of help and outcome, by keys; the request opens."""
    keys = Keyboard(page)
    page.wait_for_load_state()
    # The band says the end a moment before the digits change their meaning.
    expect(page.locator("body.is-over")).to_be_visible()
    keys.press("Escape", "Digit2")
    expect(page.locator("[name=help][value=advice]")).to_be_checked()
    keys.press("Escape", "KeyO")
    keys.choose("[name=outcome]", "advice-given-action-by-asker")
    keys.press("Control+Enter")
    page.wait_for_url("**/desk/tickets/*/")


@full
@BOTH
def test_a_colleague_asked_first_then_handed_the_call(voices: Voices, language: str) -> None:
    amina_page, salma_page = desk(voices, "amina", language), desk(voices, "salma", language)
    at_desk(voices.users["salma"], "busy")
    caller = a_caller(voices, language)
    call = caller.leg.call
    amina = takes(amina_page, "amina", call)
    amina.until("caller")
    choose(amina_page, voices.users["salma"])
    for _ in range(3):
        amina_page.keyboard.press("Tab")
    amina_page.keyboard.press("Enter")
    caller.until()
    rings(salma_page)
    salma_page.keyboard.press("KeyA")
    salma_page.wait_for_url("**/beside/")
    salma = Voice("salma", salma_page, call.legs.get(user=voices.users["salma"]))
    phase(salma_page, "talking")
    salma.until("amina")
    amina.until("salma")
    assert caller.hears() == set()
    expect(amina_page.locator("#act-over")).to_be_visible()
    salma_page.evaluate("window.isSame = true")
    caller.watch("salma")
    began = time.time()
    with amina_page.expect_response("**/handing-over/"):
        amina_page.keyboard.press("KeyT")
    acted = time.time() - began
    gap = caller.silence(began, seconds=6)
    print(f"handed over: the caller heard nobody for {gap:.2f} s, of it the act {acted:.2f} s")
    amina_page.wait_for_url("**/desk/")
    caller.until("salma")
    salma_page.wait_for_url(f"**/desk/calls/{call.pk}/")
    phase(salma_page, "talking")
    salma.until("caller")
    assert salma_page.evaluate("window.isSame"), "the card came without a load"
    assert gap - acted < GAP
    expect(salma_page.locator("[name=words]")).to_be_focused()
    salma_page.keyboard.type(NOTES[language])
    expect(salma_page.locator("#card [data-saved]")).to_be_visible()
    expect(salma_page.locator("#suggestions .sugs, #suggestions .sub").first).to_be_visible()
    salma_page.keyboard.press("Escape")
    salma_page.keyboard.press("KeyX")
    expect(salma_page.locator("#end-yes")).to_be_focused()
    salma_page.keyboard.press("Enter")
    expect(salma_page.locator("#call-band[data-over]")).to_be_visible()
    wraps_up(salma_page)
    call.refresh_from_db()
    assert (call.state, call.user, call.turn) == ("done", voices.users["salma"], 2)


@full
@pytest.mark.parametrize("why", MISSING)
def test_without_a_microphone_the_card_says_why(voices: Voices, why: str) -> None:
    call = make.ringing(WORDS["ar"], at=timezone.now())
    actions.answer(call, by=voices.users["amina"], at=timezone.now())
    context = voices.window(voices.users["amina"], tone=0)
    context.add_init_script(MISSING[why])
    page = context.new_page()
    page.goto(f"/desk/calls/{call.pk}/")
    said = page.locator("#sp-note [data-why]:visible")
    expect(said).to_have_count(2)
    assert {one.get_attribute("data-why") for one in said.all()} == {why}
    expect(page.locator("#sp-beside")).to_be_visible()
    expect(page.locator("#sp-retry")).to_be_visible(visible=why not in ("insecure", "old"))


# --- nothing an assistive tool stumbles over -------------------------------------------------------------


@full
@BOTH
def test_the_pages_of_a_call_under_axe(voices: Voices, language: str) -> None:
    """Both sides at each stage, wide and narrow."""
    public = voices.window(None, tone=TONES["caller"])
    cookie = {"name": ours.LANGUAGE_COOKIE_NAME, "value": language, "url": voices.url}
    public.add_cookies([cookie])  # type: ignore[list-item]
    asker = Visitor(public, language)
    asker.go(("/fr" if language == "fr" else "") + "/call/", whole=True)
    staff = Visitor(window(voices, "amina", language), language)
    staff.page.goto("/desk/")
    asker.page.fill("[name=words]", WORDS[language])
    asker.page.locator("#call-ways button[value=call]").click()
    expect(asker.page.locator("#call")).to_have_attribute("data-phase", "waiting")
    asker.look(whole=True)
    call = eventually(lambda: Call.objects.order_by("pk").last())
    expect(staff.page.locator("#ring")).to_be_visible()
    staff.look(whole=True)
    takes(staff.page, "amina", call)
    staff.look(whole=True)
    expect(asker.page.locator("#call")).to_have_attribute("data-phase", "talking")
    asker.look(whole=True)
    staff.page.keyboard.press("KeyH")
    expect(staff.page.locator("#call-band")).to_have_attribute("data-held", "1")
    staff.look(whole=True)
    staff.page.keyboard.press("KeyH")
    staff.page.keyboard.press("KeyT")  # its answer does not close what was opened meanwhile
    expect(staff.page.locator("#transfer-box")).to_be_visible()
    staff.look(whole=True)
    staff.page.keyboard.press("Escape")
    staff.page.keyboard.press("KeyX")
    expect(staff.page.locator("#end-yes")).to_be_focused()
    staff.look(whole=True)
    staff.page.keyboard.press("Enter")
    expect(staff.page.locator("#call-band[data-over]")).to_be_visible()
    staff.look(whole=True)
    expect(asker.page.locator("a[href$='?new']")).to_be_visible()
    asker.look(whole=True)
    assert asker.wrong + staff.wrong == []


# --- what a page says of a call is what the server says --------------------------------------------------------


class Sockets:
    """The live sockets of a page, which can be told to fall silent without closing."""

    def __init__(self) -> None:
        self.is_silent = False

    def pass_on(self, route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        server.on_message(lambda text: None if self.is_silent else route.send(text))


def cut_off(context: BrowserContext, how: str) -> Sockets:
    """`live`: pushes arrive. `silent`: the socket stands, nothing comes any more. `none`: there never was one."""
    sockets = Sockets()
    if how == "none":
        context.add_init_script("delete window.WebSocket")
    elif how == "silent":
        context.route_web_socket("**/live/", sockets.pass_on)
    return sockets


HOW = pytest.mark.parametrize("how", ["live", "silent", "none"])


def seconds(page: Page, shows: str) -> float:
    """Until the page shows it, since it was asked."""
    began = time.monotonic()
    while time.monotonic() - began < 15:
        with suppress(Error):  # the page may be on its way to the next
            if page.evaluate(shows):
                return time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"never: {shows}")


OVER = "document.querySelector('#call-band').dataset.kind === 'over'"
LIVE = "document.querySelector('#call-band').dataset.kind === 'live'"
LEFT = "!!document.querySelector(\"a[href$='?new']\")"
TALKS = "document.querySelector('#call').dataset.phase === 'talking'"


def rung(voices: Voices, how: str) -> tuple[Page, Call, Sockets]:
    """A caller on their own page, in line."""
    context = voices.window(None, tone=TONES["caller"])
    sockets = cut_off(context, how)
    page = context.new_page()
    page.goto("/call/")
    page.fill("[name=words]", WORDS["ar"])
    page.locator("#call-ways button[value=call]").click()
    expect(page.locator("#call")).to_have_attribute("data-phase", "waiting")
    return page, eventually(lambda: Call.objects.order_by("pk").last()), sockets


@full
@HOW
def test_the_card_says_in_time_what_became_of_the_call(voices: Voices, how: str) -> None:
    caller = a_caller(voices)
    call = caller.leg.call
    context = window(voices, "amina", "ar")
    sockets = cut_off(context, how)
    leg = actions.answer(call, by=voices.users["amina"], at=timezone.now())
    page = context.new_page()
    page.goto(f"/desk/calls/{call.pk}/")
    eventually(lambda: call.refresh_from_db() or call.state == "talking")
    begun = seconds(page, LIVE)
    phase(page, "talking")
    sockets.is_silent = True
    actions.set_hold(leg, True, at=timezone.now())
    held = seconds(page, "document.querySelector('#call-band').dataset.held === '1'")
    actions.set_hold(leg, False, at=timezone.now())
    back = seconds(page, "document.querySelector('#call-band').dataset.held === '0'")
    actions.end(caller.leg, at=timezone.now())
    over = seconds(page, OVER)
    print(f"{how}: begun {begun:.2f}, held {held:.2f}, back {back:.2f}, over {over:.2f} s")
    assert max(begun, held, back, over) <= SOON


@full
@HOW
def test_the_callers_page_says_in_time_what_became_of_the_call(voices: Voices, how: str) -> None:
    page, call, sockets = rung(voices, how)
    amina = voices.answer(call)
    eventually(lambda: call.refresh_from_db() or call.state == "talking")
    begun = seconds(page, TALKS)
    amina.until("caller")
    sockets.is_silent = True
    actions.set_hold(amina.leg, True, at=timezone.now())
    held = seconds(page, "document.querySelector('#call').dataset.phase === 'held'")
    actions.set_hold(amina.leg, False, at=timezone.now())
    back = seconds(page, TALKS)
    actions.end(amina.leg, at=timezone.now())
    over = seconds(page, LEFT)
    print(f"{how}: begun {begun:.2f}, held {held:.2f}, back {back:.2f}, over {over:.2f} s")
    assert max(begun, held, back, over) <= SOON


@full
@HOW
def test_a_call_that_changed_hands_is_not_shown_any_more(voices: Voices, how: str) -> None:
    """Elsewhere it goes on: here the card says that it is gone, and no voice is left."""
    caller = a_caller(voices)
    call = caller.leg.call
    context = window(voices, "amina", "ar")
    sockets = cut_off(context, how)
    actions.answer(call, by=voices.users["amina"], at=timezone.now())
    page = context.new_page()
    page.goto(f"/desk/calls/{call.pk}/")
    phase(page, "talking")
    sockets.is_silent = True
    actions.give_back(call, why=Why.TRANSFER, at=timezone.now(), by=voices.users["brahim"])
    gone = seconds(page, "document.querySelector('#call-band').dataset.kind === 'back'")
    ended = seconds(page, "document.documentElement.dataset.phase === 'ended'")
    print(f"{how}: {gone:.2f} s")
    assert gone + ended <= SOON
    assert not Leg.objects.here().filter(call=call, role=Leg.Role.ADVISOR).exists()
