"""Lists of people and of the audit."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from helpdesk.accounts.models import Audit, User

NOT_ASKED = "\0"
"""A name nobody can send: how long a page is, is ours to say."""


class PeopleTable(tables.Table):
    name = tables.TemplateColumn(
        template_name="accounts/cells/name.html",
        accessor="pk",
        verbose_name=_("Name"),
        order_by=("name_ar",),
    )
    roles = tables.TemplateColumn(
        template_name="accounts/cells/roles.html",
        accessor="pk",
        verbose_name=_("Roles"),
        orderable=False,
    )
    postings = tables.TemplateColumn(
        template_name="accounts/cells/postings.html",
        accessor="pk",
        verbose_name=_("Works in"),
        orderable=False,
    )
    last_login = tables.TemplateColumn(
        template_name="accounts/cells/last_login.html",
        accessor="pk",
        order_by=("last_login",),
        verbose_name=_("Last sign-in"),
    )

    class Meta:
        per_page_field = NOT_ASKED
        model = User
        fields = ("name", "roles", "postings", "last_login")
        empty_text = _("Nobody found")

    empty_reason = _("No account matches the name and the role.")
    empty_icon = "users"


class AuditTable(tables.Table):
    at = tables.TemplateColumn(
        template_name="accounts/cells/at.html", verbose_name=_("When"), orderable=False
    )
    user = tables.TemplateColumn(
        template_name="accounts/cells/user.html", verbose_name=_("Who"), orderable=False
    )
    act = tables.TemplateColumn(
        "{{ record.get_act_display }}", verbose_name=_("Act"), orderable=False
    )
    subject = tables.TemplateColumn(
        template_name="accounts/cells/subject.html", verbose_name=_("About"), orderable=False
    )
    reason = tables.TemplateColumn(
        template_name="accounts/cells/reason.html", verbose_name=_("Reason"), orderable=False,
        attrs={"td": {"class": "wrap"}},
    )  # fmt: skip
    chained = tables.TemplateColumn(
        template_name="accounts/cells/chained.html", verbose_name=_("Sealed"), orderable=False
    )

    class Meta:
        per_page_field = NOT_ASKED
        model = Audit
        fields = ("at", "user", "act", "subject", "reason", "chained")
        empty_text = _("No row")

    empty_reason = _("No act matches these filters.")
    empty_icon = "history"
