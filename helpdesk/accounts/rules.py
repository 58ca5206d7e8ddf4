"""Who may do what: the groups and their permissions (the table of docs/rights.md).

Groups are global; a posting limits which rows they apply to. The order is that of rank in the desk.
"""

from collections.abc import Iterable
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    """The seven groups, by the names they have in the database."""

    MEMBER = "member"
    ADVISOR = "advisor"
    SENIOR = "senior"
    EDITOR = "editor"
    SUPERVISOR = "supervisor"
    PARTNER = "partner"
    ADMINISTRATOR = "administrator"


STAFF = frozenset(Role) - {Role.MEMBER}
DESK = frozenset({Role.ADVISOR, Role.SENIOR, Role.SUPERVISOR})
"""Who works on tickets."""

_HANDLE = ("tickets.read_ticket", "tickets.handle_ticket", "associations.view_association")
_ARTICLES = ("articles.read_unsure", "articles.propose_version")

PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.MEMBER: (),
    Role.ADVISOR: (*_HANDLE, *_ARTICLES),
    Role.SENIOR: (
        *_HANDLE, *_ARTICLES, "tickets.release_answer", "tickets.read_restricted",
        "tickets.seal_ticket", "tickets.keep_phrases", "articles.draft_version",
        "articles.review_version", "articles.keep_terms", "articles.export_bundle",
        "queues.view_board", "telephony.listen_in",
        "supervision.read_programme",
    ),
    Role.EDITOR: (
        *_ARTICLES, "articles.draft_version", "articles.review_version", "articles.keep_terms",
        "articles.export_bundle",
    ),
    Role.SUPERVISOR: (
        *_HANDLE, *_ARTICLES, "tickets.release_answer", "tickets.read_restricted",
        "tickets.seal_ticket", "tickets.keep_phrases", "tickets.export_rows", "queues.view_board", "queues.steer_desk", "articles.keep_terms",
        "hours.confirm_holiday", "accounts.post_user", "queues.set_queue", "telephony.listen_in",
        "telephony.keep_prompts", "supervision.read_programme", "supervision.freeze_programme",
        "supervision.confirm_retention",
    ),
    Role.PARTNER: ("supervision.read_programme",),
    Role.ADMINISTRATOR: (
        "accounts.manage_users", "accounts.read_audit", "centre.view_health",
        "centre.change_centre", "queues.set_queue", "telephony.keep_prompts",
        "articles.export_bundle", "articles.trust_centre", "accounts.keep_keys",
        "supervision.set_retention", "supervision.confirm_retention",
    ),
}  # fmt: skip

NAMES = {
    Role.MEMBER: _("member of an association"),
    Role.ADVISOR: _("advisor"),
    Role.SENIOR: _("senior advisor"),
    Role.EDITOR: _("editor"),
    Role.SUPERVISOR: _("supervisor"),
    Role.PARTNER: _("partner"),
    Role.ADMINISTRATOR: _("administrator"),
}

SUBJECTS = {
    "ticket": _("request"),
    "answer": _("answer"),
    "person": _("person who asks"),
    "phone": _("telephone number"),
    "association": _("association"),
    "user": _("account"),
    "holiday": _("holiday"),
    "ramadan": _("Ramadan"),
    "schedule": _("opening hours"),
    "promise": _("promise"),
    "version": _("article version"),
    "article": _("article"),
    "instrument": _("text of law"),
    "centre": _("centre"),
    "bundle": _("library of another centre"),
    "trustedkey": _("key of another centre"),
    "recall": _("recall"),
    "queue": _("queue"),
    "desknotice": _("notice to the desk"),
    "call": _("telephone call"),
    "sound": _("telephone prompt"),
    "media": _("file of a message"),
    "organisation": _("organisation"),
    "apikey": _("key for programs"),
    "subscription": _("subscription"),
    "retentionrule": _("retention"),
    "frozenperiod": _("frozen copy of the programme report"),
}
"""What an audit row can be about, by the model's name."""

REASONS = {
    "call-about-delay": _("call about delay no. %(n)s (list of calls)"),
    "day-61": _("call about delay no. %(n)s (list of calls)"),
}
"""Reasons that the program gives itself, kept as a code and a number. "day-61" is how they were
written once: rows of the audit are never changed."""


def role_choices() -> list[tuple[str, str]]:
    return [(role.value, str(name)) for role, name in NAMES.items()]


def may_post(reach: Iterable[tuple[int, str]], team: int, province: str) -> bool:
    """Whether somebody with these (team, province) reaches may post others there: only within."""
    return any(own == team and where in ("", province) for own, where in reach)
