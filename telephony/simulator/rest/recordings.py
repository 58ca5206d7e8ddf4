"""Recordings: begun on a call, paused, stopped, listed, fetched as sound, deleted.

Deleting takes the sound; what it was can be listed for 40 days more. The sound here is silence of
the right length, 8000 bytes a second, so that a copy can be checked.
"""

import io
import wave

from telephony.simulator import room_recording
from telephony.simulator.rest import calls, errors, showing
from telephony.simulator.rest.asked import Reply, Request, route
from telephony.simulator.state import Recording

RATE = 8000
STATES = frozenset({"in-progress", "paused", "stopped"})


def _found(request: Request) -> Recording:
    name = request.ids["RecordingSid"]
    recordings = request.world.recordings
    if name == "Twilio.CURRENT":
        running = [
            one for one in recordings.values()
            if one.status in ("in-progress", "paused") and request.ids["CallSid"] == one.call
        ]  # fmt: skip
        name = running[-1].sid if running else ""
    if name not in recordings:
        raise errors.not_found(request.path)
    return recordings[name]


def recording_start(request: Request) -> Reply:
    call, fields, world = calls.found(request), request.fields, request.world
    if call.status != "in-progress":
        raise errors.Refusal(400, 21220, "The call is not in progress")
    channels = {"mono": 1, "dual": 2}.get(fields.one("RecordingChannels", "mono"))
    if channels is None:
        raise errors.wrong("RecordingChannels", fields.one("RecordingChannels"))
    events = fields.all("RecordingStatusCallbackEvent", ("completed",))
    recording = room_recording.begin(
        world, None, fields.one("RecordingStatusCallback"), call=call.sid, events=events,
        channels=channels,
    )  # fmt: skip
    return Reply(201, showing.recording(world.account, recording))


def recording_update(request: Request) -> Reply:
    recording, world = _found(request), request.world
    wanted = request.fields.one("Status")
    if wanted not in STATES:
        raise errors.wrong("Status", wanted)
    if recording.status not in ("in-progress", "paused"):
        raise errors.Refusal(400, 21220, "The recording is over")
    if wanted == "stopped":
        room_recording.stop(world, recording)
    elif wanted == "paused" and recording.status == "in-progress":
        room_recording.pause(world, recording)
    elif wanted == "in-progress" and recording.status == "paused":
        room_recording.resume(world, recording)
    return Reply(200, showing.recording(world.account, recording))


def recording_fetch(request: Request) -> Reply:
    return Reply(200, showing.recording(request.world.account, _found(request)))


def recording_delete(request: Request) -> Reply:
    recording = _found(request)
    if recording.status in ("in-progress", "paused", "processing"):
        raise errors.Refusal(409, 20409, "The recording is still under way")
    recording.deleted = True
    request.world.note("sound deleted", recording=recording.sid)
    return Reply(204)


def recording_list(request: Request) -> Reply:
    fields = request.fields
    call = request.ids.get("CallSid") or fields.one("CallSid")
    room = request.ids.get("ConferenceSid") or fields.one("ConferenceSid")
    rows = [
        showing.recording(request.world.account, one)
        for one in request.world.recordings.values()
        if (not call or one.call == call) and (not room or one.room == room)
        and (not one.deleted or fields.truth("IncludeSoftDeleted"))
        and calls.within(fields, "DateCreated", one.created)
    ]  # fmt: skip
    return showing.page(request, "recordings", rows)


def recording_sound(request: Request) -> Reply:
    recording = _found(request)
    if recording.deleted or recording.status != "completed":
        raise errors.not_found(request.path)
    return Reply(200, sound(recording), "audio/x-wav")


def sound(recording: Recording) -> bytes:
    kept = io.BytesIO()
    with wave.open(kept, "wb") as file:
        file.setnchannels(recording.channels)
        file.setsampwidth(1)
        file.setframerate(RATE)
        file.writeframes(b"\x80" * (int(recording.length * RATE) * recording.channels))
    return kept.getvalue()


ALL = f"{calls.BASE}/Recordings"
OF_CALL = f"{calls.BASE}/Calls/{{CallSid}}/Recordings"
OF_ROOM = f"{calls.BASE}/Conferences/{{ConferenceSid}}/Recordings"
ROUTES = (
    route("POST", f"{OF_CALL}.json", recording_start,
          "RecordingStatusCallback RecordingStatusCallbackEvent RecordingStatusCallbackMethod "
          "RecordingChannels Trim RecordingTrack"),
    route("POST", f"{OF_CALL}/{{RecordingSid}}.json", recording_update,
          "Status PauseBehavior"),
    route("POST", f"{OF_ROOM}/{{RecordingSid}}.json", recording_update, "Status PauseBehavior"),
    route("GET", f"{OF_CALL}/{{RecordingSid}}.json", recording_fetch),
    route("DELETE", f"{OF_CALL}/{{RecordingSid}}.json", recording_delete),
    route("GET", f"{OF_ROOM}/{{RecordingSid}}.json", recording_fetch),
    route("DELETE", f"{OF_ROOM}/{{RecordingSid}}.json", recording_delete),
    route("GET", f"{OF_CALL}.json", recording_list, calls.PAGED),
    route("GET", f"{OF_ROOM}.json", recording_list, calls.PAGED),
    route("GET", f"{ALL}.json", recording_list,
          f"CallSid ConferenceSid IncludeSoftDeleted DateCreated> DateCreated< {calls.PAGED}"),
    route("GET", f"{ALL}/{{RecordingSid}}.json", recording_fetch),
    route("DELETE", f"{ALL}/{{RecordingSid}}.json", recording_delete),
    route("GET", f"{ALL}/{{RecordingSid}}.wav", recording_sound, "RequestedChannels"),
    route("GET", f"{ALL}/{{RecordingSid}}", recording_sound),
)  # fmt: skip
