"""Files of SMS and WhatsApp messages: fetched by ids, kept as any upload, deleted at Twilio with proof."""

import hashlib
import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from PIL import Image

from helpdesk.accounts.models import Audit
from helpdesk.files.actions import path_of
from helpdesk.files.models import StoredFile
from helpdesk.notices.models import Notice
from helpdesk.tickets.models import Entry
from telephony.providers.twilio import client, media, reaching
from telephony.providers.twilio.models import Media
from telephony.providers.twilio.reaching import NotTaken
from telephony.simulator.rest import faults
from telephony.simulator.simulator import Simulator
from telephony.simulator.state import Hooks
from tests import make
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio import openapi_check
from tests.telephony.twilio.answers import Answers
from tests.telephony.twilio.world import at as at_world
from tests.telephony.twilio.world import build

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("line")]
WHO = f"whatsapp:{c.CALLER}"
TO = f"whatsapp:{c.WHATSAPP_NUMBER}"
HOOK = f"{c.PUBLIC}/hooks/twilio/"
EXE = b"MZ\x90\x00" + bytes(200)


def picture(colour: str = "red") -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (20, 20), colour).save(kept, "JPEG")
    return kept.getvalue()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> Simulator:
    settings.ALLOWED_HOSTS, settings.MEDIA_ROOT = ["*"], tmp_path
    world, _desk = build([], monkeypatch, seed=1)
    for number in (c.SMS_NUMBER, TO):
        world.account.numbers[number] = Hooks("", message=f"{HOOK}text/")
    return world


def sweep(world: Simulator, seconds: float = 0) -> int:
    with at_world(world):
        return media.fetch_due(at=world.clock.now + timedelta(seconds=seconds))


def arrives(world: Simulator, *contents: bytes, words: str = "Voici", sender: str = WHO) -> Any:
    to = TO if sender.startswith("whatsapp:") else c.SMS_NUMBER
    message = world.text(sender, to, words, files=[("image/jpeg", one) for one in contents])
    world.run(2)
    return message


def asked(world: Simulator) -> list[tuple[str, str]]:
    return [
        (one.method, one.path)
        for one in world.rest.log
        if "Media" in one.path or "stored" in one.path
    ]


def test_files_hang_on_the_entry_of_their_message_and_are_gone_at_twilio(world: Simulator) -> None:
    red, blue = picture(), picture("blue")
    message = arrives(world, red, blue)
    entry = Entry.objects.get(key=f"text:{message.sid}")
    assert entry.data["coming"] == 2
    assert sweep(world) == 2
    entry.refresh_from_db()
    kept = list(entry.files.order_by("pk"))
    assert [path_of(one.name).read_bytes() for one in kept] == [red, blue]
    assert [one.content_type for one in kept] == ["image/jpeg"] * 2
    assert all(one.shown_name.endswith(".jpg") for one in kept)
    assert (entry.data["coming"], message.files) == (0, {})
    proofs = Audit.objects.filter(act="deleted-at-provider").order_by("pk")
    assert [one.facts["sha256"] for one in proofs] == [
        hashlib.sha256(one).hexdigest() for one in (red, blue)
    ]
    assert not Notice.objects.filter(kind="files-refused").exists()
    assert sweep(world, 3600) == 0


def test_every_request_is_described_and_the_store_is_not_told_who_asks(world: Simulator) -> None:
    arrives(world, picture())
    sweep(world)
    got, led, deleted = asked(world)
    assert (got[0], led[0], deleted[0]) == ("GET", "GET", "DELETE")
    assert openapi_check.check("DELETE", openapi_check.HOST + deleted[1], {}, {}) == "DeleteMedia"
    assert got[1] == deleted[1].removesuffix(".json")
    assert led[1].startswith("/stored/")
    assert world.complaints == []


def test_an_sms_with_a_file_and_no_word(world: Simulator) -> None:
    message = arrives(world, picture(), words="", sender=c.CALLER)
    sweep(world)
    assert message.sid.startswith("MM")
    assert Entry.objects.get(key=f"text:{message.sid}").files.count() == 1


