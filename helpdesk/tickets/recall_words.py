"""The ready message of a recall, in the language of who asked: what was answered, what changes now."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from helpdesk.centre.wording import date_text
from helpdesk.tickets.actions.telling import page_language
from helpdesk.tickets.rules import CAUTION


def message(row: Any) -> str:
    """Plain text for the thread, or to be read aloud. `row` is a Recalled."""
    version, language = row.recall.version, page_language(row.ticket)
    change = version.change_fr if language == "fr" else version.change_ar
    with translation.override(language):
        link = f"{settings.PUBLIC_URL}{reverse('articles:article', args=[row.recall.topic])}"
        said = {
            "reference": row.ticket.reference,
            "day": date_text(row.answer.released_at or row.answer.written_at, "full"),
        }
        lines = [
            _("On %(day)s we answered your request %(reference)s. A rule that our answer rested on has changed since.") % said,
            change or version.change_ar or version.change_fr,
            _("What holds today: %(link)s") % {"link": link},
            _("If you have begun something after our answer, write to us here and an advisor calls you."),
        ]  # fmt: skip
    return "\n\n".join([*lines, CAUTION[language]])
