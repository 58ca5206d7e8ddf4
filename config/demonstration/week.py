"""Calls of the days before: what the figures of service, the board and the threads of requests tell of.

Each day of the last seven is laid once, and today's when the demonstration is first started that day: a
start on the same day lays nothing. Every step goes through the telephone's own actions, at its time.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from config.demonstration.sheets import DATA
from helpdesk.accounts.models import User
from helpdesk.associations.numbers import Number
from helpdesk.centre.models import Centre
from helpdesk.queues.models import Presence, PresenceSpell
from helpdesk.tickets.models import Promise, Ticket
from helpdesk.tickets.rules import Help, Outcome
from knowledge.articles.models import Theme
from telephony import actions
from telephony.actions import Caller, Source, Wrapup, calling, owed
from telephony.facts import Why
from telephony.models import Call, Leg

KEY = "demo:call:"
"""Begins the key of each call laid here; its day follows."""
DAYS, KEPT_DAYS = 7, 15
WORKDAY, SATURDAY, LATEST = 4, 2, 6
"""Calls of a day, and of today; on Sundays nobody calls. Few: each costs a tenth of a second of the start."""
OPENS, CLOSES, TODAY = time(9, 5), time(16, 20), timedelta(hours=6)
ADVISORS = ("amina", "salma")
PROVINCES = ("07.351", "07.041", "07.427", "07.431", "07.211")
SOON = 20
"""Seconds within which a caller should be answered."""


def lay(centre: Centre, users: dict[str, User], *, at: datetime) -> int:
    """Lay the days that are missing; how many calls."""
    today = timezone.localdate(at)
    first = timezone.make_aware(datetime.combine(today - timedelta(days=DAYS), time()))
    rows = Call.objects.filter(key__startswith=KEY, started_at__gte=first)
    known = {key.removeprefix(KEY).split(":")[0] for key in rows.values_list("key", flat=True)}
    days = [today - timedelta(days=ago) for ago in range(DAYS, -1, -1)]
    missing = [day for day in days if day.isoformat() not in known]
    if missing:
        # Nothing is offered meanwhile to who is there: those times are over.
        Presence.objects.filter(user__in=users.values()).update(state=Presence.State.AWAY)
    themes = {theme.code: theme for theme in Theme.objects.all()}
    return sum(Day(day, centre, users, themes, at).lay() for day in missing)


def outdated(*, at: datetime) -> list[int]:
    """Requests of calls laid here that are older than the figures reach."""
    calls = Call.objects.filter(
        key__startswith=KEY, started_at__lt=at - timedelta(days=KEPT_DAYS)
    ).values("ticket")
    return list(Ticket.objects.filter(pk__in=calls).values_list("pk", flat=True))


def _asked() -> list[dict[str, str]]:
    with (DATA / "calls.toml").open("rb") as file:
        return list(tomllib.load(file)["call"])


@dataclass
class Day:
    """One day of calls; the same day is the same calls."""

    day: date
    centre: Centre
    users: dict[str, User]
    themes: dict[str, Theme]
    now: datetime
    random: Random = field(init=False)
    made: int = 0

    def __post_init__(self) -> None:
        self.random = Random(self.day.toordinal())

    def lay(self) -> int:
        starts = self._starts()
        for at in starts:
            way = WAYS[(self.day.toordinal() * LATEST + self.made) % len(WAYS)]
            (TODAYS[self.made % len(TODAYS)] if self._is_today else way)(self, at)
            self.made += 1
        if self._is_today and starts:
            self._attend((Presence.State.FREE, starts[0] - timedelta(minutes=10), self.now))
        elif starts:
            begin, noon, end = map(self._time, (time(8, 50), time(12, 30), time(16, 40)))
            back = noon + timedelta(hours=1)
            self._attend(
                (Presence.State.FREE, begin, noon), (Presence.State.BREAK, noon, back),
                (Presence.State.FREE, back, end),
            )  # fmt: skip
        return self.made

    def _starts(self) -> list[datetime]:
        if self._is_today:
            end = self.now - timedelta(minutes=25)
            begin = max(self._time(time()), end - TODAY)
            count = LATEST
        else:
            begin, end = self._time(OPENS), self._time(CLOSES)
            count = {5: SATURDAY, 6: 0}.get(self.day.weekday(), WORKDAY)
        if end - begin < timedelta(minutes=15) * count:
            return []
        each = (end - begin) / max(1, count)
        return [
            (begin + each * (n + 0.6 * self.random.random())).replace(microsecond=0)
            for n in range(count)
        ]

    def _time(self, of_day: time) -> datetime:
        return timezone.make_aware(datetime.combine(self.day, of_day))

    @property
    def _is_today(self) -> bool:
        return self.day == timezone.localdate(self.now)

    def _attend(self, *spells: tuple[Presence.State, datetime, datetime]) -> None:
        """Who was available when, unless something is known of that time."""
        begin, end = spells[0][1], spells[-1][2]
        there = PresenceSpell.objects.filter(began_at__lt=end, user__in=self.users.values())
        if there.exclude(ended_at__lte=begin).exists():
            return
        PresenceSpell.objects.bulk_create(
            PresenceSpell(user=self.users[name], state=state, began_at=start, ended_at=stop)
            for name in ADVISORS
            for state, start, stop in spells
        )

    # --- how a call goes --------------------------------------------------------------------------

    def _key(self) -> str:
        return f"{KEY}{self.day.isoformat()}:{self.made}"

    def _number(self) -> Number:
        """Of its own for each call."""
        return Number(f"+2126{(self.day.toordinal() * 10 + self.made) % 10**8:08d}")

    def _rings(self, at: datetime) -> tuple[Call, dict[str, str]]:
        asked = self.random.choice(ASKED)
        caller = Caller(
            number=self._number(), words=asked["words"], language=asked["lang"],
            theme=self.themes.get(asked["theme"]), province=self.random.choice(PROVINCES),
        )  # fmt: skip
        call = actions.arrive(
            Call.Line.WEB, caller, centre=self.centre, at=at, source=Source.BROWSER,
            key=self._key(),
        )  # fmt: skip
        return call, asked

    def _takes(self, call: Call, at: datetime, *, by: User) -> Leg:
        """Both hear each other a second later."""
        leg = actions.answer(call, by=by, at=at)
        for end in (leg, call.legs.get(role=Leg.Role.CALLER)):
            actions.joined(end, at=at + timedelta(seconds=1))
        return leg

    def _ends(self, leg: Leg, asked: dict[str, str], at: datetime, *, talk: int) -> None:
        leg.refresh_from_db()
        over = at + timedelta(seconds=talk)
        actions.end(leg, at=over)
        self._writes(leg.call, asked, over, by=leg.user)

    def _writes(self, call: Call, asked: dict[str, str], at: datetime, *, by: Any) -> None:
        help_, outcome = self.random.choice(
            ((Help.INFO, Outcome.SOLVED_FIRST), (Help.INFO, Outcome.SOLVED_FIRST),
             (Help.ADVICE, Outcome.ADVICE_GIVEN), (Help.DRAFTING, Outcome.DOCUMENT))
        )  # fmt: skip
        said = Wrapup(
            words=asked["words"], help=help_, outcome=outcome, language=asked["lang"],
            theme=self.themes.get(asked["theme"]), standing="office-holder", caution_read=True,
        )  # fmt: skip
        written = at + timedelta(seconds=self.random.randrange(25, 100))
        actions.wrap_up(Call.objects.for_card().get(pk=call.pk), said, by=by, at=written)

    def _advisor(self, *, but: Any = None) -> User:
        names = [name for name in ADVISORS if self.users[name] != but]
        return self.users[self.random.choice(names)]

    def _talk(self) -> int:
        return self.random.randrange(140, 520)

    def at_the_desk(self, at: datetime) -> None:
        """At any telephone beside the screen: the advisor typed the number."""
        asked, by = self.random.choice(ASKED), self._advisor()
        call = actions.answer_telephone(by=by, at=at, key=self._key(), number=self._number())
        over = at + timedelta(seconds=self._talk())
        actions.hang_up(call, at=over)
        self._writes(call, asked, over, by=by)

    def answered(self, at: datetime, *, waited: int = 0) -> None:
        call, asked = self._rings(at)
        taken = at + timedelta(seconds=waited or self.random.randrange(4, SOON - 2))
        self._ends(self._takes(call, taken, by=self._advisor()), asked, taken, talk=self._talk())

    def answered_late(self, at: datetime) -> None:
        self.answered(at, waited=self.random.randrange(30, 110))

    def held(self, at: datetime) -> None:
        call, asked = self._rings(at)
        taken = at + timedelta(seconds=self.random.randrange(5, SOON))
        leg = self._takes(call, taken, by=self._advisor())
        actions.set_hold(leg, True, at=taken + timedelta(seconds=70))
        actions.set_hold(
            leg, False, at=taken + timedelta(seconds=70 + self.random.randrange(20, 80))
        )
        self._ends(leg, asked, taken, talk=160 + self._talk())

    def passed_on(self, at: datetime) -> None:
        """Back to the line, and taken by the other advisor."""
        call, asked = self._rings(at)
        first, taken = self._advisor(), at + timedelta(seconds=8)
        self._takes(call, taken, by=first)
        gone = taken + timedelta(seconds=95)
        actions.give_back(call, why=Why.TRANSFER, by=first, at=gone)
        again = gone + timedelta(seconds=12)
        self._ends(
            self._takes(call, again, by=self._advisor(but=first)), asked, again, talk=self._talk()
        )

    def given_up_and_called(self, at: datetime) -> None:
        """The caller gave up; an advisor calls them a while later."""
        call, asked = self._rings(at)
        calling.hang_up(
            call, why=Why.CALLER, at=at + timedelta(seconds=self.random.randrange(40, 130)),
            source=Source.BROWSER,
        )  # fmt: skip
        self._calls_back(call, asked, at + timedelta(minutes=self.random.randrange(6, 14)))

    def given_up_at_once(self, at: datetime) -> None:
        """Within five seconds."""
        call, asked = self._rings(at)
        calling.hang_up(call, why=Why.CALLER, at=at + timedelta(seconds=3), source=Source.BROWSER)
        self._calls_back(call, asked, at + timedelta(minutes=9))

    def asked_to_be_called(self, at: datetime) -> None:
        call, asked = self._rings(at)
        actions.ask_call_back(call, at=at + timedelta(seconds=75))
        self._calls_back(call, asked, at + timedelta(minutes=11))

    def _calls_back(self, call: Call, asked: dict[str, str], at: datetime) -> None:
        by = self._advisor()
        promise = Promise.objects.owed().filter(ticket=call.ticket).first()
        if promise is None:
            return
        made = owed.call_now(promise, by=by, at=at)
        over = at + timedelta(seconds=self._talk())
        owed.reached(made, by=by, at=over)
        actions.hang_up(made, at=over)
        self._writes(made, asked, over, by=by)


ASKED = _asked()
WAYS: tuple[Callable[[Day, datetime], None], ...] = (
    Day.answered, Day.at_the_desk, Day.held, Day.at_the_desk, Day.answered_late, Day.answered,
    Day.given_up_and_called, Day.at_the_desk, Day.passed_on, Day.at_the_desk, Day.answered,
    Day.asked_to_be_called, Day.at_the_desk, Day.answered_late, Day.answered, Day.given_up_at_once,
    Day.at_the_desk,
)  # fmt: skip
TODAYS = (
    Day.answered, Day.at_the_desk, Day.held, Day.answered, Day.asked_to_be_called, Day.passed_on,
)  # fmt: skip
"""Of today, which the board tells of."""
