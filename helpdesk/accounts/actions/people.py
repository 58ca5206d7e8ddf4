"""What an administrator, or a supervisor for the own team, does to other people's accounts.

Every act raises the person's `rights_version`, which rotates their sessions at the next request, and
writes one audit row. Nobody changes the own rights: that is always somebody else's act.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from helpdesk.accounts import proofs
from helpdesk.accounts.actions import audit
from helpdesk.accounts.errors import NotYourself
from helpdesk.accounts.models import Posting, Team, User
from helpdesk.accounts.rules import Role


@transaction.atomic
def add_person(
    *, username: str, roles: Iterable[str], by: Any, at: datetime, **fields: Any
) -> User:
    """A new account without a password; the person chooses one by `first_link`."""
    user = User(username=username, **fields)
    user.set_unusable_password()
    user.save()
    user.groups.set(Group.objects.filter(name__in=list(roles)))
    _changed(user, "added", by=by, at=at, roles=sorted(roles))
    return user


@transaction.atomic
def change_details(user: User, *, by: Any, at: datetime, **fields: Any) -> User:
    """Names, e-mail, languages: no rights, but an e-mail address opens the password reset."""
    moved = sorted(name for name, value in fields.items() if getattr(user, name) != value)
    if not moved:
        return user
    for name in moved:
        setattr(user, name, fields[name])
    user.save(update_fields=moved)
    audit("changed-rights", by=by, at=at, subject=user, facts={"what": "details", "of": moved})
    return user


@transaction.atomic
def change_skills(
    user: User,
    *,
    capacity: int,
    speaks: Iterable[str],
    themes: Iterable[Any],
    by: Any,
    at: datetime,
) -> User:
    """What is offered to somebody first, and how much at once. No rights: sessions stay."""
    user.capacity, user.speaks = capacity, list(speaks)
    user.save(update_fields=["capacity", "speaks"])
    user.themes.set(themes)
    audit("changed-rights", by=by, at=at, subject=user, facts={"what": "skills"})
    return user


@transaction.atomic
def change_roles(user: User, roles: Iterable[str], *, by: Any, at: datetime) -> User:
    """Raises NotYourself."""
    _not_oneself(user, by)
    known = set(Role)
    before = set(user.groups.values_list("name", flat=True)) & known
    after = set(roles) & known
    if before != after:
        user.groups.remove(*Group.objects.filter(name__in=before - after))
        user.groups.add(*Group.objects.filter(name__in=after - before))
        user.__dict__.pop("roles", None)
        _changed(user, "roles", by=by, at=at, before=sorted(before), after=sorted(after))
    return user


@transaction.atomic
def post(
    user: User, team: Team, *, province: str, starts_on: date, ends_on: date | None,
    by: Any, at: datetime,
) -> Posting:  # fmt: skip
    """Put somebody in a team for a province or (empty) for all of it. Raises NotYourself."""
    if by is not None and not by.has_perm("accounts.manage_users"):
        _not_oneself(user, by)
    posting, created = Posting.objects.get_or_create(
        user=user, team=team, province=province, starts_on=starts_on, ends_on=ends_on
    )
    if created:
        facts = {"team": team.pk, "province": province, "from": starts_on.isoformat()}
        _changed(user, "posted", by=by, at=at, **facts, until=_iso(ends_on))
    return posting


@transaction.atomic
def end_posting(posting: Posting, *, on: date, by: Any, at: datetime) -> Posting:
    """`on` is the last day it holds; ended before it began, it never holds. Raises NotYourself."""
    if by is not None and not by.has_perm("accounts.manage_users"):
        _not_oneself(posting.user, by)
    if posting.ends_on is not None and posting.ends_on <= on:
        return posting
    posting.ends_on = on
    posting.save(update_fields=["ends_on"])
    _changed(posting.user, "posting-ended", by=by, at=at, team=posting.team_id, until=_iso(on))
    return posting


def end_posting_now(posting: Posting, *, today: date, by: Any, at: datetime) -> Posting:
    """From this moment on: the day before is the last."""
    return end_posting(posting, on=today - timedelta(days=1), by=by, at=at)


@transaction.atomic
def set_active(user: User, active: bool, *, by: Any, at: datetime) -> User:
    """Close or reopen an account; a closed one is out at its next request. Raises NotYourself."""
    _not_oneself(user, by)
    if user.is_active != active:
        user.is_active = active
        user.save(update_fields=["is_active"])
        _changed(user, "opened" if active else "closed", by=by, at=at)
    return user


@transaction.atomic
def first_link(user: User, *, by: Any, at: datetime) -> str:
    """The path by which the person chooses a password: once, and for PASSWORD_RESET_TIMEOUT.

    The token is made of the password's hash and the last sign-in: it dies with either.
    """
    audit("changed-rights", by=by, at=at, subject=user, facts={"what": "password-link"})
    return reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(user),
            "key": default_token_generator.make_token(user),
        },
    )


@transaction.atomic
def reset_proof(user: User, *, by: Any, at: datetime) -> User:
    """The telephone with the app is lost: forget it, so that a new one is set up, and end the person's sessions.
    Raises NotYourself."""
    _not_oneself(user, by)
    proofs.drop(user)
    user.sessions_end = at
    user.save(update_fields=["sessions_end"])
    _changed(user, "second-proof-reset", by=by, at=at)
    return user


@transaction.atomic
def end_sessions(user: User, *, by: Any, at: datetime) -> User:
    """Sign a person out everywhere: pages at their next request, sockets within seconds."""
    user.sessions_end = at
    user.save(update_fields=["sessions_end"])
    _changed(user, "sessions-ended", by=by, at=at)
    return user


def _not_oneself(user: User, by: Any) -> None:
    if by is not None and user.pk == by.pk:
        raise NotYourself


def _changed(user: User, what: str, *, by: Any, at: datetime, **facts: Any) -> None:
    User.objects.filter(pk=user.pk).update(rights_version=F("rights_version") + 1)
    user.refresh_from_db(fields=["rights_version"])
    audit("changed-rights", by=by, at=at, subject=user, facts={"what": what, **facts})


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
