"""Voices in real Chromium: whose tone arrives at whose ears, through every act of a call."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from helpdesk.queues.models import Waiting
from telephony import actions, jobs
from telephony.facts import Why
from telephony.models import Leg
from telephony.providers.web.models import Description, Link
from tests.browser.voices import Voices, chromium, eventually, voices

__all__ = ["chromium", "voices"]
pytestmark = pytest.mark.browser
SOON = 3.0
"""Seconds within which both pages show what happened to the call."""
GAP = 0.5
"""Seconds of silence after a call was handed over, a busy machine allowed for."""


def test_both_hear_each_other_and_the_end_ends_both(voices: Voices) -> None:
    caller, amina = voices.talk()
    call = caller.leg.call
    eventually(lambda: call.refresh_from_db() or call.state == "talking")
    assert (caller.phase(), amina.phase()) == ("talking", "talking")
    actions.end(amina.leg, at=timezone.now())
    assert caller.until_phase("ended") < SOON
    assert amina.until_phase("ended") < SOON
    assert not Description.objects.exists()


@pytest.mark.full
def test_the_caller_hangs_up(voices: Voices) -> None:
    caller, amina = voices.talk()
    actions.end(caller.leg, at=timezone.now())
    assert amina.until_phase("ended") < SOON
    assert caller.until_phase("ended") < SOON


@pytest.mark.full
def test_mute_silences_and_back(voices: Voices) -> None:
    caller, amina = voices.talk()
    actions.set_mute(amina.leg, True, at=timezone.now())
    print("mute", caller.until())
    amina.stays("caller", seconds=0.5)
    actions.set_mute(amina.leg, False, at=timezone.now())
    print("back", caller.until("amina"))
    caller.page.evaluate("line.setMuted(true)")
    amina.until()
    time.sleep(3)
    assert (amina.phase(), caller.phase()) == ("talking", "talking"), "packets of silence go on"
    caller.page.evaluate("line.setMuted(false)")
    amina.until("caller")


@pytest.mark.full
def test_hold_silences_both_and_the_caller_plays_music(voices: Voices) -> None:
    caller, amina = voices.talk()
    actions.set_hold(amina.leg, True, at=timezone.now())
    print("hold", caller.until(), amina.until())
    assert caller.page.evaluate("[line.phase, line.music]") == ["held", "hold"]
    actions.set_hold(amina.leg, False, at=timezone.now())
    print("back", caller.until("amina"), amina.until("caller"))
    assert caller.page.evaluate("line.music") == ""


@pytest.mark.full
def test_a_warm_transfer_reaches_the_second_advisor_without_a_gap(voices: Voices) -> None:
    caller, amina = voices.talk()
    asked = actions.consult(amina.leg, to=voices.users["salma"], at=timezone.now())
    actions.accept(asked, at=timezone.now())
    salma = voices.open(asked)
    salma.until("amina")
    amina.until("salma")
    caller.stays(seconds=0.5)
    phases = [voice.page.evaluate("[line.phase, line.music]") for voice in (caller, amina, salma)]
    assert phases == [["held", "hold"], ["held", ""], ["talking", ""]]
    caller.watch("salma")
    salma.watch("caller")
    began = time.time()
    actions.hand_over(amina.leg, at=timezone.now(), words="تتمة")
    acted = time.time() - began
    gaps = [voice.silence(began) for voice in (caller, salma)]
    print(f"silent: the caller {gaps[0]:.2f} s, Salma {gaps[1]:.2f} s; of it the act {acted:.2f} s")
    assert max(gaps) - acted < GAP
    caller.until("salma")
    salma.until("caller")
    assert amina.until_phase("ended") < SOON
    call = caller.leg.call
    eventually(lambda: call.refresh_from_db() or call.state == "talking")
    assert (call.user, call.turn) == (voices.users["salma"], 2)
    assert jobs.timers_due(at=timezone.now() + timedelta(seconds=13)) >= 0
    call.refresh_from_db()
    assert call.state == "talking"


@pytest.mark.full
def test_a_cold_transfer_reaches_the_second_advisor(voices: Voices) -> None:
    caller, amina = voices.talk()
    call = caller.leg.call
    actions.give_back(call, why=Why.TRANSFER, at=timezone.now(), by=voices.users["amina"])
    print("back in line", caller.until_phase("waiting"))
    assert caller.page.evaluate("line.music") == "queue"
    salma = voices.answer(call, "salma")
    caller.until("salma")
    salma.until("caller")
    assert amina.phase() == "ended"


@pytest.mark.full
def test_a_supervisor_hears_both_and_is_heard_only_when_speaking(voices: Voices) -> None:
    caller, amina = voices.talk()
    call, brahim = caller.leg.call, voices.users["brahim"]
    listening = voices.open(actions.listen(call, by=brahim, at=timezone.now()))
    listening.until("caller", "amina")
    caller.stays("amina", seconds=0.5)
    amina.stays("caller", seconds=0.5)
    actions.listen(call, by=brahim, at=timezone.now(), mode=Leg.Mode.WHISPER)
    amina.until("caller", "brahim")
    caller.stays("amina", seconds=0.7)
    actions.listen(call, by=brahim, at=timezone.now(), mode=Leg.Mode.BARGE)
    print("barge", caller.until("amina", "brahim"))
    listening.stays("caller", "amina", seconds=0.5)
    actions.set_hold(amina.leg, True, at=timezone.now())
    caller.until()
    amina.page.reload()
    actions.set_hold(amina.leg, False, at=timezone.now())
    caller.until("amina", "brahim")
    amina.until("caller", "brahim")
    listening.until("caller", "amina")
    actions.end(listening.leg, at=timezone.now())
    caller.until("amina")
    assert listening.until_phase("ended") < SOON


@pytest.mark.full
def test_a_listener_goes_on_with_the_next_advisor(voices: Voices) -> None:
    caller, amina = voices.talk()
    call, brahim = caller.leg.call, voices.users["brahim"]
    listening = voices.open(actions.listen(call, by=brahim, at=timezone.now()))
    listening.until("caller", "amina")
    asked = actions.consult(amina.leg, to=voices.users["salma"], at=timezone.now())
    actions.accept(asked, at=timezone.now())
    salma = voices.open(asked)
    listening.until("amina", "salma")
    actions.hand_over(amina.leg, at=timezone.now())
    caller.until("salma")
    listening.until("caller", "salma")
    salma.until("caller")
    salma.stays("caller", seconds=0.5)


@pytest.mark.full
@pytest.mark.parametrize("who", ["caller", "amina"])
def test_a_reload_goes_on(voices: Voices, who: str) -> None:
    caller, amina = voices.talk()
    gone = caller if who == "caller" else amina
    gone.page.reload()
    began = time.monotonic()
    caller.until("amina")
    amina.until("caller")
    print(f"{who} again after", time.monotonic() - began)
    assert Link.objects.open().count() == 1


@pytest.mark.full
def test_the_newest_tab_has_the_call(voices: Voices) -> None:
    caller, amina = voices.talk()
    again = voices.open(caller.leg)
    again.until("amina")
    amina.until("caller")
    caller.until_phase("elsewhere")
    assert caller.hears() == set()


@pytest.mark.full
def test_a_crashed_page_of_the_advisor_puts_the_caller_first(
    voices: Voices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_begun", time.monotonic() - 60)
    caller, amina = voices.talk()
    later = voices.call()
    _crash(amina.page)
    print("told after", caller.until_phase("reconnecting"))
    assert caller.page.evaluate("line.music") == "lost"
    eventually(lambda: amina.leg.refresh_from_db() or amina.leg.silent_since)
    jobs.timers_due(at=timezone.now() + timedelta(seconds=21))
    call = caller.leg.call
    call.refresh_from_db()
    assert call.state == "waiting"
    caller.until_phase("waiting")
    line = list(Waiting.objects.now().order_by("since").values_list("ticket", flat=True))
    assert line == [call.ticket_id, later.ticket_id]
    salma = voices.answer(call, "salma")
    caller.until("salma")
    salma.until("caller")


def _crash(page: Page) -> None:
    """The page's process dies, as by want of memory."""
    from contextlib import suppress

    with suppress(Exception):
        page.goto("chrome://crash", timeout=2000)


