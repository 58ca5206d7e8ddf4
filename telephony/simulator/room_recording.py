"""Recordings of rooms and calls that nobody spoke a `<Record>` for: begun, paused, stopped, told."""

from telephony.simulator import parameters
from telephony.simulator.state import Conference, Recording
from telephony.simulator.world import World

READY = 2.0
"""Seconds from the end of the sound until it can be fetched."""


def begin(
    world: World, room: Conference | None, callback: str, *, call: str = "",
    events: tuple[str, ...] = ("completed",), channels: int = 1,
) -> Recording:  # fmt: skip
    source = "Conference" if room and not call else "StartCallRecordingAPI"
    recording = Recording(
        world.ids.new("RE"), call, world.clock.now, source, room.sid if room else "",
        channels=channels, callback=callback, events=events, running=world.clock.now,
    )  # fmt: skip
    world.recordings[recording.sid] = recording
    if room and not call:
        room.recording = recording
    tell(world, recording, "in-progress")
    return recording


def pause(world: World, recording: Recording) -> None:
    _count(world, recording)
    recording.status = "paused"


def resume(world: World, recording: Recording) -> None:
    recording.status, recording.running = "in-progress", world.clock.now


def stop(world: World, recording: Recording) -> None:
    """The sound is complete a moment later."""
    if recording.status not in ("in-progress", "paused"):
        return
    _count(world, recording)
    recording.status = "processing"
    world.clock.after(READY, lambda: finish(world, recording))


def finish(world: World, recording: Recording) -> None:
    recording.status = "completed" if recording.length >= 1 else "absent"
    tell(world, recording, recording.status)


def tell(world: World, recording: Recording, event: str) -> None:
    if recording.callback and event in recording.events:
        form = parameters.recording(world.account, recording)
        world.tell(f"recording:{event}", recording.callback, form, call=recording.call)


def _count(world: World, recording: Recording) -> None:
    if recording.running:
        recording.length += (world.clock.now - recording.running).total_seconds()
        recording.running = None
