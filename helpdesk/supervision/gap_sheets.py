"""The gap report as a workbook: words without names, numbers under five not told."""

from typing import Any

from django.utils.translation import gettext as _

from helpdesk.supervision.gap_page import Page
from helpdesk.supervision.gap_sources import Source
from helpdesk.supervision.months import LEAST
from helpdesk.supervision.sheets import book_of
from knowledge.search.models import Act


def workbook(shown: Page) -> bytes:
    """Questions, what was offered in vain, and what the figures stand for."""
    heads = [
        _("In the askers' words"), _("Other wordings"), _("Theme"), _("Language"), _("Province"),
        _("Last"), _("Times asked"), *(str(source.label) for source in Source),
    ]  # fmt: skip
    asked = [
        [
            line.words, " / ".join(line.others), line.theme, line.languages, line.provinces,
            line.group.last.isoformat(), _told(line.group.times),
            *(_told(line.group.counts[source]) for source in Source),
        ]
        for line in shown.lines
    ]  # fmt: skip
    offered = [
        [one.title, _told(one.not_useful), *(_told(one.acts[act]) for act in _ACTS),
         " / ".join(one.remarks)]
        for one in shown.report.missed
    ]  # fmt: skip
    return book_of(
        [
            (_("Gaps"), heads, [*asked, [_("Period"), shown.title]]),
            (
                _("Offered in vain"),
                [_("Answer"), _("Not useful"), *(str(act.label) for act in _ACTS), _("Remarks")],
                offered,
            ),
        ]
    )


_ACTS = (Act.REFUSED, Act.PASSED, Act.SHOWN, Act.OPENED, Act.INSERTED)


def _told(number: int) -> Any:
    return number if number == 0 or number >= LEAST else _("fewer than 5")
