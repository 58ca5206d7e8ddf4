"""What is told of the rows of a pack in tables that hold more than one centre's: who did what with them, who
wants no written messages, and who the people are that they name."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from config.handover.records import FORMER, ORDER, Names, line_of, moment, rows
from helpdesk.accounts.models import Audit, Posting, Team, User
from helpdesk.associations.models import Phone
from helpdesk.centre.models import Centre
from helpdesk.notices.models import Notice
from helpdesk.tickets.models import Ticket
from telephony.models import CallPayload
from telephony.providers.twilio import correspondents

NUMBERS = {Phone: "number", Ticket: "contact_number", CallPayload: "number"}
ACT = ("act", "subject_kind", "subject_id", "reason", "facts")


@dataclass(frozen=True)
class Trace:
    """`lines(centre, names, day)`: one JSON text a row; `write(lines, of)` makes the rows, where
    `of(model, name)` is the number of what a name means here."""

    name: str
    lines: Callable[[Centre, Names, date], Iterator[str]]
    write: Callable[[Iterable[bytes], Callable[..., Any]], None]


def _acts(centre: Centre, names: Names, day: date) -> Iterator[str]:
    """Of the audit what was done with rows of the pack, in its order."""
    kinds = set(Audit.objects.values_list("subject_kind", flat=True).distinct())
    found = Audit.objects.none()
    for model in ORDER:
        if (kind := model._meta.model_name) in kinds:
            keys = rows(model, centre).order_by().values("pk")
            found = found | Audit.objects.filter(subject_kind=kind, subject_id__in=keys)
    for row in found.order_by("pk").iterator(chunk_size=500):
        said = {name: getattr(row, name) for name in ACT}
        who = {"user": row.user_id, "given": row.facts.get("user")}
        said |= {
            part: names.of(User, pk) if pk in names.users else None for part, pk in who.items()
        }
        said["facts"] = {name: fact for name, fact in row.facts.items() if name != "user"}
        yield line_of(said | {"at": moment(row.at)})


def _write_acts(lines: Iterable[bytes], of: Callable[..., Any]) -> None:
    """As new rows of the audit here: its own chain closes over them."""
    for line in lines:
        said = json.loads(line)
        who, given, at = said.pop("user"), said.pop("given"), said.pop("at")
        if given is not None:
            said["facts"]["user"] = of(User, given)
        Audit.objects.create(
            **said, at=datetime.fromisoformat(at), user_id=None if who is None else of(User, who)
        )


def _writers(centre: Centre, names: Names, day: date) -> Iterator[str]:
    """Who has written to the centre, or wants no more of it: of each number that the pack holds."""
    numbers: set[str] = set()
    for model, field in NUMBERS.items():
        held = rows(model, centre).order_by().exclude(**{field: ""}).values_list(field, flat=True)
        numbers |= {number.for_storage() for number in held if number}
    written = rows(Notice, centre).filter(channel__in=("sms", "whatsapp"))
    numbers |= set(written.order_by().values_list("address", flat=True))
    for told in correspondents.told_of(numbers):
        yield line_of(told)


def _write_writers(lines: Iterable[bytes], of: Callable[..., Any]) -> None:
    for line in lines:
        correspondents.bring(json.loads(line))


def _people(centre: Centre, names: Names, day: date) -> Iterator[str]:
    """Those whom rows of the pack name: how they are called and when they worked where. To be asked last."""
    posted = Posting.objects.filter(team__centre=centre, starts_on__lte=day).order_by("pk")
    held: dict[int, list[Any]] = {}
    for one in posted:
        until = min(one.ends_on or day, day).isoformat()
        place = [names.teams[one.team_id], one.province, one.starts_on.isoformat(), until]
        held.setdefault(one.user_id, []).append(place)
    keys = {name: pk for pk, name in names.users.items() if name in names.used}
    people = User.objects.in_bulk(keys.values())
    for name, pk in sorted(keys.items()):
        one = people[pk]
        said = {"name": name, "name_ar": one.name_ar, "name_fr": one.name_fr}
        yield line_of(said | {"postings": held.get(pk, [])})


def _write_people(lines: Iterable[bytes], of: Callable[..., Any]) -> None:
    """Names and former postings of accounts that stay closed, without a role."""
    for line in lines:
        said = json.loads(line)
        pk = of(User, said.pop("name"))
        postings = said.pop("postings")
        User.objects.filter(pk=pk, username__startswith=FORMER).update(**said)
        for team, province, since, until in postings:
            Posting.objects.create(
                user_id=pk, team_id=of(Team, team), province=province,
                starts_on=date.fromisoformat(since), ends_on=date.fromisoformat(until),
            )  # fmt: skip


TRACES = (
    Trace("acts", _acts, _write_acts),
    Trace("writers", _writers, _write_writers),
    Trace("people", _people, _write_people),
)
