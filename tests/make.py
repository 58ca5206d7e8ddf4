"""Builders: a row with sensible defaults, one function a thing. Everything real, nothing random."""

from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.models import Group

from config.installation.actions import first_centre
from helpdesk.accounts.models import Posting, Team, User
from helpdesk.associations.models import Association, Mandate, Person, Phone
from helpdesk.associations.numbers import Number
from helpdesk.centre.models import Centre
from helpdesk.queues import actions as queues
from helpdesk.queues.actions import Received
from helpdesk.queues.models import Queue
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Channel
from knowledge.articles.actions import load_library
from telephony import actions as telephony
from telephony.models import Call

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
"""A Tuesday morning, 11:00 in Casablanca."""

_counter = iter(range(1, 1_000_000))


def centre() -> Centre:
    return first_centre(at=NOW)


def team() -> Team:
    return Team.objects.filter(centre=centre()).earliest("pk")


def other_team(name: str = "other") -> Team:
    """A second team of the same centre, with a queue of its own."""
    found, created = Team.objects.get_or_create(centre=centre(), name_ar=name, name_fr=name)
    if created:
        Queue.objects.create(team=found, name_ar=name, name_fr=name, rank=9)
    return found


def user(
    username: str, *roles: str, province: str = "", of: Team | None = None, **fields: Any
) -> User:
    """A user with groups and one posting from the start of the year; password `pass-word-1`."""
    made = User.objects.create(
        username=username, **{"name_ar": username, "name_fr": username, **fields}
    )
    made.set_password("pass-word-1")
    made.save()
    made.groups.set(Group.objects.filter(name__in=roles))
    if roles and roles != ("member",):
        Posting.objects.create(
            user=made, team=of or team(), province=province, starts_on=date(2026, 1, 1)
        )
    return made


def person(name: str = "فاطمة الزهراء", *, number: str = "", **fields: Any) -> Person:
    made = Person.objects.create(centre=centre(), name=name, added_at=NOW, **fields)
    if number:
        Phone.objects.create(person=made, number=Number.parse(number), last_used_at=NOW)
    return made


def association(name_ar: str = "جمعية النخيل", **fields: Any) -> Association:
    return Association.objects.create(
        **{"centre": centre(), "name_ar": name_ar, "province": "07.351", "added_at": NOW, **fields}
    )


def mandate(who: Person, of: Association, office: str = "president", **fields: Any) -> Mandate:
    return Mandate.objects.create(person=who, association=of, office=office, **fields)


def received(words: str = "لم نتوصل بالوصل النهائي", **fields: Any) -> Received:
    """A question that came by the web (or `channel=`) and waits."""
    channel = fields.pop("channel", Channel.WEB)
    given = {
        "key": f"test:{next(_counter)}",
        "at": NOW,
        "centre": centre(),
        "language": "ar",
        **fields,
    }
    return queues.receive(channel, words=words, **given)


def ticket(words: str = "لم نتوصل بالوصل النهائي", **fields: Any) -> Ticket:
    return received(words, **fields).ticket


def library() -> int:
    """The starter library as readers see it."""
    return load_library(at=NOW)


def call(by: Any, *, number: str = "", key: str = "", at: datetime = NOW, **fields: Any) -> Call:
    """A call of the desk line that somebody has answered."""
    return telephony.answer_telephone(
        by=by, at=at, number=Number.parse(number) if number else None,
        key=key or f"call:{next(_counter)}", **fields,
    )  # fmt: skip


def ringing(
    words: str = "", *, line: Call.Line = Call.Line.WEB, at: datetime = NOW, **known: Any
) -> Call:
    """A caller who stands in line."""
    number = known.pop("number", "")
    caller = telephony.Caller(
        number=Number.parse(number) if number else None, words=words,
        **{"language": "ar", **known},
    )  # fmt: skip
    return telephony.arrive(
        line, caller, centre=centre(), at=at, key=f"ring:{next(_counter)}",
        source=telephony.Source.BROWSER,
    )  # fmt: skip
