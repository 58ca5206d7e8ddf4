"""Whose centre this is.

Words: an *operator* is the association chosen to run a centre, for a mandate with dates; a *centre*
answers the associations of a territory. Team, queue, person, association and ticket belong to one.
A centre *opens* once, when its administrator says so; until then visitors read that it opens soon. A
*change* is one line of the history of how a centre was set up: who, when, what was before.
A *practice* is a centre beside another in which its staff rehearse with invented requests.
A *backup* is of the whole installation; a *drill* restores one elsewhere to see that it can be done.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from helpdesk.centre.querysets import BackupQuerySet, CentreQuerySet, ChangeQuerySet
from helpdesk.centre.territory import province_choices


class Operator(models.Model):
    name_ar = models.CharField(max_length=200)
    name_fr = models.CharField(max_length=200)
    mandate_from = models.DateField(null=True, blank=True)
    mandate_until = models.DateField(null=True, blank=True)
    body_ar = models.CharField(max_length=200, blank=True)
    body_fr = models.CharField(max_length=200, blank=True)
    """Who supervises the mandate, such as a region or a ministry."""

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
    """Of the declaration."""
    cndp_on = models.DateField(null=True, blank=True)
    cndp_authorisation = models.CharField(max_length=60, blank=True)
    cndp_authorised_on = models.DateField(null=True, blank=True)
    """Where an authorisation was asked for beside the declaration, or instead of it."""
    served = models.JSONField(default=list, blank=True)
    """Codes of the provinces it answers; empty = all of the region."""
    host = models.CharField(max_length=120, blank=True)
    """Name under which its own public pages are reached, such as `souss.example.org`; empty = those of
    the installation, where it is the first centre, and none where it is another."""
    line_keys = models.JSONField(default=list, blank=True)
    """Names of the keys of the line hook whose exchanges are its own."""
    colour = models.CharField(max_length=7, blank=True)
    """`#rrggbb` of the public pages, checked for contrast; empty = the green of the program."""
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    """Who answers by name for what the library says."""
    reads_early = models.BooleanField(default=True)
    """The library is read by everybody before the centre opens."""
    opened_at = models.DateTimeField(null=True, blank=True)
    """Since when visitors may ask, call and chat; empty = not yet."""
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    always_open = models.BooleanField(default=False)
    """Open at any hour, and says so: the demo, and a practice."""
    practice_of = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="practice"
    )
    """Staff of that centre rehearse in this one, since `opened_at`; wiped whole when they are done."""

    objects = CentreQuerySet.as_manager()

    class Meta:
        permissions = [("view_health", "see the health of the installation")]
        constraints = [
            models.UniqueConstraint(
                fields=["host"], condition=~models.Q(host=""), name="one_centre_a_host"
            )
        ]

    def __str__(self) -> str:
        return self.name_fr if get_language() == "fr" else self.name_ar

    @property
    def is_practice(self) -> bool:
        return self.practice_of_id is not None

    def provinces(self) -> dict[str, str]:
        """Code and name, in the reader's language, of every province the centre answers."""
        return {k: name for k, name in province_choices() if not self.served or k in self.served}


class Logo(models.Model):
    """The picture of a centre, as this program wrote it anew; apart, so that nobody loads it unasked."""

    centre = models.OneToOneField(Centre, on_delete=models.CASCADE, related_name="logo")
    png = models.BinaryField()
    digest = models.CharField(max_length=16)
    """In its address, so that browsers keep it for good."""


class Change(models.Model):
    """One step of the set-up said something else from then on. Rows are only added."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="changes")
    step = models.SlugField(max_length=30)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    """What differs, by the name of the field."""

    objects: Any = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["centre", "-at"])]


class Backup(models.Model):
    """One backup of the whole installation, as it went. The file lies elsewhere."""

    class Failure(models.TextChoices):
        NO_KEY = "no-key", _("there is no public key to seal it with")
        NO_FOLDER = "no-folder", _("the folder for backups is not there, or cannot be written to")
        NO_SPACE = "no-space", _("the disk has no room, or could not be written to")
        DATABASE = "database", _("the database could not be copied")
        NOT_PROVED = "not-proved", _("what was written could not be read again")
        BROKEN = "broken", _("an error of the program; the log has it")

    night = models.DateField(null=True, blank=True, unique=True)
    """The night it belongs to; empty when somebody asked for it."""
    tries = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=12, choices=Failure, blank=True)
    file = models.CharField(max_length=80, blank=True)
    """Name in the folder for backups; empty once the file was deleted."""
    size = models.PositiveBigIntegerField(default=0)
    """Bytes."""
    sha256 = models.CharField(max_length=64, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True, db_index=True)
    """Read again after writing and found equal to its manifest."""
    drilled_at = models.DateTimeField(null=True, blank=True)
    """Restored in another place, with the private key, and found equal."""

    objects = BackupQuerySet.as_manager()

    def __str__(self) -> str:
        return self.file or f"backup {self.pk}"


class Beat(models.Model):
    """When a sweep ran last, as the process that runs it noted; a minute late at most."""

    sweep = models.CharField(max_length=120, unique=True)
    ran_at = models.DateTimeField()
    failed_at = models.DateTimeField(null=True, blank=True)
    """Of its last failure, if any."""

    def __str__(self) -> str:
        return self.sweep
