"""What an asker is asked after a contact, and a month later: plain data for two small partials.

`portal/parts/rating.html` takes an `Opinion` as `opinion`, `portal/parts/result.html` a `Month` as
`month`. Both are forms that post to `url` and need no script; whoever shows them elsewhere (the end of
a chat) gives another `url` and calls `following.rate` behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from helpdesk.tickets import contacts
from helpdesk.tickets.actions.rating import may_change
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import SCORES, Came, Reason, came_choices, reasons_for

MOUTHS = {
    5: "M7.5 14a4.6 4.6 0 0 0 9 0z", 4: "M8 14.5a5 5 0 0 0 8 0", 3: "M8.5 15.5h7",
    2: "M8 16a5 5 0 0 1 8 0", 1: "M7.5 17a4.8 4.8 0 0 1 9 0",
}  # fmt: skip
"""How the face of each score is drawn, in a box of 24."""


@dataclass(frozen=True)
class Choice:
    code: str
    label: str
    chosen: bool
    mouth: str = ""


@dataclass(frozen=True)
class Opinion:
    """`given` is the rating of the last contact, else None; then the faces come first."""

    url: str
    scores: Sequence[Choice]
    reasons: Sequence[Choice]
    given: Any
    may_change: bool


@dataclass(frozen=True)
class Month:
    """What came of it: `said` is the answer given, in words, else empty."""

    url: str
    choices: Sequence[Choice]
    said: str
    may_change: bool


def opinion(ticket: Ticket, *, at: datetime, url: str = "") -> Opinion | None:
    """None while there is no settled contact to speak of."""
    rateable = contacts.of(ticket)
    if not rateable:
        return None
    given = ticket.ratings.filter(contact=rateable[-1]).first()
    score = given.score if given else 0
    return Opinion(
        url=url or reverse("portal:follow_rating"),
        scores=[
            Choice(str(code), str(label), code == score, MOUTHS[code])
            for code, label in SCORES.items()
        ],
        reasons=[
            Choice(code, str(Reason(code).label), code == given.reason)
            for code in reasons_for(score)
        ] if given else (),
        given=given,
        may_change=given is None or may_change(given.at, at=at),
    )  # fmt: skip


def month(ticket: Ticket, *, at: datetime, url: str = "") -> Month | None:
    """None where it was not asked."""
    asked = getattr(ticket, "result", None)
    if asked is None:
        return None
    theme = ticket.theme.code if ticket.theme else ""
    return Month(
        url=url or reverse("portal:follow_result"),
        choices=[
            Choice(code, str(Came(code).label), code == asked.code) for code in came_choices(theme)
        ],
        said=str(Came(asked.code).label) if asked.code else "",
        may_change=asked.said_at is None or may_change(asked.said_at, at=at),
    )
