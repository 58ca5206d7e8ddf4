"""Every request that our client makes of Twilio, refused in every way: nobody is lost, moved or called twice.

The methods are read from the client: a new one without a story here fails. 429, 5xx and a refused connection
happen before Twilio has done it, a time-out and a cut answer after it.
"""

import inspect
import itertools
from collections import Counter
from typing import Any

import pytest

from helpdesk.accounts.models import Audit
from helpdesk.files.models import StoredFile
from helpdesk.notices.models import Notice
from helpdesk.tickets.models import Entry
from telephony.comparisons import Comparison
from telephony.facts import State
from telephony.models import Call
from telephony.providers.twilio import strays
from telephony.providers.twilio.client import Rest
from telephony.providers.twilio.models import Media, Order, Stray, Tape
from telephony.recordings import Recording
from telephony.simulator import truth
from telephony.simulator.rest import faults
from tests.telephony.twilio import network as n
from tests.telephony.twilio.plots import Story
from tests.telephony.twilio.world import build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.full]

METHODS: dict[str, tuple[str, tuple[str, ...]]] = {
    "take_from_line": ("talk", ("member_move",)),
    "send_to": ("given_back", ("call_update",)),
    "end": ("ended_by_us", ("call_update",)),
    "tell": ("hold", ("participant_update",)),
    "drop": ("handed_over", ("participant_delete",)),
    "close": ("talk", ("conference_update",)),
    "status_of": ("unheard", ("call_fetch",)),
    "in_room": ("unheard_room", ("conference_list", "participant_list")),
    "call_into": ("dialled", ("participant_create",)),
    "labelled": ("dialled_unsure", ("conference_list", "participant_list")),
    "read": ("checked", ("account_fetch",)),
    "calls_of": ("nights", ("call_list",)),
    "recordings_of": ("nights", ("recording_list",)),
    "texts_of": ("nights", ("message_list",)),
    "room_named": ("unheard_room", ("conference_list",)),
    "text": ("written", ("message_create",)),
    "sound": ("message", ("recording_sound",)),
    "forget": ("message", ("recording_delete",)),
    "begin_tape": ("taped", ("recording_start",)),
    "set_tape": ("taped", ("recording_update",)),
    "tapes_under_way": ("taped_unsure", ("recording_list",)),
    "recordings_since": ("strange", ("recording_list",)),
    "media": ("files", ("media_content", "stored")),
    "forget_media": ("files", ("media_delete",)),
}
"""Of each method a story in which it is used, and what Twilio is asked by it."""
MORE = [
    ("set_tape", "rests", "recording_update"),
    ("set_tape", "taken_back", "recording_update"),
    ("begin_tape", "taken_back", "recording_start"),
]
"""Other stories in which a method has to hold."""
CASES = [
    (method, plot, fault, name)
    for method, plot, name in [
        *((method, plot, name) for method, (plot, names) in METHODS.items() for name in names),
        *MORE,
    ]
    for fault in faults.KINDS
]
TRIES = 2
"""So many times in a row it fails."""
TAPED = ("taped", "taped_unsure", "rests", "taken_back")
"""Stories in which callers are asked whether they may be recorded."""
LATE = 5
"""Seconds by which it is done later then: pauses of one and two, and the sweep's own second."""


@pytest.fixture
def story(line: Any, amina: Any, senior: Any, monkeypatch: Any, settings: Any) -> Story:
    settings.ALLOWED_HOSTS = ["*"]
    world, desk = build([amina, senior], monkeypatch, seed=7)
    return Story(n.with_texts(world), desk, amina, senior)


def test_every_method_of_the_client_has_a_story() -> None:
    found = {name for name, _ in inspect.getmembers(Rest, callable) if not name.startswith("_")}
    assert found == METHODS.keys()


@pytest.mark.parametrize(("method", "plot", "fault", "name"), CASES)
def test_it_fails_and_all_ends_well(
    method: str, plot: str, fault: str, name: str, story: Story, settings: Any
) -> None:
    world, settings.RECORD_CALLS = story.world, plot in TAPED
    world.rest.faults.then(fault, name, times=TRIES)
    story.run(plot)
    failed = [one for kind, one in world.rest.faults.done if kind == fault and one == name]
    assert failed, "the story does not ask for it"
    told = truth.tell(world.history, world.clock.now, whole=True)
    assert (told.lost == []) is (plot != "nights")
    _nobody_twice(world)
    _backs_off(world, name, fault)
    _ENDS[plot](world, told, fault)
    if plot == "strange":
        _alarms(story, fault)
    assert not Order.objects.open().exclude(kind="look").exists()
    assert not Order.objects.set_aside().exists()


def _nobody_twice(world: Any) -> None:
    """Into each room everybody comes once; each text leaves once."""
    joined = Counter(
        (one.call, one.detail["room"]) for one in world.history if one.what == "joined"
    )
    assert set(joined.values()) <= {1}
    sent = [one for one in world.messages.values() if one.direction != "inbound"]
    assert len(sent) <= 1


def _backs_off(world: Any, name: str, fault: str) -> None:
    """Between a request that changes something and failed, and the next of its kind, at least a second passes."""
    asked = [one for one in world.rest.log if one.method != "GET"]
    for before, after in itertools.pairwise(asked):
        if before.fault == fault and before.path == after.path:
            assert (after.at - before.at).total_seconds() >= 1


