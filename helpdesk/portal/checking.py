"""What was said, as rows to check before it is sent: label, value, and where to change it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.associations.rules import Standing
from helpdesk.centre.territory import province_name
from helpdesk.centre.wording import date_text
from helpdesk.portal.asking import Asking
from helpdesk.portal.rules import Step, Who
from helpdesk.tickets import intake
from helpdesk.tickets.facts import label
from helpdesk.tickets.rules import AnswerBy
from knowledge.articles.models import Version


@dataclass(frozen=True)
class Row:
    label: str
    value: str
    url: str
    isolate: bool = False


def rows(asking: Asking, said: Mapping[str, Any], *, about: Version | None) -> list[Row]:
    """In the order of the pages."""
    facts = [_fact(code, said.get(f"fact_{code}", "")) for code in asking.fact_codes]
    papers = asking.papers
    return [
        Row(_("Theme"), _theme(asking), _change(Step.THEME)),
        *([Row(_("About the answer"), about.title, _change(Step.QUESTION))] if about else []),
        Row(_("Question"), said["question"], _change(Step.QUESTION)),
        *(row for row in facts if row),
        Row(
            _("Papers"), "\n".join(paper.shown_name for paper in papers) or _("none"),
            _change(Step.PAPERS),
        ),
        Row(_("Who asks"), _association(said), _change(Step.ASSOCIATION)),
        *_answer(said),
    ]  # fmt: skip


def _change(step: Step) -> str:
    return f"{reverse('portal:ask_step', args=[step])}?then={Step.CHECK}"


def _theme(asking: Asking) -> str:
    form = asking.form(Step.THEME)
    choices = dict(form.fields["theme"].choices)
    return str(choices.get(asking.fields.get("theme", ""), ""))


def _fact(code: str, value: str) -> Row | None:
    if not value:
        return None
    if value in intake.WORDS:
        value = str(intake.WORDS[value])
    elif day := intake.as_day(value):
        value = date_text(day)
    return Row(label(code), value, _change(Step.FACTS))


def _association(said: Mapping[str, Any]) -> str:
    who = str(Who(said["who"]).label)
    if said["who"] == Who.ASSOCIATION and said["association"]:
        who = said["association"]
    places = [said["commune"], province_name(said["province"])]
    standing = str(Standing(said["standing"]).label) if said["standing"] else ""
    future = said["association"] if said["who"] == Who.FOUNDERS else ""
    return "\n".join(part for part in (who, future, *places, standing) if part)


def _answer(said: Mapping[str, Any]) -> list[Row]:
    url = _change(Step.ANSWER)
    ways = {
        AnswerBy.FOLLOW: _("On this site, with number and code"),
        AnswerBy.EMAIL: _("An e-mail that announces the answer"),
        AnswerBy.SMS: _("An SMS that announces the answer"),
        AnswerBy.PHONE: _("By telephone"),
    }
    found = [Row(_("Way of answering"), ways[AnswerBy(said["answer_by"])], url)]
    if said["email"]:
        found.append(Row(_("E-mail"), said["email"], url, isolate=True))
    if said["phone"]:
        # The holder's own number, typed a moment ago: shown whole so that it can be checked.
        found.append(Row(_("Telephone number"), said["phone"].national(), url, isolate=True))
    found.append(Row(_("Your name"), said["name"] or _("not stated"), url))
    return found