def test_what_we_do_not_take_is_told_to_advisor_and_asker_and_deleted(
    world: Simulator, client: Client, amina: Any
) -> None:
    message = arrives(world, EXE, picture(), b"<html><script>alert(1)</script>")
    sweep(world)
    entry = Entry.objects.get(key=f"text:{message.sid}")
    assert entry.files.count() == 1
    assert entry.data["not_taken"] == [{"place": 1, "why": "kind"}, {"place": 3, "why": "kind"}]
    assert message.files == {}
    notice = Notice.objects.get(kind="files-refused")
    assert (notice.channel, notice.address, notice.language) == ("whatsapp", c.CALLER, "fr")
    assert "2 de vos fichiers" in notice.text
    client.force_login(amina)
    page = client.get(f"/desk/tickets/{entry.ticket_id}/").content.decode()
    assert page.count("#circle-x") >= 2
    reasons = [row.reason for row in Audit.objects.filter(act="deleted-at-provider").order_by("pk")]
    assert reasons == ["refused: kind", "kept here", "refused: kind"]


def test_too_large_and_too_many(world: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "LARGEST", 2000)
    message = arrives(world, bytes(2001), *[picture()] * 7)
    sweep(world)
    entry = Entry.objects.get(key=f"text:{message.sid}")
    assert entry.files.count() == 5
    whys = sorted((one["place"], one["why"]) for one in entry.data["not_taken"])
    assert whys == [(1, "size"), (7, "count"), (8, "count")]
    assert message.files == {}
    fetched = [path for method, path in asked(world) if "stored" in path]
    assert len(fetched) == 6  # those over the number are not even fetched


def test_told_twice_and_swept_twice_has_one_effect(world: Simulator) -> None:
    message = arrives(world, picture())
    sent = {
        "AccountSid": c.ACCOUNT, "MessageSid": message.sid, "From": WHO, "To": TO, "Body": "Voici",
        "NumMedia": "1", "MediaUrl0": message.media[0],
    }  # fmt: skip
    with at_world(world):
        for _ in range(2):
            assert c.Carrier().post("/hooks/twilio/text/", sent).status_code == 200
    sweep(world)
    with at_world(world):
        assert c.Carrier().post("/hooks/twilio/text/", sent).status_code == 200
    sweep(world, 600)
    assert (Media.objects.count(), StoredFile.objects.count(), Entry.objects.get(key=f"text:{message.sid}").files.count()) == (1, 1, 1)  # fmt: skip
    assert Audit.objects.filter(act="deleted-at-provider").count() == 1


@pytest.mark.parametrize("fault", [faults.LIMITED, faults.BROKEN, faults.REFUSED, faults.CUT])
@pytest.mark.parametrize("route", ["media_content", "stored", "media_delete"])
def test_a_bad_network_costs_time_and_nothing_else(
    route: str, fault: str, world: Simulator
) -> None:
    message = arrives(world, picture())
    world.rest.faults.then(fault, route)
    for seconds in (0, 70, 140):
        sweep(world, seconds)
    entry = Entry.objects.get(key=f"text:{message.sid}")
    assert (entry.files.count(), message.files, entry.data.get("not_taken")) == (1, {}, None)
    assert Audit.objects.filter(act="deleted-at-provider").count() == 1


