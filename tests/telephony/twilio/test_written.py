"""SMS and WhatsApp messages that come in: a new question, a reply on its request, or a wish for silence."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from config.installation.practice import acts, records
from helpdesk.associations.numbers import Number
from helpdesk.centre.actions import open_to_public
from helpdesk.centre.models import Centre
from helpdesk.notices.models import Notice
from helpdesk.queues.models import Waiting
from helpdesk.tickets.actions import closing
from helpdesk.tickets.actions.telling import tell_asker
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Help, Outcome, State
from telephony.providers.twilio.models import Correspondent, Text
from tests import make
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio import twiml

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("line")]
OTHER = "+212698765432"


def written(
    body: str, number: int = 1, *, sender: str = c.CALLER, whatsapp: bool = False, **more: str
) -> None:
    answer = post(body, number, sender=sender, whatsapp=whatsapp, **more)
    assert twiml.tags(twiml.read(answer)) == []


def post(
    body: str, number: int = 1, *, sender: str = c.CALLER, whatsapp: bool = False, **more: str
) -> str:
    """The document that is answered."""
    before = "whatsapp:" if whatsapp else ""
    sent = {
        "AccountSid": c.ACCOUNT, "MessageSid": c.sid("SM", number), "From": before + sender,
        "To": before + c.SMS_NUMBER, "Body": body, "NumMedia": "0", "ApiVersion": "2010-04-01", **more,
    }  # fmt: skip
    answer = c.Carrier().post("/hooks/twilio/text/", sent)
    assert answer.status_code == 200, answer.content
    return str(answer.content.decode())


def texts(ticket: Ticket) -> list[str]:
    rows = ticket.entries.filter(from_asker=True).order_by("number")
    return [text for text in rows.values_list("text", flat=True) if text]


@pytest.mark.parametrize(("whatsapp", "channel"), [(False, "sms"), (True, "whatsapp")])
def test_a_message_is_a_question_that_waits_and_is_answered_by_its_channel(
    whatsapp: bool, channel: str
) -> None:
    written("لم نتوصل بالوصل\nمنذ شهرين", whatsapp=whatsapp)
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.language, ticket.contact_number, ticket.answer_by) == (
        channel, "ar", Number.parse(c.CALLER), "sms",
    )  # fmt: skip
    assert texts(ticket) == ["لم نتوصل بالوصل\nمنذ شهرين"]
    assert Waiting.objects.now().get().channel == channel
    told = Notice.objects.get()
    assert (told.channel, told.kind, told.address) == (channel, "question-received", c.CALLER)
    assert ticket.reference in told.text


def test_the_same_message_again_changes_nothing() -> None:
    for _ in range(3):
        written("Bonjour, une question")
    assert (Ticket.objects.count(), Notice.objects.count()) == (1, 1)
    assert len(texts(Ticket.objects.get())) == 1


def test_further_words_join_the_open_question() -> None:
    written("Bonjour", 1)
    written("C'est pour le récépissé", 2)
    written("السلام", 3, sender=OTHER)
    written("Bonjour", 4, whatsapp=True)
    first = Ticket.objects.order_by("pk").first()
    assert texts(first) == ["Bonjour", "C'est pour le récépissé"]
    assert Ticket.objects.count() == 3


def test_a_reply_to_a_notice_joins_its_request_even_when_that_was_closed() -> None:
    ticket = make.ticket("سؤال", contact_number=Number.parse(c.CALLER), answer_by="sms")
    tell_asker(ticket, "answer-given", at=make.NOW, key="told")
    closing.close(ticket, by=None, at=make.NOW, outcome=Outcome.WITHDRAWN, help=Help.INFO)
    written("شكرا، سؤال آخر")
    ticket.refresh_from_db()
    assert Ticket.objects.count() == 1
    assert (ticket.state != State.CLOSED, texts(ticket)[-1]) == (True, "شكرا، سؤال آخر")


def test_a_month_later_it_is_another_question() -> None:
    ticket = make.ticket("سؤال", contact_number=Number.parse(c.CALLER), answer_by="sms")
    tell_asker(ticket, "answer-given", at=make.NOW, key="told")
    closing.close(ticket, by=None, at=make.NOW, outcome=Outcome.WITHDRAWN, help=Help.INFO)
    with time_machine.travel(make.NOW + timedelta(days=31), tick=False):
        written("سؤال آخر")
    assert Ticket.objects.count() == 2


def test_a_request_of_another_number_by_now_is_not_written_to() -> None:
    ticket = make.ticket("سؤال", contact_number=Number.parse(c.CALLER), answer_by="sms")
    tell_asker(ticket, "answer-given", at=make.NOW, key="told")
    Ticket.objects.filter(pk=ticket.pk).update(contact_number=Number.parse(OTHER))
    written("سؤال آخر")
    assert Ticket.objects.count() == 2


def test_who_is_known_by_the_number_is_whose_question_it_is() -> None:
    known = make.person(number=c.CALLER)
    written("Bonjour")
    assert Ticket.objects.get().person == known


@pytest.mark.parametrize("word", ["STOP", "Arrêt", "توقف", "إلغاء"])
def test_a_wish_for_silence_is_kept_and_is_no_question(word: str) -> None:
    written(word)
    assert not Ticket.objects.exists()
    assert Correspondent.objects.get().stopped_at == make.NOW
    written("START", 2)
    assert Correspondent.objects.get().stopped_at is None
    written(word)  # the first one, repeated by somebody
    assert Correspondent.objects.get().stopped_at is None


@pytest.mark.parametrize("sender", ["38383", "BANQUE", "", "anonymous", "+266696687"])
def test_who_cannot_be_answered_is_left_alone(sender: str) -> None:
    written("Promo !", sender=sender)
    assert not Ticket.objects.exists()


def test_files_without_a_word_are_told_of() -> None:
    written("", NumMedia="2", MediaUrl0="https://api.twilio.com/x", MediaContentType0="image/jpeg")
    entry = Ticket.objects.get().entries.earliest("number")
    assert (entry.data["media"], bool(entry.text)) == (2, True)


def test_a_machine_that_writes_without_end_is_told_three_times() -> None:
    for number in range(1, 8):
        Ticket.objects.update(contact_number="")  # each is a new question
        written("auto", number)
    assert Ticket.objects.count() == 7
    assert Notice.objects.count() == 3


def test_control_characters_are_no_part_of_what_was_said() -> None:
    written("a\x00b\x1b[31m\tc")
    assert texts(Ticket.objects.get()) == ["ab[31m\tc"]


def test_a_text_of_ours_and_one_that_came_are_told_apart() -> None:
    written("Bonjour")
    sent = {"AccountSid": c.ACCOUNT, "MessageSid": c.sid("SM"), "MessageStatus": "received"}
    assert c.Carrier().post("/hooks/twilio/text/status/", sent).status_code == 204
    assert Text.objects.get().state == ""


def test_whatsapp_is_open_for_a_day_after_a_message(twilio: Any) -> None:
    from telephony.providers.twilio import texting

    twilio.bodies = {"CreateMessage": {"sid": c.sid("SM", 9)}}
    written("سؤال", whatsapp=True)
    assert texting.send_due(at=make.NOW) == 1
    _name, _last, data = twilio.asked[0]
    assert data["To"] == f"whatsapp:{c.CALLER}"


def test_before_the_opening_who_writes_is_told_so_once_an_hour(not_open: Any) -> None:
    assert "Le centre n'a pas encore ouvert" in post("Bonjour, une question", 1)
    assert "لم يفتح المركز بعد" in post("السلام عليكم", 2, sender=OTHER, whatsapp=True)
    assert "Message" not in post("Et encore", 3), "two machines would go on for ever"
    post("STOP", 4)
    assert Correspondent.objects.exclude(stopped_at=None).count() == 1
    assert (Ticket.objects.count(), Notice.objects.count()) == (0, 0)


def test_before_the_opening_texts_are_practice_and_go_with_it(
    not_open: Any, administrator: Any, django_capture_on_commit_callbacks: Any
) -> None:
    post("Bonjour", 1, sender=OTHER)
    post("STOP", 2, sender=OTHER)
    with django_capture_on_commit_callbacks(execute=True):
        practice = acts.begin(not_open, by=administrator, at=make.NOW)
    post("لم نتوصل بالوصل", 3)
    post("STOP", 4, whatsapp=True)
    ticket = Ticket.objects.get()
    assert ticket.centre == practice
    assert Notice.objects.get().state == Notice.State.HELD
    later = make.NOW + timedelta(hours=1)
    with time_machine.travel(later, tick=False), django_capture_on_commit_callbacks(execute=True):
        assert open_to_public(not_open, by=administrator, at=later)
    with time_machine.travel(later + timedelta(minutes=1), tick=False):
        post("سؤال حقيقي", 5)
    real = Ticket.objects.exclude(pk=ticket.pk).get()
    assert real.centre == not_open, "a real contact does not fall into a practice left under way"
    Correspondent.objects.filter(stopped_at=None).update(heard_at=make.NOW)
    found = records.gathered(Centre.objects.get(pk=practice.pk))
    acts.wipe(not_open, expected=acts.size(found), by=administrator, at=later)
    assert list(Ticket.objects.all()) == [real]
    assert set(Text.objects.values_list("sid", flat=True)) == {c.sid("SM", n) for n in (1, 2, 4, 5)}
    assert Correspondent.objects.exclude(stopped_at=None).count() == Correspondent.objects.count()
