"""The queue: who waits is asked again and again, may leave by a key, hang up, or be moved from outside."""

import pytest
from twilio.base.exceptions import TwilioRestException

from telephony.simulator.adversary import Adversary
from telephony.simulator.people import Scripted
from telephony.simulator.world import Complaint
from tests.telephony.simulator.centre import NUMBER, Server, client, simulator
from tests.telephony.simulator.words import BASE, twiml

CALLER = "+212600000001"
WAIT = twiml("<Pause length='10'/>")


@pytest.fixture
def server() -> Server:
    park = twiml('<Enqueue waitUrl="/wait" action="/queue">line</Enqueue><Redirect>/on</Redirect>')
    return Server({"/voice": park, "/wait": WAIT})


def waiting(world, *presses):
    call = world.ring(CALLER, NUMBER, Scripted(list(presses)))
    world.run(25)
    return call


def test_the_wait_document_is_asked_again_whenever_it_is_used_up(server, world):
    call = waiting(world)
    forms = server.asked("/wait")
    assert [form["QueueTime"] for form in forms] == ["0", "10", "20"]
    assert forms[0]["QueuePosition"] == "1"
    assert forms[0]["CurrentQueueSize"] == "1"
    assert {form["QueueSid"] for form in forms} == set(world.queues)
    assert call.member.queue.name == "line"


def test_places_and_average_are_told(server, world):
    first = waiting(world)
    world.ring("+212600000002", NUMBER)
    world.run(1)
    assert server.asked("/wait")[-1]["QueuePosition"] == "2"
    world.hang_up(first)
    world.run(20)
    last = server.asked("/wait")[-1]
    assert (last["QueuePosition"], last["CurrentQueueSize"]) == ("1", "1")
    assert int(last["AvgQueueTime"]) in (25, 26)


def test_a_hang_up_tells_the_action_and_the_number(server, world):
    call = waiting(world)
    world.hang_up(call)
    world.run()
    form = server.asked("/queue")[0]
    assert (form["QueueResult"], form["QueueTime"]) == ("hangup", "24")
    assert form["CallStatus"] == "completed"
    assert len(server.asked("/status")) == 1
    assert len(server.asked("/wait")) == 3


def test_a_key_leaves_to_the_action(server, world):
    server.answers["/wait"] = twiml('<Gather numDigits="1" action="/key"/><Pause length="9"/>')
    server.answers["/key"] = twiml("<Leave/>")
    server.answers["/queue"] = twiml("<Redirect>/after</Redirect>")
    waiting(world, None, "1")
    world.run()
    assert server.asked("/key")[0]["Digits"] == "1"
    assert server.asked("/queue")[0]["QueueResult"] == "leave"
    assert len(server.asked("/after")) == 1


def test_leave_without_an_action_goes_on_behind_the_queue(server, world):
    server.answers["/voice"] = twiml(
        '<Enqueue waitUrl="/wait">line</Enqueue><Redirect>/on</Redirect>'
    )
    server.answers["/wait"] = twiml('<Pause length="2"/><Leave/>')
    waiting(world)
    assert len(server.asked("/on")) == 1


def test_a_full_queue_says_so(server, world):
    server.answers["/voice"] = twiml(
        '<Enqueue maxQueueSize="1" waitUrl="/wait" action="/queue">line</Enqueue>'
    )
    waiting(world)
    world.ring("+212600000002", NUMBER)
    world.run(5)
    form = server.asked("/queue")[0]
    assert form["QueueResult"] == "queue-full"
    assert "QueueSid" not in form


def test_a_wait_address_may_answer_with_a_sound(server, world):
    server.answers["/wait"] = (200, "audio/mpeg", b"ID3")
    world.lengths = lambda verb: 12.0
    waiting(world)
    assert len(server.asked("/wait")) == 3


def test_a_wait_document_that_is_over_at_once_is_a_mistake(server, world):
    server.answers["/wait"] = twiml()
    world.ring(CALLER, NUMBER)
    with pytest.raises(Complaint, match="less than a second"):
        world.run(60)


def test_a_broken_wait_address_keeps_the_caller(server, world):
    server.answers["/wait"] = (503, "text/plain", b"")
    call = world.ring(CALLER, NUMBER)
    with pytest.raises(Complaint, match="5xx"):
        world.run(5)
    world.complaints.clear()
    server.answers["/wait"] = WAIT
    world.run(20)
    assert call.member is not None
    assert len(server.asked("/wait")) >= 2


@pytest.mark.parametrize(
    ("move_first", "order"), [(True, ["/enter", "/queue"]), (False, ["/queue", "/enter"])]
)
def test_after_a_move_either_request_may_come_first(server, move_first, order):
    world = simulator(server, adversary=Adversary(move_first=move_first))
    call = waiting(world)
    (queue,) = world.queues
    member = client(world).queues(queue).members(call.sid).update(url=f"{BASE}/enter")
    assert (member.position, member.call_sid) == (1, call.sid)
    server.answers["/enter"] = twiml('<Pause length="60"/>')
    world.run(10)
    assert [one.path for one in server.seen if one.path in ("/enter", "/queue")] == order
    assert server.asked("/queue")[0]["QueueResult"] == "redirected"
    assert call.status == "in-progress"
    assert len(server.asked("/wait")) == 3


def test_an_action_that_competes_with_the_move_is_a_mistake(server, world):
    call = waiting(world)
    server.answers["/queue"] = twiml("<Hangup/>")
    server.answers["/enter"] = twiml('<Pause length="60"/>')
    client(world).queues(next(iter(world.queues))).members(call.sid).update(url=f"{BASE}/enter")
    with pytest.raises(Complaint, match="moved call answers <Hangup>"):
        world.run(10)


def test_an_answer_on_its_way_when_the_caller_is_moved_is_worth_nothing(server, world):
    """The wait address answers with a document after the move: it must not take the caller back."""
    call = world.ring(CALLER, NUMBER)
    moved = []

    def wait(form):
        if not moved:
            moved.append(client(world).calls(call.sid).update(twiml=twiml('<Pause length="99"/>')))
        return WAIT

    server.answers["/wait"] = wait
    world.run(50)
    assert len(server.asked("/wait")) == 1
    assert call.inner.run is None
    assert call.main.run.document.verbs[0].get("length") == "99"


def test_an_inline_move_leaves_the_queue_at_once(server, world):
    call = waiting(world)
    client(world).calls(call.sid).update(twiml=twiml("<Hangup/>"))
    world.run()
    assert call.status == "completed"
    assert [form["QueueResult"] for form in server.asked("/queue")] == ["redirected"]


def test_who_hung_up_cannot_be_moved(server, world):
    call = waiting(world)
    (queue,) = world.queues
    world.hang_up(call)
    with pytest.raises(TwilioRestException) as refused:
        client(world).queues(queue).members(call.sid).update(url=f"{BASE}/enter")
    assert (refused.value.code, refused.value.status) == (21220, 400)


def test_members_are_listed_first_come_first(server, world):
    waiting(world)
    world.ring("+212600000002", NUMBER)
    world.run(5)
    rest = client(world)
    (queue,) = rest.queues.list()
    assert (queue.friendly_name, queue.current_size) == ("line", 2)
    members = rest.queues(queue.sid).members.list()
    assert [one.position for one in members] == [1, 2]
    assert rest.queues(queue.sid).members("Front").fetch().call_sid == members[0].call_sid
