"""Words and states of a ticket, and what follows from them. No query here."""

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How a contact came."""

    PHONE = "phone", _("telephone")
    CHAT = "chat", _("chat")
    WEB = "web", _("web question")
    MAIL = "mail", _("e-mail")
    VISIT = "visit", _("visit")
    SMS = "sms", _("SMS")
    WHATSAPP = "whatsapp", _("WhatsApp")
    API = "api", _("organisation")


class State(models.TextChoices):
    NEW = "new", _("received")
    OPEN = "open", _("being studied")
    WAITING = "waiting", _("waiting for the asker")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed")


OPEN_STATES = (State.NEW, State.OPEN, State.WAITING, State.ANSWERED)
UNANSWERED_STATES = (State.NEW, State.OPEN)
NEAR_AT = 0.8
"""Share of a target after which it counts as near."""


class Level(models.IntegerChoices):
    ORDINARY = 0, _("ordinary")
    RESTRICTED = 1, _("restricted")
    SEALED = 2, _("sealed")


class Help(models.TextChoices):
    """Kind of help."""

    INFO = "info", _("information")
    ADVICE = "advice", _("advice")
    DRAFTING = "drafting", _("help with drafting")
    REFERRAL = "referral", _("referral")
    OUT_OF_SCOPE = "out-of-scope", _("out of scope")


class Outcome(models.TextChoices):
    SOLVED_FIRST = "solved-first-contact", _("solved at first contact")
    SOLVED_CALLBACK = "solved-after-callback", _("solved after a call-back")
    DOCUMENT = "document-delivered", _("document delivered")
    ADVICE_GIVEN = "advice-given-action-by-asker", _("advice given, the asker acts")
    REFERRED_KNOWN = "referred-result-known", _("referred, result known")
    REFERRED_PENDING = "referred-result-pending", _("referred, result pending")
    WAITING_DOCUMENTS = "waiting-asker-documents", _("waiting for the asker's documents")
    UNREACHABLE = "unreachable-3-attempts", _("not reached after 3 attempts")
    WITHDRAWN = "withdrawn", _("withdrawn")
    MERGED = "duplicate-merged", _("duplicate")
    OUT_OF_SCOPE = "out-of-scope-oriented", _("out of scope, told where to go")
    NO_ANSWER = "no-answer-in-base", _("no answer in the library")
    CONFLICT = "refused-conflict-of-interest", _("refused, conflict of interest")
    ABUSIVE = "abusive-or-spam", _("abusive or spam")


UNASKED = (
    Outcome.UNREACHABLE, Outcome.WITHDRAWN, Outcome.MERGED, Outcome.OUT_OF_SCOPE, Outcome.CONFLICT,
    Outcome.ABUSIVE,
)  # fmt: skip
"""After these nobody is asked a month later what came of it."""


class Kind(models.TextChoices):
    """What an entry of a ticket's thread tells; each has a template `entries/<kind>.html`."""

    QUESTION = "question", _("question")
    LINE = "line", _("message")
    ANSWER = "answer", _("answer")
    NOTE = "note", _("note")
    CALL = "call", _("call")
    MAIL = "mail", _("e-mail")
    CLAIM = "claim", _("taken")
    PASS = "pass", _("passed on")
    PROMISE = "promise", _("promise")
    RELEASE = "release", _("release")
    LEVEL = "level", _("level")
    CLOSURE = "closure", _("closing")
    REOPENING = "reopening", _("reopening")
    RATING = "rating", _("rating")
    DEADLINE = "deadline", _("deadline")
    CODE = "code", _("follow code")
    MERGE = "merge", _("merge")
    CHAT = "chat", _("chat")
    ESCALATION = "escalation", _("past its target")


STILL_KINDS = (Kind.ESCALATION,)
"""Kinds that tell what nobody did: the ticket does not count as moved by them."""
PUBLIC_KINDS = (
    Kind.QUESTION, Kind.LINE, Kind.ANSWER, Kind.MAIL, Kind.CLOSURE, Kind.REOPENING, Kind.RATING,
    Kind.PROMISE, Kind.CALL, Kind.CHAT,
)  # fmt: skip
"""Kinds the asker sees on the follow page."""


