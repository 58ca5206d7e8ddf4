"""Who and what a pack names, here: people as closed accounts, teams and queues made, the library known."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.handover.records import FORMER
from config.handover.refusing import NotOpened
from helpdesk.accounts.models import Team, User
from helpdesk.centre.models import Centre
from helpdesk.queues.models import Queue
from helpdesk.tickets.recalls import Recall
from knowledge.articles.models import Theme, Version

NO_THEME = _("The theme %(name)s is not here: bring in the library of that centre first.")
NO_VERSION = _(
    "The article version %(name)s is not here: bring in the library of that centre first."
)


@dataclass
class Keys:
    """What names of the pack mean here: `of(model, name)` is the number of the row, which is made where it can be."""

    centre: Centre
    users: dict[str, int]
    teams: dict[tuple[str, str], int]
    queues: dict[str, int]
    themes: dict[str, int]
    versions: dict[tuple[Any, ...], int]
    recalls: dict[str, int] = field(default_factory=dict)

    def of(self, target: type[models.Model], name: Any) -> Any:
        if target is User:
            return self._user(name)
        if target is Team:
            return self._team(*name)
        if target is Queue:
            return self._queue(*name)
        if target is Theme:
            return self._known(self.themes, name, NO_THEME)
        if target is Version:
            return self._known(self.versions, tuple(name), NO_VERSION)
        if target is Recall:
            return self._recall(*name)
        return name

    def _user(self, name: str) -> int:
        if name not in self.users:
            known = User.objects.filter(username=FORMER + name).first()
            made = known or User(
                username=FORMER + name, name_ar=name, name_fr=name, is_active=False
            )
            if known is None:
                made.set_unusable_password()
                made.save()
            self.users[name] = made.pk
        return self.users[name]

    def _team(self, name_ar: str, name_fr: str) -> int:
        key = (name_ar, name_fr)
        if key not in self.teams:
            found, _made = Team.objects.get_or_create(
                centre=self.centre, name_ar=name_ar, name_fr=name_fr
            )
            self.teams[key] = found.pk
        return self.teams[key]

    def _queue(self, team: list[str], name_ar: str, name_fr: str) -> int:
        key = json.dumps([team, name_ar, name_fr])
        if key not in self.queues:
            found, _made = Queue.objects.get_or_create(
                team_id=self._team(*team), name_ar=name_ar, name_fr=name_fr
            )
            self.queues[key] = found.pk
        return self.queues[key]

    def _recall(self, version: list[Any], opened: str, closed: str | None, note: str) -> int:
        """One that is here concerns nobody yet: it becomes what it was there."""
        key = json.dumps(version)
        if key not in self.recalls:
            made, _new = Recall.objects.update_or_create(
                version_id=self.of(Version, version),
                defaults={
                    "opened_at": datetime.fromisoformat(opened), "closing_note": note,
                    "closed_at": datetime.fromisoformat(closed) if closed else None,
                },
            )  # fmt: skip
            self.recalls[key] = made.pk
        return self.recalls[key]

    @staticmethod
    def _known(table: dict[Any, int], name: Any, without: Any) -> int:
        if name not in table:
            raise NotOpened(without, name=name)
        return table[name]
