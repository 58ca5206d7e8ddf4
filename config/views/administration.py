"""All that an administrator sets, on one page: what each is, and the way there."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe


@dataclass(frozen=True)
class Place:
    """`needs`: one of these permissions, separated by spaces."""

    name: str
    icon: str
    title: Any
    says: Any
    needs: str

    @property
    def url(self) -> str:
        return reverse(self.name)

    def is_open_to(self, user: Any) -> bool:
        return any(user.has_perm(one) for one in self.needs.split())


PARTS: tuple[tuple[Any, tuple[Place, ...]], ...] = (
    (_("The centre"), (
        Place("installation:home", "building-community", _("Set-up of the centre"),
              _("Names, operator and mandate, look, CNDP, lines, mail, library; with history"),
              "centre.change_centre"),
        Place("installation:live", "checklist", _("Opening to the public"),
              _("What is red, amber or green, and who must act"), "centre.change_centre"),
        Place("installation:practice", "headset", _("Practice day"),
              _("Invented requests, marked everywhere, counted nowhere, wiped in one act"),
              "centre.change_centre"),
        Place("health", "shield-check", _("Health"),
              _("What runs and what does not, with what to do"), "centre.view_health"),
    )),
    (_("People"), (
        Place("accounts:people", "users", _("People"),
              _("Accounts, roles, postings, languages and themes"),
              "accounts.manage_users accounts.post_user"),
        Place("accounts:audit", "history", _("Audit"),
              _("Who did and read what, by person, act and day"), "accounts.read_audit"),
    )),
    (_("Work"), (
        Place("queues:queues", "clock", _("Hours and targets"),
              _("Queues, opening hours, Ramadan, targets and offers"), "queues.set_queue"),
        Place("asked:themes", "tags", _("Themes"),
              _("What can be asked about: names, order, queues"), "centre.change_centre"),
        Place("asked:facts", "list-check", _("Facts asked for"),
              _("What an asker is asked, by theme"), "centre.change_centre"),
        Place("hours:holidays", "calendar", _("Holidays"), _("Days off to confirm"),
              "hours.confirm_holiday"),
        Place("tickets:all_phrases", "message-2", _("Ready phrases"),
              _("Of the team, fetched by a shortcut"), "tickets.keep_phrases"),
        Place("prompts:prompts", "microphone", _("What callers hear"),
              _("Prompts of the line, their words and recordings"), "telephony.keep_prompts"),
        Place("line_check:checks", "phone-call", _("Check of the public line"),
              _("Whether it is set up as it must be"), "centre.view_health"),
    )),
    (_("Library"), (
        Place("upkeep:terms", "language", _("Glossary"),
              _("Terms in Arabic, French and Darija that searches use"), "articles.keep_terms"),
        Place("bundles:bundles", "book-2", _("Libraries of other centres"),
              _("Signed libraries taken out and brought in, and trusted keys"),
              "articles.export_bundle"),
    )),
    (_("Data"), (
        Place("retention:page", "hourglass", _("How long records are kept"),
              _("Days by kind, a second person, what would go now"), "supervision.confirm_retention"),
        Place("organisations:organisations", "key", _("Organisations and keys"),
              _("Programs of others: what they may ask, and what they are told"),
              "accounts.keep_keys"),
        Place("supervision:programme", "file-text", _("Programme report"),
              _("Figures for partners, with frozen copies"), "supervision.read_programme"),
    )),
)  # fmt: skip


@require_safe
def administration(request: HttpRequest) -> HttpResponse:
    """Only what this person may open is listed."""
    if not request.user.has_perm("accounts.manage_users"):
        raise PermissionDenied
    parts = [
        (title, [place for place in places if place.is_open_to(request.user)])
        for title, places in PARTS
    ]
    context = {"parts": [(title, places) for title, places in parts if places]}
    return render(request, "administration.html", context)
