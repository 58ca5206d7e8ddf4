"""One batch of the load: tickets with entries, answers, waiting and handling rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from config.demonstration.load.people import People, words
from helpdesk.accounts.models import User
from helpdesk.centre.models import Centre
from helpdesk.queues.models import Handling, Queue, Waiting
from helpdesk.tickets.models import (
    Answer,
    Entry,
    GivenVersion,
    Grant,
    IntakeFact,
    Promise,
    Rating,
    Ticket,
)
from helpdesk.tickets.rules import (
    CAUTION_VERSION,
    PUBLIC_KINDS,
    AnswerBy,
    Channel,
    Help,
    Kind,
    Level,
    Outcome,
    State,
)

CHANNELS = (Channel.PHONE, Channel.WEB, Channel.CHAT, Channel.MAIL, Channel.VISIT)
CHANNEL_WEIGHTS = (45, 25, 18, 10, 2)
TONGUES = ("ary", "ar", "fr", "shi")
TONGUE_WEIGHTS = (45, 20, 30, 5)
FIRST = {Channel.PHONE: Kind.CALL, Channel.CHAT: Kind.LINE, Channel.MAIL: Kind.MAIL}
OUTCOMES = (
    Outcome.ADVICE_GIVEN, Outcome.SOLVED_FIRST, Outcome.SOLVED_CALLBACK, Outcome.DOCUMENT,
    Outcome.REFERRED_KNOWN, Outcome.WITHDRAWN, Outcome.OUT_OF_SCOPE,
)  # fmt: skip
OUTCOME_WEIGHTS = (40, 30, 10, 8, 5, 4, 3)
OPEN_AGE = 0.045
"""The newest part of the tickets, of which somewhat more than half are still open."""


@dataclass(frozen=True)
class Desk:
    centre: Centre
    queue: Queue
    advisors: Sequence[User]
    themes: dict[str, Any]
    four_eyes: frozenset[str]
    said: dict[tuple[str, str], Any]
    """(topic, language) -> what an answer says, and its frozen citations."""


@dataclass
class Batch:
    """Rows not written yet. They point at each other as objects, until `write` knows their keys."""

    desk: Desk
    people: People
    rng: Random
    at: datetime
    tickets: list[Ticket] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    rest: dict[type[Any], list[Any]] = field(default_factory=dict)

    def add(self, opened: datetime, *, age: float) -> None:
        """One ticket. `age`: 1 for the oldest of all, 0 for the newest."""
        rng = self.rng
        topic = rng.choice(words()["topic"])
        place = rng.randrange(len(self.people.persons))
        home = self.people.home[place]
        state = self._state(age)
        ticket = Ticket(
            centre=self.desk.centre, team=self.desk.queue.team, theme=self.desk.themes[topic["code"]],
            channel=rng.choices(CHANNELS, CHANNEL_WEIGHTS)[0],
            language=rng.choices(TONGUES, TONGUE_WEIGHTS)[0], level=self._level(), state=state,
            person=self.people.persons[place] if rng.random() < 0.93 else None,
            association=self.people.associations[home] if home is not None else None,
            province=self.people.associations[home].province if home is not None else "",
            standing="office-holder" if home is not None else "not-stated",
            assignee=None if state == State.NEW else rng.choice(self.desk.advisors),
            opened_at=opened, moved_at=opened, answer_due_at=opened + timedelta(days=1),
            reply_token=f"demo{rng.getrandbits(80):020x}",
        )  # fmt: skip
        self.tickets.append(ticket)
        self._tell(ticket, topic)

    def write(self) -> None:
        """Into the database, in the order in which they refer to each other."""
        Ticket.objects.bulk_create(self.tickets)
        for row in [*self.entries, *self.answers]:
            row.ticket_id = row.ticket.pk
        Entry.objects.bulk_create(self.entries)
        for answer in self.answers:
            answer.entry_id = answer.entry.pk if answer.entry else None
        Answer.objects.bulk_create(self.answers)
        for model, rows in self.rest.items():
            for row in rows:
                if model is GivenVersion:
                    row.answer_id = row.answer.pk
                else:
                    row.ticket_id = row.ticket.pk
            model.objects.bulk_create(rows)

    # --- one ticket's story ---------------------------------------------------------------------

    def _tell(self, ticket: Ticket, topic: dict[str, Any]) -> None:
        rng, by, now = self.rng, ticket.assignee, ticket.opened_at
        words_language = "ary" if ticket.language == "shi" else ticket.language
        text = self._question(topic, words_language)
        ticket.subject = text.split("\n")[0][:120]
        ticket.answer_by = AnswerBy.PHONE if ticket.channel == Channel.PHONE else AnswerBy.FOLLOW
        live = ticket.channel in (Channel.PHONE, Channel.CHAT)
        self._entry(ticket, FIRST.get(Channel(ticket.channel), Kind.QUESTION), now, text=text,
                    by=by if ticket.channel == Channel.PHONE else None,
                    from_asker=ticket.channel != Channel.PHONE)  # fmt: skip
        if ticket.channel != Channel.PHONE:
            self._wait(ticket, now)
        if ticket.state == State.NEW:
            return
        now = self._later(now, 2 if live else 900)
        self._entry(ticket, Kind.CLAIM, now, by=by)
        if rng.random() < 0.15:
            now = self._later(now, 600)
            self._entry(ticket, Kind.NOTE, now, by=by, text=rng.choice(words()["notes"]))
        if rng.random() < 0.2:
            self._fact(ticket, now)
        if ticket.channel == Channel.PHONE or ticket.channel == Channel.CHAT:
            self._handle(ticket, now)
        if self._is_answered(ticket):
            now = self._later(now, 1200)
            self._answer(ticket, topic["code"], now)
        if ticket.level == Level.SEALED:
            self._add(Grant(ticket=ticket, user=by, given_by=by, given_at=now, reason="نزاع"))
        if ticket.state == State.CLOSED:
            self._end(ticket, self._later(now, 2000))
        elif rng.random() < 0.15:
            self._owe(ticket, now)

    def _question(self, topic: dict[str, Any], language: str) -> str:
        rng, data = self.rng, words()
        commune = rng.choice(data["communes"])[2 if language == "fr" else 1]
        parts = [
            rng.choice(data["greetings"][language]),
            rng.choice(topic[language]),
            rng.choice(data["contexts"][language]),
            rng.choice(data["endings"][language]),
        ]
        text = " ".join(part for part in parts if part)
        return text.format(
            commune=commune, n=rng.randrange(2, 9), year=self.at.year - rng.randrange(3),
            amount=f"{rng.randrange(5, 300)} 000",
        )  # fmt: skip

    def _state(self, age: float) -> State:
        rng = self.rng
        if age > OPEN_AGE or rng.random() > 0.555:
            return State.CLOSED
        if age < 0.006:
            return State.NEW
        return rng.choices((State.OPEN, State.WAITING, State.ANSWERED), (40, 20, 40))[0]

    def _level(self) -> Level:
        return self.rng.choices((Level.ORDINARY, Level.RESTRICTED, Level.SEALED), (960, 34, 6))[0]

    def _is_answered(self, ticket: Ticket) -> bool:
        if ticket.state == State.ANSWERED:
            return True
        if ticket.state != State.CLOSED:
            return False
        return self.rng.random() < (0.25 if ticket.channel == Channel.PHONE else 0.7)

    def _later(self, moment: datetime, minutes: int) -> datetime:
        """Some time after, never in the future."""
        after = moment + timedelta(seconds=self.rng.randrange(30, 60 * minutes + 60))
        return min(after, max(moment, self.at))

    # --- rows -------------------------------------------------------------------------------------

    def _add(self, row: Any) -> None:
        self.rest.setdefault(type(row), []).append(row)

    def _entry(self, ticket: Ticket, kind: Kind, at: datetime, **fields: Any) -> Entry:
        ticket.last += 1
        ticket.moved_at = at
        if fields.get("text"):
            fields.setdefault("language", ticket.language)
        entry = Entry(
            ticket=ticket,
            number=ticket.last,
            kind=kind,
            at=at,
            public=kind in PUBLIC_KINDS,
            **fields,
        )
        self.entries.append(entry)
        return entry

    def _wait(self, ticket: Ticket, at: datetime) -> None:
        taken = None if ticket.state == State.NEW else self._later(at, 30)
        self._add(
            Waiting(
                ticket=ticket, queue=self.desk.queue, channel=ticket.channel,
                language=ticket.language, since=at, due_at=at + timedelta(days=1),
                claimed_by=ticket.assignee, claimed_at=taken, ended_at=taken,
            )
        )  # fmt: skip

    def _handle(self, ticket: Ticket, at: datetime) -> None:
        talk, wrap = self.rng.randrange(60, 1200), self.rng.randrange(20, 240)
        ended = ticket.opened_at + timedelta(seconds=talk)
        self._add(
            Handling(
                ticket=ticket, user=ticket.assignee, channel=ticket.channel,
                started_at=ticket.opened_at, answered_at=ticket.opened_at, ended_at=ended,
                wrapped_at=ended + timedelta(seconds=wrap), talk_seconds=talk, wrapup_seconds=wrap,
                help=Help.ADVICE,
            )
        )  # fmt: skip

    def _fact(self, ticket: Ticket, at: datetime) -> None:
        day = (ticket.opened_at - timedelta(days=self.rng.randrange(5, 120))).date()
        self._add(
            IntakeFact(
                ticket=ticket, code="deposit_date", value=day.isoformat(), at=at, by=ticket.assignee
            )
        )

    def _answer(self, ticket: Ticket, topic: str, at: datetime) -> None:
        language = "fr" if ticket.language == "fr" else "ar"
        written, citations = self.desk.said[topic, language]
        quote = written.quotes[0]
        version = quote.version
        second = next(user for user in self.desk.advisors[1:] if user != ticket.assignee)
        four_eyes = topic in self.desk.four_eyes
        given = {
            "topic": topic, "title": version.title, "version": version.number,
            "checked": version.checked_on.isoformat(),
            "citations": list(dict.fromkeys(one["text"] for one in citations)),
        }  # fmt: skip
        sent = self._entry(
            ticket, Kind.ANSWER, at, by=ticket.assignee, text=written.text,
            data={"help": Help.ADVICE.value, "given": [given]},
        )  # fmt: skip
        sent.language = language
        answer = Answer(
            ticket=ticket, entry=sent, state=Answer.State.RELEASED, language=language,
            text=written.text, help=Help.ADVICE, caution_version=CAUTION_VERSION,
            four_eyes=four_eyes, author=ticket.assignee, written_at=at, released_at=at,
            released_by=second if four_eyes else ticket.assignee,
        )  # fmt: skip
        self.answers.append(answer)
        self._add(
            GivenVersion(
                answer=answer, version=version, statements=list(quote.statements),
                citations=citations,
            )
        )  # fmt: skip
        ticket.first_answered_at, ticket.help = at, Help.ADVICE

    def _end(self, ticket: Ticket, at: datetime) -> None:
        rng = self.rng
        ticket.outcome = rng.choices(OUTCOMES, OUTCOME_WEIGHTS)[0]
        ticket.help = ticket.help or Help.INFO
        ticket.closed_at = at
        ticket.first_answered_at = ticket.first_answered_at or at
        self._entry(
            ticket, Kind.CLOSURE, at, by=ticket.assignee,
            data={"outcome": str(ticket.outcome), "help": str(ticket.help)},
        )  # fmt: skip
        if rng.random() < 0.08:
            rated = self._later(at, 3000)
            score = rng.choices((5, 4, 3, 2, 1), (50, 30, 12, 5, 3))[0]
            self._entry(ticket, Kind.RATING, rated, from_asker=True, data={"score": score})
            self._add(
                Rating(ticket=ticket, score=score, words=rng.choice(words()["ratings"]), at=rated)
            )

    def _owe(self, ticket: Ticket, at: datetime) -> None:
        start = self.at + timedelta(minutes=self.rng.randrange(-600, 3000))
        self._add(
            Promise(
                ticket=ticket, window_from=start, window_until=start + timedelta(hours=1),
                owed_by=ticket.assignee, made_by=ticket.assignee, made_at=at,
            )
        )  # fmt: skip
