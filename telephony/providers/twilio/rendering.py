"""Scripts in the words of Twilio: documents with whole addresses. The library is loaded with the first."""

from collections.abc import Mapping
from typing import Any

from telephony.providers.twilio import scripts as s
from telephony.providers.twilio.account import address
from telephony.providers.twilio.speaking import VOICES, Recorded, text_of

ASKED = "#rt=7000&rc=1&rp=all"
"""Of an address that is asked for a document: so long is waited, so often is it tried again."""
TOLD = "#rt=4000&rc=3&rp=all"
"""Of an address that is told what happened."""
LINE = "wasl"
"""All callers stand in one line of Twilio's: who is next is ours to say."""
ROOM_EVENTS = "start end join leave"
LARGEST = 64_000
"""Characters of a document."""


def render(script: s.Script, *, recorded: Recorded | None = None) -> str:
    """The document. `recorded`: prompts of which there is a recording."""
    from twilio.twiml.voice_response import VoiceResponse

    response = VoiceResponse()
    for step in script:
        _add(response, step, recorded or {})
    return str(response)


def reply(words: str) -> str:
    """What is answered to a message that came in; no words, no message."""
    from twilio.twiml.messaging_response import MessagingResponse

    response = MessagingResponse()
    if words:
        response.message(words)
    return str(response)


def _add(node: Any, step: s.Step, recorded: Recorded) -> None:
    match step:
        case s.Say():
            _say(node, step, recorded)
        case s.Music():
            _music(node, step, recorded)
        case s.Menu():
            _menu(node, step, recorded)
        case s.Park():
            node.enqueue(
                LINE, action=address(step.left) + ASKED, wait_url=address(step.wait) + ASKED
            )
        case s.Room():
            _room(node, step)
        case s.Record():
            node.record(
                action=address(step.then) + ASKED, max_length=step.longest, play_beep=True,
                finish_on_key="#", timeout=10, trim="do-not-trim",
                recording_status_callback=address(step.kept) + TOLD,
                recording_status_callback_event="completed absent",
            )  # fmt: skip
        case s.GoTo():
            node.redirect(address(step.to) + ASKED)
        case s.Leave():
            node.leave()
        case s.HangUp():
            node.hangup()


def _say(node: Any, step: s.Say, recorded: Recorded) -> None:
    path = recorded.get((step.prompt, step.language))
    if path:
        node.play(address(path))
    else:
        voice, language = VOICES[step.language]
        node.say(text_of(step), voice=voice, language=language)


def _music(node: Any, step: s.Music, recorded: Recorded) -> None:
    """Music is a prompt of every language."""
    path = next((recorded[key] for key in recorded if key[0] == "music"), "")
    if path:
        node.play(address(path))
    else:
        node.pause(length=step.seconds)


def _menu(node: Any, step: s.Menu, recorded: Recorded) -> None:
    empty: Mapping[str, Any] = {"action_on_empty_result": True} if step.tells_silence else {}
    gather = node.gather(
        action=address(step.to) + ASKED, num_digits=1, timeout=step.seconds, input="dtmf", **empty
    )
    for one in step.says:
        _add(gather, one, recorded)


def _room(node: Any, step: s.Room) -> None:
    more = {"coach": step.whispers_to} if step.whispers_to else {}
    node.dial().conference(
        step.name, participant_label=step.label, muted=step.muted, beep="false", wait_url="",
        start_conference_on_enter=True, end_conference_on_exit=step.ends,
        status_callback=address(step.events) + TOLD, status_callback_event=ROOM_EVENTS, **more,
    )  # fmt: skip
