"""`<Record>`: a message after the tone. Silence leaves nothing: the document goes on, no action.

A caller who hangs up while speaking leaves what was said; the action is told with Digits=hangup.
"""

from dataclasses import dataclass
from datetime import datetime

from telephony.simulator import parameters, room_recording
from telephony.simulator.documents import Verb
from telephony.simulator.posting import Form
from telephony.simulator.running import Run
from telephony.simulator.state import Call, Recording
from telephony.simulator.world import World


@dataclass
class Taking:
    run: Run
    verb: Verb
    began: datetime


def begin(run: Run, verb: Verb) -> None:
    call = run.call
    spoken = call.person.message(call, verb) if call.person else 0.0
    call.taking = Taking(run, verb, run.world.clock.now)
    if spoken <= 0:
        run.later(verb.number("timeout", 5), lambda: _nothing(call.taking))
        return
    most = verb.number("maxLength", 3600)
    run.later(min(spoken, most), lambda: _spoken(call.taking, "" if spoken >= most else "#"))


def hung_up(world: World, call: Call) -> None:
    taking, call.taking = call.taking, None
    if taking is None:
        return
    length = (world.clock.now - taking.began).total_seconds()
    if length >= 1:
        recording = _keep(world, call, taking.verb, length)
        form = parameters.voice(world.account, call) | _told(world, recording, "hangup")
        world.tell("record:action", taking.run.action(taking.verb)[0], form, call=call.sid)


def _nothing(taking: Taking) -> None:
    taking.run.call.taking = None
    taking.run.step()


def _spoken(taking: Taking, key: str) -> None:
    run, verb = taking.run, taking.verb
    world, call = run.world, run.call
    call.taking = None
    recording = _keep(world, call, verb, (world.clock.now - taking.began).total_seconds())
    url, method = run.action(verb)
    run.flow.ask("record", url, method, _told(world, recording, key))


def _keep(world: World, call: Call, verb: Verb, length: float) -> Recording:
    events = tuple(verb.get("recordingStatusCallbackEvent", "completed").split())
    recording = Recording(
        world.ids.new("RE"), call.sid, world.clock.now, "RecordVerb", status="processing",
        length=length, callback=verb.get("recordingStatusCallback"), events=events,
    )  # fmt: skip
    world.recordings[recording.sid] = recording
    world.note("recorded", call, recording=recording.sid, seconds=length)
    world.clock.after(room_recording.READY, lambda: room_recording.finish(world, recording))
    return recording


def _told(world: World, recording: Recording, key: str) -> Form:
    return {
        "RecordingUrl": parameters.media(world.account, recording), "Digits": key,
        "RecordingSid": recording.sid, "RecordingDuration": parameters.whole(recording.length),
    }  # fmt: skip
