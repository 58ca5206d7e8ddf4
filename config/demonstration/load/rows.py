"""One batch of the load: tickets with entries, answers, waiting and handling rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from config.demonstration.load.people import People, words
from config.demonstration.load.writing import Numbers, Row, defaults, insert
from helpdesk.centre.models import Centre
from helpdesk.queues.models import Handling, Queue, Waiting
from helpdesk.tickets.models import (
    Answer,
    Entry,
    GivenVersion,
    Grant,
    IntakeFact,
    Promise,
    Ticket,
)
from helpdesk.tickets.opinion_models import Rating
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

CHANNELS = (
    Channel.PHONE, Channel.WEB, Channel.CHAT, Channel.MAIL, Channel.VISIT, Channel.WHATSAPP,
    Channel.SMS, Channel.API,
)  # fmt: skip
CHANNEL_WEIGHTS = (45, 22, 18, 7, 2, 4, 1, 1)
TONGUES = ("ary", "ar", "fr", "shi")
TONGUE_WEIGHTS = (45, 20, 30, 5)
FIRST = {Channel.PHONE: Kind.CALL, Channel.CHAT: Kind.LINE, Channel.MAIL: Kind.MAIL}
OUTCOMES = (
    Outcome.ADVICE_GIVEN, Outcome.SOLVED_FIRST, Outcome.SOLVED_CALLBACK, Outcome.DOCUMENT,
    Outcome.REFERRED_KNOWN, Outcome.WITHDRAWN, Outcome.OUT_OF_SCOPE,
)  # fmt: skip
OUTCOME_WEIGHTS = (40, 30, 10, 8, 5, 4, 3)
LIVE = (Channel.PHONE, Channel.CHAT)
WRITTEN = {"ar": "ar", "ary": "ary", "fr": "fr", "shi": "ary"}
"""Who speaks Tashelhit is written down in Darija."""
OPEN_AGE = 0.045
"""The newest part of the tickets, of which somewhat more than half are still open."""


ORDER = (Ticket, Entry, Answer, GivenVersion, Waiting, Handling, IntakeFact, Grant, Promise, Rating)
"""Each refers only to those before it."""


@dataclass(frozen=True)
class Desk:
    """Primary keys of what every ticket refers to."""

    centre: Centre
    queue: Queue
    advisors: Sequence[int]
    themes: dict[str, int]
    four_eyes: frozenset[str]
    said: dict[tuple[str, str], Any]
    """(topic, language) -> what an answer says, and its frozen citations."""


@dataclass
class Batch:
    """Rows not written yet; their keys are known before, so they refer to each other by them."""

    desk: Desk
    people: People
    rng: Random
    at: datetime
    numbers: Numbers
    rows: dict[type[Any], list[Row]] = field(default_factory=lambda: {m: [] for m in ORDER})

    def add(self, opened: datetime, *, age: float) -> None:
        """One ticket. `age`: 1 for the oldest of all, 0 for the newest."""
        rng, desk = self.rng, self.desk
        topic = rng.choice(words()["topic"])
        place = rng.randrange(len(self.people.persons))
        association = self.people.home[place]
        state = self._state(age)
        ticket = self._row(
            Ticket, centre_id=desk.centre.pk, team_id=desk.queue.team_id,
            theme_id=desk.themes[topic["code"]],
            channel=rng.choices(CHANNELS, CHANNEL_WEIGHTS)[0],
            language=rng.choices(TONGUES, TONGUE_WEIGHTS)[0], level=self._level(), state=state,
            person_id=self.people.persons[place] if rng.random() < 0.93 else None,
            association_id=association.pk if association else None,
            province=association.province if association else "",
            standing="office-holder" if association else "not-stated",
            assignee_id=None if state == State.NEW else rng.choice(desk.advisors),
            opened_at=opened, moved_at=opened, answer_due_at=opened + timedelta(days=1),
            reply_token=f"demo{rng.getrandbits(80):020x}",
        )  # fmt: skip
        self._tell(ticket, topic)

    def write(self) -> None:
        """Into the database."""
        for model, rows in self.rows.items():
            insert(model, rows)

    # --- one ticket's story ---------------------------------------------------------------------

    def _tell(self, ticket: Row, topic: dict[str, Any]) -> None:
        rng, by, now = self.rng, ticket["assignee_id"], ticket["opened_at"]
        called, live = ticket["channel"] == Channel.PHONE, ticket["channel"] in LIVE
        text = self._question(topic, WRITTEN[ticket["language"]])
        ticket["subject"] = text[:120]
        ticket["answer_by"] = AnswerBy.PHONE if called else AnswerBy.FOLLOW
        first = FIRST.get(ticket["channel"], Kind.QUESTION)
        self._entry(ticket, first, now, text=text, by_id=by if called else None,
                    from_asker=not called)  # fmt: skip
        if not called:
            self._wait(ticket, now)
        if ticket["state"] == State.NEW:
            return
        now = self._later(now, 2 if live else 900)
        self._entry(ticket, Kind.CLAIM, now, by_id=by)
        if rng.random() < 0.15:
            now = self._later(now, 600)
            self._entry(ticket, Kind.NOTE, now, by_id=by, text=rng.choice(words()["notes"]))
        if rng.random() < 0.2:
            self._fact(ticket, now)
        if live:
            self._handle(ticket)
        if self._is_answered(ticket):
            now = self._later(now, 1200)
            self._answer(ticket, topic["code"], now)
        if ticket["level"] == Level.SEALED:
            self._hang(Grant, ticket, user_id=by, given_by_id=by, given_at=now, reason="خلاف")
        if ticket["state"] == State.CLOSED:
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

    def _is_answered(self, ticket: Row) -> bool:
        if ticket["state"] == State.ANSWERED:
            return True
        if ticket["state"] != State.CLOSED:
            return False
        return self.rng.random() < (0.25 if ticket["channel"] == Channel.PHONE else 0.7)

    def _later(self, moment: datetime, minutes: int) -> datetime:
        """Some time after, never in the future."""
        after = moment + timedelta(seconds=self.rng.randrange(30, 60 * minutes + 60))
        return min(after, max(moment, self.at))

    # --- rows -------------------------------------------------------------------------------------

    def _row(self, model: type[Any], **fields: Any) -> Row:
        row = {**defaults(model), "id": self.numbers.next(model), **fields}
        self.rows[model].append(row)
        return row

    def _hang(self, model: type[Any], ticket: Row, **fields: Any) -> Row:
        """A row that hangs on the ticket."""
        return self._row(model, ticket_id=ticket["id"], **fields)

    def _entry(self, ticket: Row, kind: Kind, at: datetime, **fields: Any) -> Row:
        ticket["last"] += 1
        ticket["moved_at"] = at
        if fields.get("text"):
            fields.setdefault("language", ticket["language"])
        return self._hang(
            Entry, ticket, number=ticket["last"], kind=kind, at=at, public=kind in PUBLIC_KINDS,
            **fields,
        )  # fmt: skip

    def _wait(self, ticket: Row, at: datetime) -> None:
        taken = None if ticket["state"] == State.NEW else self._later(at, 30)
        self._hang(
            Waiting, ticket, queue_id=self.desk.queue.pk, channel=ticket["channel"],
            language=ticket["language"], since=at, due_at=at + timedelta(days=1),
            claimed_by_id=ticket["assignee_id"], claimed_at=taken, ended_at=taken,
        )  # fmt: skip

    def _handle(self, ticket: Row) -> None:
        talk, wrap = self.rng.randrange(60, 1200), self.rng.randrange(20, 240)
        began = ticket["opened_at"]
        ended = began + timedelta(seconds=talk)
        self._hang(
            Handling, ticket, user_id=ticket["assignee_id"], channel=ticket["channel"],
            started_at=began, answered_at=began, ended_at=ended, help=Help.ADVICE,
            wrapped_at=ended + timedelta(seconds=wrap), talk_seconds=talk, wrapup_seconds=wrap,
        )  # fmt: skip

    def _fact(self, ticket: Row, at: datetime) -> None:
        day = (ticket["opened_at"] - timedelta(days=self.rng.randrange(5, 120))).date()
        self._hang(
            IntakeFact, ticket, code="deposit_date", value=day.isoformat(), at=at,
            by_id=ticket["assignee_id"],
        )  # fmt: skip

    def _answer(self, ticket: Row, topic: str, at: datetime) -> None:
        language, by = "fr" if ticket["language"] == "fr" else "ar", ticket["assignee_id"]
        written, citations = self.desk.said[topic, language]
        quote = written.quotes[0]
        four_eyes = topic in self.desk.four_eyes
        second = next(user for user in self.desk.advisors[1:] if user != by)
        given = {
            "topic": topic, "title": quote.version.title, "version": quote.version.number,
            "checked": quote.version.checked_on.isoformat(),
            "citations": list(dict.fromkeys(one["text"] for one in citations)),
        }  # fmt: skip
        answer = self._hang(
            Answer, ticket, state=Answer.State.RELEASED, language=language, text=written.text,
            help=Help.ADVICE, caution_version=CAUTION_VERSION, four_eyes=four_eyes, author_id=by,
            written_at=at, released_at=at, released_by_id=second if four_eyes else by,
        )  # fmt: skip
        sent = self._entry(
            ticket, Kind.ANSWER, at, by_id=by, text=written.text, language=language,
            data={"answer": answer["id"], "help": Help.ADVICE.value, "given": [given]},
        )  # fmt: skip
        answer["entry_id"] = sent["id"]
        self._row(
            GivenVersion, answer_id=answer["id"], version_id=quote.version.pk,
            statements=list(quote.statements), citations=citations,
        )  # fmt: skip
        ticket["first_answered_at"], ticket["help"] = at, Help.ADVICE

    def _end(self, ticket: Row, at: datetime) -> None:
        rng = self.rng
        ticket["outcome"] = rng.choices(OUTCOMES, OUTCOME_WEIGHTS)[0]
        ticket["help"] = ticket["help"] or Help.INFO
        ticket["closed_at"] = at
        ticket["first_answered_at"] = ticket["first_answered_at"] or at
        self._entry(
            ticket, Kind.CLOSURE, at, by_id=ticket["assignee_id"],
            data={"outcome": str(ticket["outcome"]), "help": str(ticket["help"])},
        )  # fmt: skip
        if rng.random() < 0.08:
            rated = self._later(at, 3000)
            score = rng.choices((5, 4, 3, 2, 1), (50, 30, 12, 5, 3))[0]
            self._entry(ticket, Kind.RATING, rated, from_asker=True, data={"score": score})
            self._hang(
                Rating, ticket, score=score, words=rng.choice(words()["ratings"]), at=rated
            )  # fmt: skip

    def _owe(self, ticket: Row, at: datetime) -> None:
        start, by = (
            self.at + timedelta(minutes=self.rng.randrange(-600, 3000)),
            ticket["assignee_id"],
        )
        self._hang(
            Promise, ticket, window_from=start, window_until=start + timedelta(hours=1),
            owed_by_id=by, made_by_id=by, made_at=at,
        )  # fmt: skip