class Reason(models.TextChoices):
    """Why a contact was rated so: one tap, never asked for."""

    CLEAR = "clear", _("clear")
    QUICK = "quick", _("quick")
    COMPLETE = "complete", _("complete")
    KIND = "kind", _("good welcome")
    UNCLEAR = "unclear", _("hard to understand")
    SLOW = "slow", _("took too long")
    PARTIAL = "partial", _("something is missing")
    ASIDE = "aside", _("not my question")


GOOD_REASONS = (Reason.CLEAR, Reason.QUICK, Reason.COMPLETE, Reason.KIND)
POOR_REASONS = (Reason.UNCLEAR, Reason.SLOW, Reason.PARTIAL, Reason.ASIDE)
CONTENT = 4
"""From this score on a contact counts as satisfying."""
SCORES = {
    5: _("yes, entirely"), 4: _("yes"), 3: _("in part"), 2: _("little"), 1: _("not at all"),
}  # fmt: skip
"""Answers to "Did the answer help you?", the best first."""


def reasons_for(score: int) -> tuple[Reason, ...]:
    """The chips shown beside a score; both kinds for the one in the middle."""
    if score >= CONTENT:
        return GOOD_REASONS
    return POOR_REASONS


class Came(models.TextChoices):
    """What came of a request a month after its answer."""

    RECEIPT = "receipt", _("the receipt was obtained")
    ACCOUNT = "account", _("the bank account was opened")
    BOARD = "board", _("the new board was declared")
    GRANT = "grant", _("the grant was won")
    AGREEMENT = "agreement", _("the agreement was signed")
    HALL = "hall", _("the hall was obtained")
    SETTLED = "settled", _("the dispute was settled")
    PAPERS = "papers", _("our papers are in order")
    DONE = "done", _("it is done")
    NOT_YET = "not-yet", _("not yet")
    REFUSED = "refused", _("it was refused")
    GAVE_UP = "gave-up", _("we gave it up")


OTHERWISE = (Came.NOT_YET, Came.REFUSED, Came.GAVE_UP)
ENDED_WELL = tuple(came for came in Came if came not in OTHERWISE)
_CAME = {
    "A": (Came.RECEIPT, Came.ACCOUNT),
    "B": (Came.BOARD, Came.RECEIPT),
    "C": (Came.SETTLED, Came.BOARD),
    "D": (Came.ACCOUNT, Came.PAPERS),
    "E": (Came.GRANT, Came.AGREEMENT),
    "F": (Came.PAPERS,),
    "G": (Came.HALL,),
    "H": (Came.PAPERS,),
}
"""What people of a theme hope for, by the theme's letter."""


def came_choices(theme: str) -> tuple[Came, ...]:
    """What may be answered to "What came of it?" in a theme (its letter, or nothing)."""
    return (*_CAME.get(theme, ()), Came.DONE, *OTHERWISE)


class AnswerBy(models.TextChoices):
    """How the asker wants to be answered. The follow page always works."""

    FOLLOW = "follow", _("on the follow page")
    EMAIL = "email", _("by e-mail")
    SMS = "sms", _("by SMS")
    PHONE = "phone", _("by telephone")


def reference(number: int, opened_at: datetime) -> str:
    """`W-2026-000123`: year of opening in Casablanca, running number never reset."""
    return f"W-{timezone.localtime(opened_at).year}-{number:06d}"


CAUTION = {
    "ar": "هذه معلومة عامة لا تعوض استشارة محام، وتظل رهينة بالوقائع والوثائق المدلى بها.",
    "fr": "Information générale donnée d'après les faits et pièces indiqués ;"
    " elle ne remplace pas l'avis d'un avocat.",
}
CAUTION_VERSION = "2026-11"
"""Said and stored with every answer; the wording is fixed, the version goes with the answer."""
