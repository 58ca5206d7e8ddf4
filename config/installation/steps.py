"""The steps by which a centre is set up, in their order; each stays open for later."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from knowledge.health import Check, Light, worst


@dataclass(frozen=True)
class Step:
    """`checks` are the keys of the checks that tell how it stands; none = it is never owed."""

    slug: str
    title: Any
    line: Any
    icon: str
    checks: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        return reverse("installation:step", args=[self.slug])


STEPS = (
    Step("centre", _("Centre and operator"), _("Names, mandate, supervising body, territory"),
         "building-community", ("centre",)),
    Step("look", _("Logo and colour"), _("What visitors recognise you by"), "eye"),
    Step("privacy", _("Personal data (CNDP)"), _("Numbers and dates that every form leads to"),
         "shield-lock", ("cndp",)),
    Step("contact", _("Telephone, e-mail, chat"), _("What is printed, and sites that show the chat"),
         "phone", ("contact",)),
    Step("hours", _("Opening hours"), _("The week, breaks, Ramadan, days off"), "clock",
         ("hours", "holidays")),
    Step("queues", _("Queues and targets"), _("One queue, or one for each language"), "list-check"),
    Step("staff", _("Staff"), _("One by one or by spreadsheet, invited by a link"), "users", ("staff",)),
    Step("mail", _("Mail"), _("A test message that goes out and comes back"), "mail", ("mail",)),
    Step("lines", _("Telephone lines"), _("Desk telephone, web line, exchange, public network"),
         "phone-call"),
    Step("library", _("Library"), _("Who answers for it, and what opens"), "book-2", ("reviewer",)),
    Step("associations", _("Associations"), _("Bring in a list you already have"), "folders"),
    Step("backup", _("Backup"), _("A copy elsewhere, and a first restore"), "device-floppy",
         ("backup",)),
    Step("practice", _("Practice day"), _("Staff rehearse with invented requests; then all of it is wiped"),
         "headset"),
)  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """A step as it stands now. `light` is empty where nothing is owed."""

    step: Step
    light: str
    sentence: str


def named(slug: str) -> Step | None:
    return next((step for step in STEPS if step.slug == slug), None)


def after(step: Step) -> str:
    """The address of what comes next: the next step, after the last one the page that opens."""
    follows = STEPS[STEPS.index(step) + 1 :]
    return follows[0].address if follows else reverse("installation:live")


def standings(checks: Iterable[Check]) -> list[Standing]:
    """Every step with the light of its checks and the sentence of the worst of them."""
    known = {check.key: check for check in checks}
    return [_standing(step, [known[key] for key in step.checks if key in known]) for step in STEPS]


def next_owed(rows: Iterable[Standing]) -> Step | None:
    """The first step that is red."""
    return next((row.step for row in rows if row.light == Light.RED), None)


def _standing(step: Step, own: list[Check]) -> Standing:
    if not own:
        return Standing(step, "", str(step.line))
    light = worst(own)
    return Standing(step, light, next(check.sentence for check in own if check.light == light))
