"""One story told: each step goes through the product's own action, at its time before now.

Times are written `2d3h40m`: so long before the laying.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from config.demonstration import wording
from config.demonstration.sheets import Case
from config.demonstration.who import Who
from helpdesk.accounts.models import User
from helpdesk.associations.actions import start_deadline
from helpdesk.associations.models import Association, Person
from helpdesk.associations.numbers import Number
from helpdesk.centre.models import Centre
from helpdesk.queues import actions as queues
from helpdesk.tickets.actions import (
    answering,
    closing,
    levels,
    naming,
    promising,
    rating,
    targets,
    write,
)
from helpdesk.tickets.models import Answer, Entry, Ticket
from helpdesk.tickets.rules import Channel, Help, Kind, Level, Outcome, State
from knowledge.articles.models import Article, Theme
from telephony.actions import Wrapup, answer_telephone, hang_up, wrap_up

KEY = "demo:"
"""Begins the key of the first entry of each ticket laid here."""
THEMES = {
    "T01": "A", "T02": "A", "T03": "A", "T04": "A", "T05": "B", "T06": "B", "T07": "B", "T08": "B",
    "T09": "B", "T11": "B", "T14": "C", "T15": "D", "T16": "D", "T17": "D", "T18": "E", "T19": "D",
    "T20": "E", "T21": "E", "T22": "F", "T23": "F", "T24": "H", "T25": "G", "T28": "G", "T34": "D",
    "Z": "Z",
}  # fmt: skip
_PARTS = re.compile(r"(\d+)([dhm])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def span(text: str) -> timedelta:
    """`2d3h40m` as a length of time."""
    parts = _PARTS.findall(text)
    return sum((timedelta(**{_UNITS[unit]: int(n)}) for n, unit in parts), timedelta())


@dataclass
class Teller:
    """Tells one story. `begin` or `call` first; the rest works on the ticket they made."""

    slug: str
    case: Case
    opened: str
    centre: Centre
    users: dict[str, User]
    who: Who
    now: datetime
    ticket: Ticket = field(init=False)

    def at(self, before: str) -> datetime:
        return self.now - span(before)

    @property
    def language(self) -> str:
        """Of the pages and answers."""
        return "fr" if self.case.lang == "fr" else "ar"

    @property
    def association(self) -> Association | None:
        return self.who.associations.get(self.case.association)

    def person(self, office: str) -> Person:
        """An office-holder of the case's association, or a member of the cast by name."""
        key = f"{self.case.association} {office}"
        return self.who.persons.get(key) or self.who.persons[office]

    # --- how it began -----------------------------------------------------------------------

    def begin(self, before: str, *, by: str, answer_by: str = "follow", due: str = "") -> None:
        """Written by an office-holder. `due` moves the first-answer target to so long before now."""
        person = self.person(by)
        received = queues.receive(
            Channel(self.case.channel), key=KEY + self.slug, at=self.at(before),
            centre=self.centre, words=self.case.words, language=self.case.lang,
            subject=self.case.subject, person=person, association=self.association,
            theme=self._theme(), province=self.case.province, standing=self.case.standing,
            answer_by=answer_by, contact_email=self._mail(person, answer_by),
        )  # fmt: skip
        self.ticket = received.ticket
        if due:
            moved = self.at(due)
            Ticket.objects.filter(pk=self.ticket.pk).update(answer_due_at=moved)
            self.ticket.waitings.update(due_at=moved)

    def call(
        self, before: str, *, by: str, who: str = "", name: str = "", minutes: int = 6,
        outcome: str = "", call_back: tuple[datetime, datetime] | None = None, note: str = "",
        withheld: bool = False, add: bool = False,
    ) -> None:  # fmt: skip
        """Answered at a desk telephone and wrapped up. `add`: a further call in the same ticket."""
        user, start = self.users[by], self.at(before)
        person = self.person(who) if who else None
        phone = person.phones.first() if person else None
        number = phone.number if phone else Number(f"+212600009{self.case.number:03d}")
        key = f"{KEY}{self.slug}:{before}"
        call = answer_telephone(
            by=user, at=start, key=key, number=None if withheld else number,
            ticket=self.ticket if add else None,
        )  # fmt: skip
        ended = start + timedelta(minutes=minutes)
        said = Wrapup(
            words=self.case.words if not add else note, help=self.case.help,
            outcome=outcome or self.case.outcome, language=self.case.lang, person=person,
            name=name, association=self.association,
            in_formation=self.case.standing == "candidate-founder" and not self.association,
            standing=self.case.standing, ticket=self.ticket if add else None,
            theme=self._theme(), province=self.case.province, note="" if add else note,
            caution_read=True, call_back=call_back,
        )  # fmt: skip
        hang_up(call, at=ended)
        self.ticket = wrap_up(call, said, by=user, at=ended + timedelta(seconds=50))
        if not add:
            rows = Ticket.objects.filter(pk=self.ticket.pk)
            rows.update(subject=self.case.subject, opened_at=start)
            Entry.objects.filter(ticket=self.ticket, number=1).update(key=KEY + self.slug)
        self.ticket.refresh_from_db()

    # --- how it went on -----------------------------------------------------------------------

    def claim(self, by: str, before: str) -> None:
        queues.claim(self.ticket, by=self.users[by], at=self.at(before))

    def note(self, by: str, before: str, text: str) -> None:
        write.note(self.ticket, text, by=self.users[by], at=self.at(before))

    def line(self, before: str, text: str, *, by: str = "") -> None:
        """A message of the asker, or of the user `by`."""
        at, key = self.at(before), f"{KEY}{self.slug}:{before}"
        if by or self.case.channel == Channel.CHAT:
            # A line of a chat under way waits for nobody: somebody is there.
            write.entry(
                self.ticket, Kind.LINE, at=at, by=self.users[by] if by else None, text=text,
                language=self.case.lang, key=key, from_asker=not by,
            )  # fmt: skip
        else:
            queues.receive(
                Channel(self.case.channel), key=key, at=at, centre=self.centre, words=text,
                language=self.case.lang, ticket=self.ticket,
            )  # fmt: skip
        self.ticket.refresh_from_db()

    def answer(self, by: str, before: str, *, released_by: str = "", after: str = "") -> Answer:
        """From the case's articles. `released_by` lets it go out at `after`."""
        topics = [t for t in self.case.topics if t in self._library()]
        said = wording.answer(topics, self.language)
        written = answering.answer(
            self.ticket, said.text, by=self.users[by], at=self.at(before),
            language=self.language, help=Help(self.case.help), quotes=said.quotes,
            key=f"{KEY}{self.slug}:{before}", four_eyes=self.case.four_eyes,
        )  # fmt: skip
        if released_by:
            answering.release(written, by=self.users[released_by], at=self.at(after))
        self.ticket.refresh_from_db()
        return written

    def promise(
        self, by: str, before: str, *, window: tuple[datetime, datetime], note: str
    ) -> None:
        promising.promise(
            self.ticket, by=self.users[by], at=self.at(before), window_from=window[0],
            window_until=window[1], note=note,
        )  # fmt: skip

    def keep_promise(self, by: str, before: str) -> None:
        owed = self.ticket.promises.owed().get()
        promising.attempt(owed, by=self.users[by], at=self.at(before), reached=True)

    def wait_for_asker(self, by: str, before: str, text: str) -> None:
        """Asked for papers: the next step is the asker's."""
        self.line(before, text, by=by)
        Ticket.objects.filter(pk=self.ticket.pk).update(state=State.WAITING)
        targets.rest(self.ticket, at=self.at(before))
        self.ticket.refresh_from_db()

    def close(self, by: str, before: str) -> None:
        closing.close(
            self.ticket, by=self.users[by], at=self.at(before),
            outcome=Outcome(self.case.outcome), help=Help(self.case.help),
        )  # fmt: skip

    def rate(self, before: str, score: int, words: str) -> None:
        rating.rate(self.ticket, score=score, words=words, at=self.at(before))

    # --- what is special about it ---------------------------------------------------------------

    def facts(self, by: str, before: str, **found: str) -> None:
        write.facts(self.ticket, found, by=self.users[by], at=self.at(before))

    def clock(self, rule: str, *, event: int, by: str, before: str) -> None:
        """An event so many days ago (negative: to come) sets the procedure clock going."""
        association = self.ticket.association
        if association is not None:
            start_deadline(
                association, rule=rule, event_on=self.day(event), by=self.users[by],
                at=self.at(before), ticket_id=self.ticket.pk,
            )  # fmt: skip

    def day(self, ago: int) -> date:
        return timezone.localdate(self.now) - timedelta(days=ago)

    def level(self, level: Level, by: str, before: str, reason: str) -> None:
        levels.set_level(
            self.ticket, level, by=self.users[by], at=self.at(before), reason=reason
        )  # fmt: skip

    def side(self, side: str, by: str, before: str) -> None:
        naming.take_side(self.ticket, side, by=self.users[by], at=self.at(before))

    def code(self, by: str, before: str) -> None:
        """A follow code told by voice."""
        naming.new_code(
            self.ticket, by=self.users[by], at=self.at(before), how="call",
            key=f"{KEY}{self.slug}:code",
        )  # fmt: skip

    # --- inside ---------------------------------------------------------------------------------

    def _theme(self) -> Theme:
        """Also where the library has no article on the topic yet."""
        return Theme.objects.get(code=THEMES[self.case.topics[0].split("-")[0]])

    def _library(self) -> frozenset[str]:
        return frozenset(Article.objects.values_list("topic", flat=True))

    def _mail(self, person: Person, answer_by: str) -> str:
        if answer_by != "email" and self.case.channel != "mail":
            return ""
        association = self.association
        return person.email or (association.email if association else "")
