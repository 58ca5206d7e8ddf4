"""Today's telephone on the board: the service level and who gave up."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.centre.wording import percent_text
from helpdesk.queues.narrowing import Only
from helpdesk.supervision import measures, rules
from helpdesk.supervision.rules import LATE, OK, SOON
from helpdesk.supervision.showing import Act, Tile, Waits


def _rows(figure: str) -> str:
    return f"{reverse('supervision:service_rows')}?{urlencode({'figure': figure})}"


def level(waits: Waits) -> Tile:
    """Calls answered within the target, of those answered and those given up after it."""
    part, found = len(measures.in_time(waits.calls)), measures.service_level(waits.calls)
    whole = len(measures.answered(waits.calls)) + len(measures.abandoned_late(waits.calls))
    share = None if found is None else int(found * 100)
    state = OK if share is None else rules.at_least(share, rules.IN_TARGET_LEAST)
    goal = f"\u2066{percent_text(rules.IN_TARGET_LEAST)}\u2069"
    return Tile(
        "service", _("Service level today"), "–" if share is None else str(share), state,
        _("at least %(share)s") % {"share": goal},
        Act(_("See it by hour"), reverse("supervision:service")), _rows("in-time"), part,
        unit="" if share is None else "%", goal=goal,
        of=_("%(part)s of %(whole)s") % {"part": part, "whole": whole},
    )  # fmt: skip


def given_up(waits: Waits) -> Tile:
    """Callers who gave up after more than five seconds; most of them are owed a call."""
    count = len(measures.abandoned(waits.calls))
    share = measures.abandonment(waits.calls) or 0.0
    state = LATE if share > rules.GIVEN_UP_MOST / 100 else SOON if count else OK
    act = Act(_("See them"), _rows("abandoned"))
    if waits.count(Only.PROMISED):
        act = Act(
            _("Call them back"), f"{reverse('queues:list')}?{urlencode({'only': Only.PROMISED})}"
        )
    return Tile(
        "given-up", _("Callers who gave up today"), str(count), state,
        _("at most %(share)s") % {"share": f"\u2066{percent_text(rules.GIVEN_UP_MOST)}\u2069"},
        act, _rows("abandoned"), count,
        of=_("of %(n)s") % {"n": len(measures.offered(waits.calls))},
    )  # fmt: skip
