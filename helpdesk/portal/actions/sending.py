"""A request sent by an organisation's program: once, however often the same key comes."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.accounts.keys import Organisation
from helpdesk.associations import actions as associations
from helpdesk.centre.lines import clean_line, clean_text
from helpdesk.queues.actions import Received, receive
from helpdesk.tickets.rules import Channel
from knowledge.articles import access as library


class OtherWords(Exception):
    """The key was used already, for something else."""


class WrongField(Exception):
    """A field that cannot be taken, with the sentence for who sent it."""

    def __init__(self, field: str, said: str) -> None:
        super().__init__(said)
        self.field = field


@transaction.atomic
def send(
    organisation: Organisation, said: Mapping[str, Any], *, key: str, at: datetime
) -> Received:
    """Receive the question. Raises OtherWords, WrongField."""
    centre, words = organisation.centre, clean_text(said["words"], limit=5000)
    if not clean_line(words):
        raise WrongField("words", _("This field is needed."))
    theme = next((one for one in library.asked_themes() if one.code == said["theme"].upper()), None)
    if said["theme"] and theme is None:
        raise WrongField("theme", _("This is none of the possible values."))
    if said["province"] and said["province"] not in centre.provinces():
        raise WrongField("province", _("This is none of the possible values."))
    digest = hashlib.sha256(json.dumps(dict(said), sort_keys=True).encode()).hexdigest()
    name = clean_line(said["association"])
    received = receive(
        Channel.API,
        key=entry_key(organisation, key),
        at=at,
        centre=centre,
        words=words,
        language=said["language"],
        subject=clean_line(said["subject"] or words, limit=120),
        theme=theme,
        province=said["province"],
        association=associations.association_for(
            centre=centre, name=name, province=said["province"], at=at
        )
        if name
        else None,
        data={"digest": digest},
        organisation=organisation,
    )
    if not received.created and received.entry.data.get("digest") != digest:
        raise OtherWords
    return received


def entry_key(organisation: Organisation, key: str) -> str:
    """A key means something to its organisation alone."""
    return "api:" + hashlib.sha256(f"{organisation.pk}:{key}".encode()).hexdigest()[:48]