@pytest.mark.full
def test_a_page_left_and_come_back_goes_on(voices: Voices) -> None:
    caller, amina = voices.talk()
    amina.page.goto("/healthz")
    eventually(lambda: amina.leg.refresh_from_db() or amina.leg.silent_since)
    caller.until_phase("reconnecting")
    amina.page.go_back()
    caller.until("amina")
    amina.until("caller")
    eventually(lambda: amina.leg.refresh_from_db() or amina.leg.silent_since is None)


@pytest.mark.full
def test_a_reply_that_is_lost_costs_nothing(voices: Voices) -> None:
    """The server kept the description, the page never heard so."""
    lost: set[str] = set()

    def lose(route: Any) -> None:
        kind = route.request.url.rsplit("/", 2)[1]
        if kind in lost:
            route.continue_()
            return
        lost.add(kind)
        route.fetch()
        route.abort()

    call = voices.call()
    caller = voices.caller(call)
    caller.page.route("**/answer/", lose)
    leg = actions.answer(call, by=voices.users["amina"], at=timezone.now())
    amina = voices.open(leg, losing=lose)
    caller.until("amina")
    amina.until("caller")
    assert lost == {"offer", "answer"}
    assert Link.objects.get().round == 1


@pytest.mark.full
def test_a_page_that_comes_to_an_ended_call_is_told(voices: Voices) -> None:
    caller, amina = voices.talk()
    actions.end(amina.leg, at=timezone.now())
    caller.until_phase("ended")
    caller.page.reload()
    caller.until_phase("ended")


CODES = {
    "NotAllowedError": "refused", "NotFoundError": "no-device", "NotReadableError": "in-use",
}  # fmt: skip


@pytest.mark.full
def test_what_is_wrong_with_a_microphone_has_a_name(voices: Voices) -> None:
    page: Any = voices.caller().page
    for name, code in CODES.items():
        said = page.evaluate(
            """name => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name));
            return WaslLine.microphone().catch(error => error.code); }""",
            name,
        )
        assert said == code
