"""The queue list's filters, each backed by an index; the order is chosen from a list of ours."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from helpdesk.accounts.models import Tongue
from helpdesk.centre.territory import province_choices
from helpdesk.queues.narrowing import Only, narrowed
from helpdesk.tickets import finding
from helpdesk.tickets.desk_access import ListChoices
from helpdesk.tickets.desk_models import Tagging
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Channel, State

ME, NOBODY = "me", "nobody"


def _any(label: Any) -> Any:
    """The first choice names its field, so that a row of filters needs no labels beside them."""
    return format_lazy(_("{label}: all"), label=label)


class TicketFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Words, name, number or reference"), method="look_up")
    state = django_filters.ChoiceFilter(label=_("Stage"), choices=State)
    channel = django_filters.ChoiceFilter(label=_("Channel"), choices=Channel)
    language = django_filters.ChoiceFilter(label=_("Language"), choices=Tongue)
    theme = django_filters.ChoiceFilter(
        label=pgettext_lazy("desk", "Theme"), field_name="theme_id", choices=()
    )
    province = django_filters.ChoiceFilter(label=_("Province"), choices=())
    who = django_filters.ChoiceFilter(label=_("With"), choices=(), method="assigned")
    late = django_filters.BooleanFilter(
        label=_("Late only"), method="only_late", widget=forms.CheckboxInput
    )
    only = django_filters.ChoiceFilter(
        label=pgettext_lazy("desk", "Only"), choices=Only, method="figure",
        widget=forms.HiddenInput,
    )  # fmt: skip
    tag = django_filters.ChoiceFilter(label=_("Tag"), choices=(), method="tagged")
    association = django_filters.NumberFilter(
        field_name="association_id", widget=forms.HiddenInput, max_value=2**53
    )
    person = django_filters.NumberFilter(
        field_name="person_id", widget=forms.HiddenInput, max_value=2**53
    )

    class Meta:
        model = Ticket
        fields: list[str] = []

    def __init__(
        self, *args: Any, user: Any, offered: ListChoices, colleagues: list[Any], **kwargs: Any
    ) -> None:
        self.user = user
        self.found: finding.Found | None = None
        """What the text found, once the rows have been asked for."""
        super().__init__(*args, **kwargs)
        names = [(str(u.pk), u.shown_name) for u in colleagues]
        for name, choices in (
            ("theme", offered.themes),
            ("province", province_choices()),
            ("tag", offered.tags),
            ("who", [(ME, _("me")), (NOBODY, _("nobody")), *names]),
        ):
            self.filters[name].extra["choices"] = choices
        for one in self.filters.values():
            if isinstance(one, django_filters.ChoiceFilter):
                one.extra["empty_label"] = _any(one.label)

    @property
    def form(self) -> Any:
        form = super().form
        form.all_optional = True
        return form

    def look_up(self, rows: Any, name: str, value: str) -> Any:
        self.found = finding.tickets(rows, self.user, value, deep=self.in_use > 0)
        return self.found.rows

    def assigned(self, rows: Any, name: str, value: str) -> Any:
        if value == ME:
            return rows.filter(assignee=self.user)
        if value == NOBODY:
            return rows.filter(assignee=None).open()
        return rows.filter(assignee_id=int(value))

    def figure(self, rows: Any, name: str, value: str) -> Any:
        at = timezone.now()
        if value == Only.PUT_OFF:
            return rows.put_off(self.user, at=at)
        return narrowed(rows, value, at=at)

    def tagged(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(Exists(Tagging.objects.filter(tag=int(value), ticket=OuterRef("pk"))))

    def only_late(self, rows: Any, name: str, value: bool | None) -> Any:
        return rows.breached(at=timezone.now()) if value else rows

    @property
    def in_use(self) -> int:
        """How many filters narrow the list."""
        data = self.form.cleaned_data if self.form.is_valid() else {}
        return sum(
            1 for name, value in data.items() if value not in (None, "", False) and name != "q"
        )
