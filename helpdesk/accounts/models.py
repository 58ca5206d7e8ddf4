"""Who works here, and who may.

Words: a *user* signs in; a *team* works for a centre; a *posting* puts a user in a team, for a
province or for all, from a day until a day; the *audit* is the append-only book of sensitive acts
and reads, chained by hashes.
"""

from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from helpdesk.accounts.keys import ApiKey as ApiKey
from helpdesk.accounts.keys import Organisation as Organisation
from helpdesk.accounts.querysets import (
    AuditQuerySet,
    PostingQuerySet,
    TeamQuerySet,
    UserQuerySet,
)
from helpdesk.accounts.rules import DESK, NAMES, REASONS, STAFF, SUBJECTS, Role


class Tongue(models.TextChoices):
    """Languages people speak here; the first two are also the languages of the pages."""

    ARABIC = "ar", _("Arabic")
    FRENCH = "fr", _("French")
    DARIJA = "ary", _("Darija")
    TASHELHIT = "shi", _("Tashelhit")


class People(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's manager of users with our questions."""

    use_in_migrations = False


class User(AbstractUser):
    language = models.CharField(
        _("language of the pages"), max_length=2, choices=[("ar", "العربية"), ("fr", "Français")],
        default="ar",
    )  # fmt: skip
    speaks = models.JSONField(default=list, blank=True)
    """Codes of `Tongue`."""
    themes = models.ManyToManyField("articles.Theme", blank=True, related_name="+")
    """What the person knows best; empty = every theme."""
    capacity = models.PositiveSmallIntegerField(_("chats at once"), default=3)
    """Live contacts one has in hand at once; a call counts as all of them."""
    extension = models.CharField(_("extension"), max_length=20, blank=True)
    """Of the telephone on the person's desk, as the exchange names it; empty = none."""
    name_ar = models.CharField(max_length=120, blank=True)
    name_fr = models.CharField(max_length=120, blank=True)
    single_keys = models.BooleanField(_("single-key shortcuts"), default=True)
    """Off for people whose speech or hand would set them off by accident (WCAG 2.1.4)."""
    practising = models.ForeignKey(
        "centre.Centre", null=True, blank=True, on_delete=models.SET_NULL, related_name="practising"
    )
    """Rehearses there: until then only postings there count, and real ones for nobody else's work."""
    rights_version = models.PositiveIntegerField(default=0)
    """Raised whenever somebody changes this person's rights; sessions rotate when it moves."""
    sessions_end = models.DateTimeField(null=True, blank=True)
    """Sessions that began before this moment are over; empty = none was ended."""

    objects: ClassVar[People] = People()

    class Meta(AbstractUser.Meta):
        permissions = [
            ("manage_users", "manage accounts"),
            ("post_user", "post people of the own team"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["extension"],
                condition=~models.Q(extension=""),
                name="one_user_an_extension",
            )
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The person's name in the reader's language."""
        names = (self.name_ar, self.name_fr)
        first = names[1] if get_language() == "fr" else names[0]
        return first or names[0] or names[1] or self.get_full_name() or self.username

    @cached_property
    def roles(self) -> frozenset[Role]:
        """Groups of this user, read once a request."""
        names = set(self.groups.values_list("name", flat=True))
        return frozenset(role for role in Role if role in names)

    @property
    def role_names(self) -> list[str]:
        """Names of the roles, from prefetched groups where there are."""
        held = {group.name for group in self.groups.all()}
        return [str(name) for role, name in NAMES.items() if role in held]

    @property
    def is_desk(self) -> bool:
        return bool(self.roles & DESK)

    @property
    def is_of_staff(self) -> bool:
        return bool(self.roles & STAFF)


class Team(models.Model):
    centre = models.ForeignKey("centre.Centre", on_delete=models.PROTECT, related_name="teams")
    name_ar = models.CharField(max_length=120)
    name_fr = models.CharField(max_length=120)

    objects = TeamQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name_fr if get_language() == "fr" else self.name_ar


class Posting(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="postings")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="postings")
    province = models.CharField(max_length=6, blank=True)
    """HCP code; empty = the whole territory of the team."""
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    def is_over(self, on: date) -> bool:
        return self.ends_on is not None and self.ends_on < on

    @property
    def province_shown(self) -> str:
        """The province's name in the reader's language; empty for the whole territory."""
        return self.team.centre.provinces().get(self.province, "")


class Audit(models.Model):
    """One sensitive act or read. Rows are only ever added."""

    class Act(models.TextChoices):
        REVEALED_NUMBER = "revealed-number", _("showed a telephone number")
        READ_RESTRICTED = "read-restricted", _("read a restricted ticket")
        READ_SEALED = "read-sealed", _("read a sealed ticket")
        GRANTED = "granted", _("gave access to a sealed ticket")
        CHANGED_LEVEL = "changed-level", _("changed a ticket's level")
        REISSUED_CODE = "reissued-code", _("sent a new follow code")
        EXPORTED = "exported", _("exported rows")
        RELEASED = "released", _("released an answer")
        CHANGED_RIGHTS = "changed-rights", _("changed somebody's rights")
        CONFIRMED_HOLIDAY = "confirmed-holiday", _("confirmed a holiday")
        CHANGED_HOURS = "changed-hours", _("changed hours or targets")
        PAUSED_QUEUE = "paused-queue", _("paused a queue")
        OPENED_QUEUE = "opened-queue", _("opened a paused queue")
        MOVED_ADVISOR = "moved-advisor", _("moved somebody to a queue for the day")
        TOLD_DESK = "told-desk", _("wrote a notice to the desk")
        SENT_ON_BREAK = "sent-on-break", _("was put on a break after two offers ignored")
        SET_VALIDITY = "set-validity", _("set when something is in force")
        SET_REVIEW = "set-review", _("set owner and day of a review")
        READ_AGAIN = "read-again", _("read an article again")
        SIGNED_VERSION = "signed-version", _("signed an article version")
        UNSIGNED_VERSION = "unsigned-version", _("took a signature back")
        CHANGED_ADVICE = "changed-advice", _("said that a version changes advice")
        PUBLISHED_VERSION = "published-version", _("published an article version")
        KEPT_TERM = "kept-term", _("changed a term of the glossary")
        SET_WORD_ASIDE = "set-word-aside", _("set a word of searches aside")
        OPENED_RECALL = "recall-told", _("told people of a recall")
        CLOSED_RECALL = "recall-closed", _("closed a recall")
        LISTENED = "call-listen", _("listened to a call")
        WHISPERED = "call-whisper", _("spoke to the advisor in a call")
        BARGED_IN = "call-barge", _("joined a call")
        RECORDED_PROMPT = "recorded-prompt", _("recorded a telephone prompt")
        TOOK_BACK_PROMPT = "took-back-prompt", _("took back a telephone prompt")
        EXPORTED_BUNDLE = "exported-bundle", _("took the signed library out as a file")
        TRUSTED_KEY = "trusted-key", _("trusted the key of another centre")
        ENDED_TRUST = "ended-trust", _("stopped trusting the key of a centre")
        BROUGHT_BUNDLE = "brought-bundle", _("brought in the library of another centre")
        TOOK_VERSION = "took-version", _("took an article from another centre")
        PUT_AWAY_VERSION = "put-away-version", _("put away an article of another centre")
        CHANGED_KEYS = "changed-keys", _("changed what an organisation may ask or is told")
        MADE_KEY = "made-key", _("made a key for programs")
        REVOKED_KEY = "revoked-key", _("revoked a key for programs")
        OPENED_CENTRE = "opened-centre", _("opened the centre to the public")
        FROZE_PROGRAMME = "froze-programme", _("froze a programme report")
        PROPOSED_RETENTION = "proposed-retention", _("proposed how long something is kept")
        CONFIRMED_RETENTION = "confirmed-retention", _("confirmed how long something is kept")
        REFUSED_RETENTION = "refused-retention", _("refused how long something is kept")
        SWEPT_RETENTION = "swept-retention", _("deleted what was past its time")
        HANDED_OVER = "handed-over", _("took the centre out as a file")
        TOOK_OVER = "took-over", _("brought a centre in from a file")
        BEGAN_PRACTICE = "began-practice", _("began a practice")
        WIPED_PRACTICE = "wiped-practice", _("wiped a practice")
        DELETED_AT_PROVIDER = "deleted-at-provider", _("deleted at the telephone network")

    at = models.DateTimeField()
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=30, choices=Act)
    subject_kind = models.CharField(max_length=30, blank=True)
    subject_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    facts = models.JSONField(default=dict)
    """No personal data and no content."""
    chained = models.CharField(max_length=64, blank=True, db_index=True)
    """SHA-256 over the row before and this one; filled by a sweep, empty = not chained yet."""

    objects = AuditQuerySet.as_manager()

    class Meta:
        permissions = [("read_audit", "read the audit")]
        indexes = [models.Index(fields=["subject_kind", "subject_id"])]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None and not kwargs.get("force_insert"):
            raise TypeError("audit rows are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("audit rows are never deleted")

    @property
    def reason_shown(self) -> str:
        """As it was typed; a reason that the program gives is a code with a number, told in words."""
        code, _sep, rest = self.reason.partition(" ")
        if code in REASONS and rest:
            return REASONS[code] % {"n": rest.rsplit(" ", 1)[-1]}
        return self.reason

    @property
    def subject_shown(self) -> str:
        """What it was about, in a word; the number stands beside it."""
        return str(SUBJECTS.get(self.subject_kind, self.subject_kind))
