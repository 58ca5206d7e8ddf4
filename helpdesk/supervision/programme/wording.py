"""The words of the programme report: what each figure is called, and the rule by which it is counted.

The rule stands beside its number on the page, in the workbook and in the PDF.
"""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from helpdesk.accounts.models import Tongue
from helpdesk.centre.territory import province_name
from helpdesk.centre.wording import date_text
from helpdesk.supervision.periods import Period
from helpdesk.tickets import access as tickets
from helpdesk.tickets.rules import Came, Channel, Help
from knowledge.articles.papers import texts
from knowledge.languages import reading_language

Words = tuple[str, str]
"""Label and rule."""


def section_names() -> dict[str, str]:
    return {
        "S1": _("Call and accompaniment centre"),
        "S2": _("Legal and administrative consultations"),
        "S3": _("Access to information and documents"),
    }


def figures() -> dict[str, Words]:
    return {
        "contacts": (_("Contacts"), _(
            "Every exchange that came in by any channel, once; a wait after a transfer is none.")),
        "questions": (_("Questions opened"), _(
            "Requests opened in the period; one that was merged into another is not counted.")),
        "associations": (_("Associations"), _(
            "Each association that a contact or a new request names, once in the period.")),
        "persons": (_("Persons"), _(
            "Each person that a contact or a new request names, once in the period. Who stays"
            " anonymous counts as a contact only.")),
        "answered": (_("Calls and chats answered"), _(
            "Contacts by telephone and chat that an advisor took, of all that came.")),
        "abandoned": (_("Calls and chats given up"), _(
            "Left the line after more than five seconds before anybody took them, of all that came.")),
        "called-back": (_("Called back in time"), _(
            "Call-backs kept by the end of the time promised, of those due in the period.")),
        "first-contact": (_("Solved at first contact"), _(
            "Closed by the advisor with this outcome, of all requests closed in the period.")),
        "waiting": (_("Waiting time, half waited less"), _(
            "Calls and chats answered, from entering the line until taken; to five seconds.")),
        "waiting-most": (_("Waiting time, nine of ten waited less"), _(
            "The same contacts; one of ten waited longer.")),
        "satisfied": (_("Satisfied"), _(
            "Ratings of 4 or 5, of all given in the period. Nobody has to rate.")),
        "consultations": (_("Questions answered"), _(
            "Requests whose first answer was given in the period.")),
        "reviewed": (_("Answers read by a second person"), _(
            "Released by somebody else than their author, of all answers released.")),
        "referrals": (_("Referrals"), _(
            "Requests closed in the period as referred to somebody else.")),
        "referral-results": (_("Referrals with a known result"), _(
            "Of these, those whose result the centre knew when it closed them.")),
        "open": (_("Open at the end"), _(
            "Requests opened before the end of the period and not closed by then.")),
        "touched": (_("Answers touched by a change of law"), _(
            "Requests that a recall opened in the period concerns.")),
        "use-view": (_("Answers read"), _("Each opening of an article's page.")),
        "use-print": (_("Printed"), _("Articles and papers printed from their page.")),
        "use-download": (_("Papers downloaded"), _("Word and PDF files taken.")),
        "use-copy": (_("Copies of the library"), _("The whole library taken as one file.")),
        "searches": (_("Searches"), _(
            "Searches typed or made for an asker; kept for thirteen months.")),
        "in-vain": (_("Searches without result"), _(
            "Nothing was found, of all searches.")),
        "overdue": (_("Articles past their review day"), _(
            "Published articles whose next review was due by the end of the period and is not done"
            " on the day of this report.")),
        "apart": (_("Articles whose languages differ"), _(
            "Arabic and French do not say the same, on the day of this report.")),
        "with-article": (_("Closed with an article"), _(
            "An answer gave an article of the library, of all requests closed in the period; the"
            " rest was closed without.")),
    }  # fmt: skip


def tables() -> dict[str, Words]:
    return {
        "channel": (_("Contacts by channel"), _("How the contact itself came.")),
        "language": (_("Contacts by language"), _("The language the asker speaks.")),
        "province": (_("Contacts by province"), _("Of the request; often nobody asks.")),
        "theme": (_("Questions answered by theme"), _("The theme the request has now.")),
        "help": (_("Answers released by kind of help"), _("As the author chose it.")),
        "age": (_("Open at the end, by age"), _("From the opening to the end of the period.")),
        "result": (_("What came of it"), _("As askers said a month later; asked once.")),
        "papers": (_("Papers used most"), _("Printed or downloaded; the first ten.")),
    }


def not_counted() -> dict[str, list[str]]:
    """What the programme asks for and this installation has no record of: said, never guessed."""
    return {
        "S1": [_("Women, young people and rural people among the askers: nobody is asked.")],
        "S2": [_("What became of a referral after the request was closed, unless the asker said it.")],
        "S3": [
            _("The channel of readings and searches, and the province of searches: they are not kept."),
            _("Readings of copies taken away and of pages printed by others."),
        ],
        "": [
            _("Public policies, field training, internal governance, funding, guides and distance"
              " learning, the hub of competences (S4 to S9): this program does not count them."),
        ],
    }  # fmt: skip


def general_rules() -> list[str]:
    return [
        _("A contact is one exchange; a request is one question followed to its end."),
        _("An association counts once in the period; an anonymous person is a contact, never a person."),
        _("Every number of people is rounded to the nearest multiple of five and told from five on;"
          " a row alone under five takes the next smallest with it. So rows may not add up to their"
          " total, and shares are taken from the rounded numbers."),
        _("Only periods that are over; days and midnights are those of Morocco."),
        _("Live figures follow later corrections; a frozen copy never changes."),
    ]  # fmt: skip


def title_of(span: Period) -> str:
    if span.kind == "month":
        return date_text(span.first, "month")
    if span.kind == "quarter":
        return _("%(first)s to %(last)s") % {
            "first": date_text(span.first, "month"), "last": date_text(span.last, "month"),
        }  # fmt: skip
    return _("year %(year)s") % {"year": span.first.year}


def namers() -> dict[str, Callable[[str], str]]:
    """How a code of each table is called; an empty or unknown one says so."""
    themes = {theme.code: str(theme) for theme in tickets.themes()}
    papers = {one.code: one.title for one in texts.papers(reading_language())}
    ages = {
        "week": _("less than a week"), "month": _("a week to a month"),
        "quarter": _("one to three months"), "older": _("older"),
    }  # fmt: skip
    named: dict[str, Callable[[str], str]] = {
        "channel": _labels(dict(Channel.choices)),
        "language": _labels(dict(Tongue.choices)),
        "province": province_name,
        "theme": _labels(themes),
        "help": _labels(dict(Help.choices)),
        "age": _labels(ages),
        "result": _labels(dict(Came.choices)),
        "papers": _labels(papers),
    }
    return {key: _said(name) for key, name in named.items()}


def _labels(names: Mapping[str, object]) -> Callable[[str], str]:
    return lambda code: str(names.get(code, code))


def _said(name: Callable[[str], str]) -> Callable[[str], str]:
    return lambda code: (name(code) if code else "") or _("not said")
