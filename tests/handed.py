"""A centre with one of everything that a hand-over takes along, and of what it leaves."""

from datetime import timedelta
from typing import Any

from helpdesk.accounts.actions import audit
from helpdesk.accounts.models import User
from helpdesk.associations.models import Consent
from helpdesk.associations.numbers import Number
from helpdesk.centre.models import Centre
from helpdesk.files.actions import keep, store
from helpdesk.notices.models import Notice
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.chats import Chat
from helpdesk.tickets.models import Answer, GivenVersion, Ticket
from helpdesk.tickets.recalls import Recall, Recalled
from helpdesk.tickets.rules import Kind
from knowledge.articles.models import Version
from telephony.facts import Fact, State
from telephony.models import Call, CallEvent, CallPayload, Leg
from telephony.providers.twilio import correspondents
from telephony.recordings import Recording
from tests import make
from tests.contracts.world import PDF

CANARY = "+212699999901"


def lay(centre: Centre) -> dict[str, Any]:
    """A request with everything, one merged into it, and what belongs to another centre."""
    amina, brahim = make.user("amina", "advisor"), make.user("brahim", "supervisor")
    who, whose = make.person("سعاد", number=CANARY, email="s@example.org"), make.association()
    make.mandate(who, whose)
    Consent.objects.create(
        person=who, purpose="contact", text_version="1", language="ar", channel="web",
        given_at=make.NOW, recorded_by=amina,
    )  # fmt: skip
    ticket = make.ticket("سؤال", person=who, association=whose, contact_email="s@example.org")
    twin = make.ticket("السؤال نفسه", person=who)
    Ticket.objects.filter(pk=twin.pk).update(merged_into=ticket, state="closed")
    line = entry(ticket, Kind.LINE, at=make.NOW, text="كلام\nسطر", from_asker=True, language="ar")
    stored = store("ملف.pdf", PDF, at=make.NOW)
    line.files.add(stored)
    answer = Answer.objects.create(
        ticket=ticket, state=Answer.State.RELEASED, language="ar", text="جواب", help="info",
        caution_version="1", author=amina, written_at=make.NOW, released_by=brahim,
        released_at=make.NOW + timedelta(minutes=3),
        entry=entry(ticket, Kind.ANSWER, at=make.NOW, text="جواب", by=amina),
    )  # fmt: skip
    GivenVersion.objects.create(answer=answer, version=Version.objects.current().first())
    other = Centre.objects.create(slug="other", name_ar="آخر", name_fr="Autre")
    foreign = make.ticket("ليس لنا")
    Ticket.objects.filter(pk=foreign.pk).update(centre=other)
    _lay_messages(ticket, answer, amina)
    return {"ticket": ticket, "twin": twin, "stored": stored, "sound": _lay_calls(ticket, amina)}


def _lay_messages(ticket: Ticket, answer: Answer, amina: User) -> None:
    """Notices of the request, one of nobody's, one still to go; a recall, a chat, a word of the audit."""
    for key, about, state in (
        ("answer:1", ticket.pk, "delivered"), ("answer:2", ticket.pk, "queued"), ("invite:9", None, "sent"),
    ):  # fmt: skip
        Notice.objects.create(
            key=key, channel="sms", kind="answer-given", address=CANARY, text="رسالة", state=state,
            subject_kind="ticket" if about else "", subject_id=about, due_at=make.NOW,
            written_at=make.NOW, lease_by="process",
        )  # fmt: skip
    correspondents.heard(CANARY, "sms", at=make.NOW, wants="stop")
    correspondents.heard("+212611111111", "sms", at=make.NOW)
    recall = Recall.objects.create(version=Version.objects.current().last(), opened_at=make.NOW)
    Recalled.objects.create(recall=recall, ticket=ticket, answer=answer, state="due")
    Chat.objects.create(
        ticket=ticket, began_at=make.NOW, asker_seen_at=make.NOW, ended_at=make.NOW, ended_by="desk"
    )
    audit(
        "granted", by=amina, at=make.NOW, subject=ticket, reason="تكليف", facts={"user": amina.pk}
    )
    audit("changed-rights", by=amina, at=make.NOW, subject=amina)


def _lay_calls(ticket: Ticket, amina: User) -> Any:
    """One that left a message, whose sound hangs on no entry; one that rings now."""
    calls = [
        Call.objects.create(
            centre=ticket.centre, state=state, started_at=make.NOW, key=state, user=amina
        )
        for state in (State.VOICEMAIL, State.ARRIVING)
    ]
    sound = keep("voicemail-1.ogg", b"OggS" + bytes(99), content_type="audio/ogg", at=make.NOW)
    for call in calls:
        CallPayload.objects.create(call=call, number=Number.parse(CANARY), words="كلام المتصلة")
        CallEvent.objects.create(
            call=call, kind=Fact.ARRIVED, source="clock", at=make.NOW, received_at=make.NOW,
            key=f"event:{call.pk}",
        )  # fmt: skip
        leg = Leg.objects.create(call=call, role="caller", made_at=make.NOW)
        Recording.objects.create(
            call=call, leg=leg, kind="voicemail", began_at=make.NOW, moved_at=make.NOW,
            ended_at=make.NOW if call is calls[0] else None, file=sound if call is calls[0] else None,
        )  # fmt: skip
    return sound