def _talked(world: Any, told: truth.Truth, fault: str) -> None:
    call = Call.objects.get()
    spoken = next(iter(told.calls.values())).conversations
    assert call.state == State.WRAP_UP
    # Hold, and the end of the room, come as late as they are asked for again.
    assert abs(sum(one.seconds for one in spoken) - call.talk_seconds) <= LATE
    assert all(one.over for one in world.calls.values())


def _one_tape(world: Any, told: truth.Truth, fault: str) -> None:
    """One recording, of what was said while it might be; it is here, and no more there."""
    _talked(world, told, fault)
    (there,) = world.recordings.values()
    tape, kept = Tape.objects.get(), Recording.objects.get()
    assert (tape.sid, there.status, there.deleted) == (there.sid, "completed", True)
    assert abs(kept.seconds - there.length) <= 1
    assert kept.consent_id == tape.consent_id
    assert Audit.objects.filter(act="deleted-at-provider").count() == 1


def _held(world: Any, told: truth.Truth, fault: str) -> None:
    """What was said before and after the hold, which is no time of talk; nothing of the fifteen seconds between."""
    _one_tape(world, told, fault)
    assert abs(Recording.objects.get().seconds - Call.objects.get().talk_seconds) <= LATE + 2


def _rested(world: Any, told: truth.Truth, fault: str) -> None:
    """It rests although the answer was lost: what was said after is nowhere."""
    _one_tape(world, told, fault)
    assert abs(Recording.objects.get().seconds - (Call.objects.get().talk_seconds - 30)) <= LATE + 2


def _not_any_more(world: Any, told: truth.Truth, fault: str) -> None:
    """What ran is stopped, at the latest when it is asked for again; nothing begins after."""
    _talked(world, told, fault)
    assert len(world.recordings) <= 1
    assert all(one.length <= 2 + LATE for one in world.recordings.values())
    assert all(one.deleted or one.status == "absent" for one in world.recordings.values())
    assert Recording.objects.count() == sum(one.deleted for one in world.recordings.values())


def _alarms(story: Story, fault: str) -> None:
    """Looked for in vain it is found by the next look, and is an alarm until it is gone, not until a look fails."""
    (there,) = story.world.recordings.values()
    assert story.looked == [0, 0, 1]
    assert Stray.objects.get().sid == there.sid
    story.world.rest.faults.then(fault, "recording_list")
    assert story.look(4) == 0
    assert strays.open_strays() == 1
    there.deleted = True
    assert story.look(5) == strays.open_strays() == 0


def _one_file(world: Any, told: truth.Truth, fault: str) -> None:
    """Kept once, and deleted there."""
    (message,) = (one for one in world.messages.values() if one.direction == "inbound")
    entry = Entry.objects.get(key=f"text:{message.sid}")
    assert (entry.files.count(), entry.data["coming"], entry.data.get("not_taken")) == (1, 0, None)
    assert StoredFile.objects.count() == 1
    assert message.files == {}
    assert not Media.objects.open().exists()
    assert Audit.objects.filter(act="deleted-at-provider").count() == 1


def _given_up(world: Any, told: truth.Truth, fault: str) -> None:
    assert Call.objects.get().state in (State.ABANDONED, State.FAILED)
    assert all(one.over for one in world.calls.values())


def _left_message(world: Any, told: truth.Truth, fault: str) -> None:
    assert Recording.objects.get().seconds == 12
    assert [one.deleted for one in world.recordings.values()] == [True]


def _called_once(world: Any, told: truth.Truth, fault: str) -> None:
    """Whoever was called is spoken with, or the call is called off; nobody's telephone rings twice."""
    made = [one for one in world.calls.values() if one.direction == "outbound-api"]
    call = Call.objects.get()
    assert len(made) <= 1
    assert all(one.over for one in world.calls.values())
    assert call.state == (State.WRAP_UP if told.outcomes().get("talked") else State.FAILED)
    if fault in (faults.LIMITED, faults.REFUSED):
        assert len(made) == 1


def _nothing(world: Any, told: truth.Truth, fault: str) -> None:
    assert not Call.objects.exists()


def _one_text(world: Any, told: truth.Truth, fault: str) -> None:
    """Where it surely has not left it is tried again; else it is told as not sent, until the network says
    that it was."""
    notice = Notice.objects.get()
    may_have_left = fault not in (faults.LIMITED, faults.REFUSED)
    assert len(world.messages) == (0 if fault == faults.BROKEN else 1)
    assert notice.state == (Notice.State.FAILED if may_have_left else Notice.State.DELIVERED)
    if len(world.messages):
        n.night()
        notice.refresh_from_db()
        assert notice.state == Notice.State.DELIVERED


def _compared(world: Any, told: truth.Truth, fault: str) -> None:
    """The night's first answer failed: nothing was written, and the next beat has it."""
    assert not Comparison.objects.exists()
    n.night()
    n.night()
    assert [one["mended"] for one in Comparison.objects.get().found] == [True]


_ENDS = {
    "talk": _talked, "hold": _talked, "given_back": _talked, "handed_over": _talked,
    "unheard_room": _talked, "ended_by_us": _given_up, "unheard": _given_up,
    "message": _left_message, "written": _one_text, "nights": _compared,
    "dialled": _called_once, "dialled_unsure": _called_once, "checked": _nothing,
    "taped": _held, "taped_unsure": _held, "rests": _rested, "taken_back": _not_any_more,
    "strange": _talked, "files": _one_file,
}  # fmt: skip