def test_killed_between_keeping_and_deleting_it_is_deleted_later(
    world: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = arrives(world, picture())

    def killed(*args: Any, **named: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(media, "_forget", killed)
        with pytest.raises(SystemExit):
            sweep(world)
    assert len(message.files) == 1
    assert sweep(world, 10) == 0  # on its way, as far as anybody knows
    assert sweep(world, 61) == 1
    assert (StoredFile.objects.count(), message.files) == (1, {})
    assert len([1 for method, path in asked(world) if "stored" in path]) == 1


def test_a_file_that_never_comes_is_told_of_in_the_end(world: Simulator) -> None:
    message = arrives(world, picture())
    message.files.clear()
    for seconds in (0, 3, 9, 30, 100, 500, 3000, 12_000, 12_001):
        sweep(world, seconds)
    entry = Entry.objects.get(key=f"text:{message.sid}")
    assert entry.data["not_taken"] == [{"place": 1, "why": "lost"}]
    assert not Media.objects.open().exists()
    assert Notice.objects.filter(kind="files-refused").count() == 1


OURS = f"https://api.twilio.com/2010-04-01/Accounts/{c.ACCOUNT}/Messages/{c.sid('MM')}/Media/{c.sid('ME')}"
FOREIGN = [
    "http://169.254.169.254/latest/meta-data/", "https://evil.example/x.jpg", "file:///etc/passwd",
    OURS.replace("https", "http"), OURS.replace("api.twilio.com", "api.twilio.com.evil.example"),
    OURS.replace("api.twilio.com", "user@evil.example"), f"{OURS}/../../../Calls.json",
    OURS.replace(c.ACCOUNT, c.OTHER_ACCOUNT), OURS.replace(c.sid("MM"), c.sid("MM", 2)),
    f"{OURS}?x=1", f"{OURS}#x", f" {OURS}", OURS.upper(), "x",
]  # fmt: skip


def told(url: str, count: str = "1") -> None:
    sent = {
        "AccountSid": c.ACCOUNT, "MessageSid": c.sid("MM"), "From": c.CALLER, "To": c.SMS_NUMBER,
        "Body": "x", "NumMedia": count, "MediaUrl0": url,
    }  # fmt: skip
    assert c.Carrier().post("/hooks/twilio/text/", sent).status_code == 200


@pytest.mark.parametrize("url", FOREIGN)
def test_an_address_as_it_was_sent_is_never_asked(url: str, twilio: Answers) -> None:
    told(url)
    media.fetch_due(at=make.NOW)
    assert twilio.asked == []
    entry = Entry.objects.get(key=f"text:{c.sid('MM')}")
    assert entry.data["not_taken"] == [{"place": 1, "why": "address"}]


def test_files_that_are_named_and_not_there(twilio: Answers) -> None:
    told("", "99")
    entry = Entry.objects.get(key=f"text:{c.sid('MM')}")
    assert len(entry.data["not_taken"]) == 10
    assert (entry.data["coming"], twilio.asked) == (0, [])


class Led:
    """A session that is led on, and keeps what it was asked."""

    def __init__(self, location: str) -> None:
        self.location = location
        self.asked: list[tuple[str, Any]] = []
        self.session = self

    def get(self, url: str, *, auth: Any, **how: Any) -> Any:
        assert how == {"timeout": 5, "stream": True, "allow_redirects": False}
        self.asked.append((url, auth))
        return self

    status_code = 307

    @property
    def headers(self) -> dict[str, str]:
        return {"Location": self.location}

    def __enter__(self) -> "Led":
        return self

    def __exit__(self, *args: object) -> None:
        pass


@pytest.mark.parametrize("location", [
    "", "/x", "https://evil.example/x", "http://mms.twiliocdn.com/x", "https://mms.twiliocdn.com:8443/x",
    "https://x@mms.twiliocdn.com/x", "https://mms.twiliocdn.com.evil.example/x", "https://127.0.0.1/x",
    "https://mms.twiliocdn.com@evil.example/", "//evil.example/",
])  # fmt: skip
def test_nothing_else_is_led_to(location: str) -> None:
    led = Led(location)
    with pytest.raises(NotTaken) as no:
        reaching.fetched(
            led, OURS, ("a", "b"), leads_to=reaching.MEDIA_HOST, largest=client.LARGEST
        )
    assert (no.value.status, len(led.asked)) == (421, 1)


def test_led_on_once_and_without_our_name() -> None:
    led = Led("https://mms.twiliocdn.com/x")
    with pytest.raises(NotTaken):
        reaching.fetched(
            led, OURS, ("a", "b"), leads_to=reaching.MEDIA_HOST, largest=client.LARGEST
        )
    assert led.asked == [(OURS, ("a", "b")), ("https://mms.twiliocdn.com/x", None)]


def test_a_machine_that_sends_without_end_is_told_three_times(world: Simulator) -> None:
    for _ in range(5):
        arrives(world, EXE)
        sweep(world)
    assert Notice.objects.filter(kind="files-refused").count() == 3


def test_off_nothing_is_fetched(world: Simulator, settings: Any) -> None:
    arrives(world, picture())
    settings.TWILIO_AUTH_TOKEN = ""
    assert sweep(world) == 0


def test_an_erased_request_takes_no_file_and_twilio_forgets_it(world: Simulator) -> None:
    message = arrives(world, picture())
    Entry.objects.filter(key=f"text:{message.sid}").update(key=None)
    sweep(world)
    assert message.files == {}
    with time_machine.travel(make.NOW, tick=False):
        assert not StoredFile.objects.exclude(entries=None).exists()
