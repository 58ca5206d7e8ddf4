"""How the centre stands: who it is, what the CNDP gave, who answers for the library."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.centre.lines import isolated, isolated_ltr
from helpdesk.centre.models import Centre
from helpdesk.centre.wording import day_text
from knowledge.health import Check, Light

SIGN = "articles.review_version"


def checks(*, centre: int, at: datetime) -> list[Check]:
    """Centre and operator, the CNDP page, the reviewer, how visitors reach it."""
    row = Centre.objects.select_related("operator", "reviewer").get(pk=centre)
    return [_operator(row, at=at), _cndp(row), _reviewer(row), _contact(row)]


def _operator(centre: Centre, *, at: datetime) -> Check:
    name, address = _("Centre and operator"), _step("centre")
    operator, who = centre.operator, _("administrator")
    if operator is None:
        return Check(
            "centre", Light.RED, name, _("Nobody wrote down yet who runs this centre."),
            _("Write the names and the mandate."), who, address,
        )  # fmt: skip
    until = operator.mandate_until
    if until is not None and until < at.date():
        return Check(
            "centre", Light.AMBER, name,
            _("The mandate of %(name)s ended on %(day)s.")
            % {"name": isolated(str(operator)), "day": day_text(until)},
            _("Write the new mandate, or hand over."), who, address,
        )  # fmt: skip
    return Check("centre", Light.GREEN, name, isolated(str(operator)), address=address)


def _cndp(centre: Centre) -> Check:
    name, address = _("Page on personal data (CNDP)"), _step("privacy")
    said = [
        (centre.cndp_number, centre.cndp_on), (centre.cndp_authorisation, centre.cndp_authorised_on)
    ]  # fmt: skip
    known = [isolated_ltr(number) for number, day in said if number and day]
    if not known:
        return Check(
            "cndp", Light.RED, name,
            _("Neither a declaration to the CNDP nor an authorisation is written down, with its date."),
            _("Write the number and the date as they stand on the paper."), _("administrator"),
            address,
        )  # fmt: skip
    return Check("cndp", Light.GREEN, name, ", ".join(known), address=address)


def _reviewer(centre: Centre) -> Check:
    name, address, person = _("Reviewer of the library"), _step("library"), centre.reviewer
    if person is None or not person.is_active:
        said = _("Nobody is named who answers for the answers of the library.")
    elif not person.has_perm(SIGN):
        said = _("%(name)s may no longer sign articles.") % {"name": isolated(str(person))}
    else:
        return Check("reviewer", Light.GREEN, name, isolated(str(person)), address=address)
    return Check(
        "reviewer", Light.RED, name, said, _("Name a senior advisor or an editor."),
        _("administrator"), address,
    )  # fmt: skip


def _contact(centre: Centre) -> Check:
    name, address = _("How visitors reach the centre"), _step("contact")
    known = [isolated_ltr(text) for text in (centre.phone_shown, centre.email_shown) if text]
    if known:
        return Check("contact", Light.GREEN, name, ", ".join(known), address=address)
    return Check(
        "contact", Light.AMBER, name, _("Pages show neither a telephone nor an e-mail address."),
        _("Write what is to be printed."), _("administrator"), address,
    )  # fmt: skip


def _step(slug: str) -> str:
    return reverse("installation:step", args=[slug])
