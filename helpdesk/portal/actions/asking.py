"""Sending a question: once, whatever the browser does, with a code that a second sending shows again."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from helpdesk.associations import actions as associations
from helpdesk.centre.models import Centre
from helpdesk.files.actions import AT_ONCE, store
from helpdesk.portal.access import the_centre
from helpdesk.portal.actions import weighing
from helpdesk.portal.asking import Asking
from helpdesk.portal.rules import CONSENT_VERSION, UNKNOWN_THEME, Who
from helpdesk.queues.actions import receive
from helpdesk.tickets import codes, intake
from helpdesk.tickets.actions import telling
from helpdesk.tickets.models import Entry, Ticket
from helpdesk.tickets.rules import Channel
from knowledge.articles import advising


class TooMany(Exception):
    """There is no room for one more file."""


@dataclass(frozen=True)
class Sent:
    """`code` is empty when this browser is not the one that asked."""

    ticket: Ticket
    code: str


class _SentBefore(Exception):
    """Undoes what a second sending wrote before it noticed."""


def add_paper(asking: Asking, upload: Any, *, at: datetime) -> None:
    """Keep one more file with the question. Raises FileRefused, TooMany."""
    if len(asking.papers) >= AT_ONCE:
        raise TooMany
    names = [paper.name for paper in asking.papers]
    asking.fields["files"] = ",".join([*names, store(upload.name, upload, at=at).name])
    asking.save()


def remove_paper(asking: Asking, name: str) -> None:
    """Take a file out of the question again; the sweep of orphans deletes it."""
    asking.fields["files"] = ",".join(p.name for p in asking.papers if p.name != name)
    asking.save()


def sent_before(visitor: str, key: str) -> Sent | None:
    """The question that this form sent already, else None."""
    entry = Entry.objects.select_related("ticket").filter(key=entry_key(visitor, key)).first()
    return _as_sent(entry.ticket, visitor, key) if entry else None


def send(
    asking: Asking, said: Mapping[str, Any], *, language: str, at: datetime, user: Any = None
) -> Sent:
    """Receive the question, its person, association and consent, together or not at all."""
    try:
        with transaction.atomic():
            ticket = _receive(asking, said, language=language, at=at, user=user)
    except _SentBefore:
        pass
    else:
        telling.tell_asker(ticket, "question-received", at=at, key=f"received:{ticket.pk}")
    sent = sent_before(asking.visitor, asking.key)
    assert sent is not None
    weighing.pass_over(asking, at=at)
    asking.forget()
    return sent


def _receive(
    asking: Asking, said: Mapping[str, Any], *, language: str, at: datetime, user: Any
) -> Ticket:
    centre = the_centre()
    if centre is None:
        raise LookupError("an installation has a centre: run setup")
    person = _person(said, centre=centre, language=language, at=at, user=user)
    association = _association(said, person, centre=centre, at=at)
    received = receive(
        Channel.WEB,
        key=entry_key(asking.visitor, asking.key),
        at=at,
        centre=centre,
        words=said["question"],
        language=language,
        person=person,
        association=association,
        theme=_theme(said["theme"]),
        province=said["province"],
        given_facts=_facts(said),
        files=asking.papers,
        data={
            "topics": asking.topics,
            "papers_of": asking.fields.get("papers_of", ""),
            "who": said["who"],
            "consent": CONSENT_VERSION,
        },
        code=code_for(asking.visitor, asking.key),
        answer_by=said["answer_by"],
        contact_email=said["email"],
        contact_number=said["phone"] or "",
        **({"standing": said["standing"]} if said["standing"] else {}),
    )
    if not received.created:
        raise _SentBefore
    if association is not None and (day := _filed_on(said)):
        associations.start_deadline(
            association, rule="final-receipt", event_on=day, by=None, at=at,
            ticket_id=received.ticket.pk,
        )  # fmt: skip
    if person is not None:
        associations.give_consent(
            person, purpose="contact", text_version=CONSENT_VERSION, language=language,
            channel=Channel.WEB, at=at,
        )  # fmt: skip
    return received.ticket


def _person(
    said: Mapping[str, Any], *, centre: Centre, language: str, at: datetime, user: Any
) -> Any:
    """The signed-in person, else whoever the name, number or address says; nobody for nothing."""
    own = getattr(user, "person", None) if user is not None else None
    if own is not None and own.centre_id == centre.pk:
        return own
    if not (said["name"] or said["phone"] or said["email"]):
        return None
    return associations.person_for(
        centre=centre, at=at, name=said["name"], number=said["phone"], email=said["email"],
        language=language,
    )  # fmt: skip


def _association(said: Mapping[str, Any], person: Any, *, centre: Centre, at: datetime) -> Any:
    """The association meant; a nameless one for founders, and for a clock that must run."""
    if said["who"] == Who.ASSOCIATION and said["association"]:
        return associations.association_for(
            centre=centre, name=said["association"], province=said["province"],
            commune=said["commune"], at=at,
        )  # fmt: skip
    if said["who"] == Who.FOUNDERS and said["association"]:
        return associations.being_founded(
            centre=centre, name=said["association"], province=said["province"],
            commune=said["commune"], founder=person, at=at,
        )  # fmt: skip
    if said["who"] == Who.FOUNDERS or _filed_on(said):
        founder = person if said["who"] == Who.FOUNDERS else None
        return associations.in_formation(
            centre=centre, province=said["province"], founder=founder, at=at
        )
    return None


def _facts(said: Mapping[str, Any]) -> dict[str, str]:
    return {n.removeprefix("fact_"): v for n, v in said.items() if n.startswith("fact_")}


def _filed_on(said: Mapping[str, Any]) -> date | None:
    """The day a file was deposited whose final receipt is still awaited."""
    facts = _facts(said)
    if facts.get("has_final") == intake.YES:
        return None
    return intake.as_day(facts.get("deposit_date", ""))


def _theme(code: str) -> Any:
    if code == UNKNOWN_THEME:
        return None
    return next((theme for theme in advising.themes() if theme.code == code), None)


def _as_sent(ticket: Ticket, visitor: str, key: str) -> Sent:
    code = code_for(visitor, key)
    return Sent(ticket, code if codes.matches(code, ticket.secret_hash) else "")


def entry_key(visitor: str, key: str) -> str:
    """Bound to the browser: a key that somebody else makes up meets no question of ours."""
    return "ask:" + hashlib.sha256(f"{visitor}:{key}".encode()).hexdigest()[:40]


def code_for(visitor: str, key: str) -> str:
    """16 digits that only this server can make, from the browser's token and the form's random key."""
    words = f"follow code:{visitor}:{key}".encode()
    made = hmac.new(settings.PEPPER.encode(), words, hashlib.sha256).digest()
    return f"{int.from_bytes(made, 'big') % 10**16:016d}"
