"""The web line: voice between two browsers, with rows as its signalling.

Words: a *page* is one load of a page that carries a leg; the newest one has the leg. A *link* is one
peer connection between two legs; its *offerer* is always the newcomer. A *round* is one exchange of
descriptions on a link: the first, and one more each time the network changed. A *description* says
where a browser can be reached: it holds network addresses and is deleted with its link's end.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from telephony.models import Call, Leg


class LinePage(models.Model):
    """What lets a page speak for a leg."""

    leg = models.OneToOneField(Leg, on_delete=models.CASCADE, related_name="page")
    secret = models.CharField(max_length=64)
    """SHA-256 of the leg's secret, in hexadecimal."""
    number = models.PositiveIntegerField(default=0)
    """How often a page took the leg over: what an older one sends is refused."""


class LinkQuerySet(models.QuerySet["Link"]):
    def open(self) -> "LinkQuerySet":
        return self.filter(closed_at=None)

    def of_leg(self, leg: Leg) -> "LinkQuerySet":
        return self.filter(Q(offerer=leg) | Q(answerer=leg))


class Link(models.Model):
    class Purpose(models.TextChoices):
        TALK = "talk", _("caller and advisor")
        CONSULT = "consult", _("two advisors")
        LISTEN = "listen", _("a supervisor and an advisor")

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="links")
    offerer = models.ForeignKey(Leg, on_delete=models.CASCADE, related_name="+")
    answerer = models.ForeignKey(Leg, on_delete=models.CASCADE, related_name="+")
    pair = models.CharField(max_length=43)
    """Both legs, the lower first."""
    purpose = models.CharField(max_length=10, choices=Purpose)
    round = models.PositiveSmallIntegerField(default=1)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    quality = models.JSONField(default=dict)
    """Last told by a page: {"level", "rtt", "jitter", "concealed"}; seconds and shares."""

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pair"], condition=Q(closed_at=None), name="one_open_link_a_pair"
            )
        ]

    def other(self, leg_pk: int) -> int:
        """Key of the leg at the far end."""
        return int(self.answerer_id if self.offerer_id == leg_pk else self.offerer_id)


class Description(models.Model):
    class Side(models.TextChoices):
        OFFER = "offer", _("offer")
        ANSWER = "answer", _("answer")

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="descriptions")
    round = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=6, choices=Side)
    sdp = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "round", "side"], name="description_once")
        ]
