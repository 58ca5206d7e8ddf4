"""Associations and deadlines as rows on a screen."""

from datetime import date
from typing import Any, ClassVar

import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from helpdesk.centre.territory import commune_name, province_name
from helpdesk.centre.wording import date_text


def _labelled(label: Any, **kwargs: Any) -> tables.Column:
    """On a telephone the cells stand under each other, each with its heading."""
    return tables.Column(verbose_name=label, attrs={"td": {"data-label": label}}, **kwargs)


class AssociationTable(tables.Table):
    name = tables.Column(
        verbose_name=_("Association"), empty_values=(), order_by=("folded", "pk"),
        linkify=("associations:association", {"pk": tables.A("pk")}),
    )  # fmt: skip
    stage = _labelled(_("Life stage"), order_by=("stage", "pk"))
    province = _labelled(_("Province"), order_by=("province", "pk"))
    commune = _labelled(_("Commune"), orderable=False)
    next_due_on = _labelled(_("Nearest deadline"), order_by=("next_due_on", "pk"))

    empty_reason = _("None has this name, province and stage.")
    empty_icon = "building-community"

    class Meta:
        attrs: ClassVar = {"class": "stack"}
        per_page_field = "\0"
        """A name nobody can send: how long a page is, is ours to say."""
        empty_text = _("No association here")

    def render_name(self, record: Any) -> SafeString:
        return format_html('<bdi dir="auto">{}</bdi>', record.shown_name)

    def render_stage(self, record: Any) -> str:
        return str(record.get_stage_display())

    def render_province(self, value: str) -> str:
        return province_name(value)

    def render_commune(self, value: str) -> SafeString:
        return format_html('<bdi dir="auto">{}</bdi>', commune_name(value))

    def render_next_due_on(self, value: date) -> SafeString | str:
        if value >= timezone.localdate():
            return date_text(value)
        return format_html('<span class="late">{}</span>', date_text(value))
