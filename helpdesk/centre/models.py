"""Whose centre this is.

Words: an *operator* is the association chosen to run a centre, for a mandate with dates; a *centre*
answers the associations of a territory. Team, queue, person, association and ticket belong to one.
"""

from django.db import models
from django.utils.translation import get_language

from helpdesk.centre.querysets import CentreQuerySet
from helpdesk.centre.territory import province_choices


class Operator(models.Model):
    name_ar = models.CharField(max_length=200)
    name_fr = models.CharField(max_length=200)
    mandate_from = models.DateField(null=True, blank=True)
    mandate_until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name_fr if get_language() == "fr" else self.name_ar


class Centre(models.Model):
    slug = models.SlugField(unique=True)
    name_ar = models.CharField(max_length=200)
    name_fr = models.CharField(max_length=200)
    region = models.CharField(max_length=2, default="07")
    operator = models.ForeignKey(
        Operator,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="centres",
    )
    phone_shown = models.CharField(max_length=40, blank=True)
    """The number callers dial, as printed; empty until the centre has one."""
    email_shown = models.EmailField(blank=True)
    whatsapp = models.CharField(max_length=20, blank=True)
    """Digits with the country's code, as wa.me takes them; empty until the centre has one."""
    chat_sites = models.JSONField(default=list, blank=True)
    """Origins (`https://name`) whose pages may show our chat."""
    cndp_number = models.CharField(max_length=60, blank=True)
    cndp_on = models.DateField(null=True, blank=True)
    always_open = models.BooleanField(default=False)
    """Open at any hour, and says so: the demo."""

    objects = CentreQuerySet.as_manager()

    class Meta:
        permissions = [("view_health", "see the health of the installation")]

    def __str__(self) -> str:
        return self.name_fr if get_language() == "fr" else self.name_ar

    def provinces(self) -> dict[str, str]:
        """Code and name, in the reader's language, of every province the centre answers."""
        return dict(province_choices())
