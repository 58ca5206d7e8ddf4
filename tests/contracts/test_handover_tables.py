"""Every table is in a hand-over pack, or is the successor's own, or is left out for a reason that stands here."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from config.handover.records import BY_KEY, BY_NAME, LATER, LEFT, ORDER, UNDER_WAY, WAYS
from helpdesk.centre.models import Centre
from helpdesk.files.models import StoredFile

ELSEWHERE = {
    "accounts.audit": "traces: what was done with rows of the pack",
    "accounts.posting": "traces: former ones of the people whom rows name",
    "accounts.user": "traces: names of the people whom rows name, as closed accounts",
    "twilio.correspondent": "traces: of the numbers that the pack holds",
    "tickets.askedfact": "lists",
    "articles.theme": "lists: those of the centre's own",
    "tickets.recall": "named by rows of the pack, with when it began and ended",
}
"""In the pack, but not row by row."""
OWN = {
    "accounts.team": "rows name them, and those missing are made",
    "queues.queue": "rows name them, and those missing are made",
    "centre.centre": "the successor's name, territory, numbers",
    "centre.operator": "the successor itself",
    "centre.logo": "the successor's",
    "centre.change": "history of the predecessor's set-up",
    "hours.schedule": "the successor's hours",
    "hours.opening": "the successor's hours",
    "hours.holiday": "confirmed by whoever runs the installation",
    "hours.ramadan": "confirmed by whoever runs the installation",
    "queues.serving": "who works when",
    "tickets.phrase": "ready phrases of a team",
    "supervision.desknotice": "what is told to the desk today",
    "supervision.retentionrule": "confirmed by two people of the successor",
    "auth.group": "the program's roles",
    "auth.permission": "the program's",
    "contenttypes.contenttype": "the program's",
}
LIBRARY = (
    "articles.", "search.searchrecord", "search.suggestioncount", "search.unknownword", "search.wordsetaside",
)  # fmt: skip
"""Shared by every centre of an installation, and of no person: it goes as a bundle."""
SECRET = {
    "accounts.apikey": "a key opens the installation that made it",
    "notices.subscription": "its secret is made of the installation's key",
    "notices.mailaccount": "its password is sealed by the installation's key",
    "account.emailaddress": "of accounts that stay behind",
    "account.emailconfirmation": "of accounts that stay behind",
    "mfa.authenticator": "second proofs",
    "sessions.session": "who is signed in",
    "telephony.dial": "a permission used once, by a number's keyed hash; the call is in the pack",
    "linehook.nonce": "words used once",
    "webline.linepage": "lets a page speak for a leg",
}
PASSING = {
    "live.draft": "not said yet",
    "live.viewing": "of the moment",
    "queues.presence": "of the moment",
    "queues.presencespell": "working hours of people who do not come along",
    "tickets.snooze": "of one advisor's list",
    "telephony.piece": "of sound on its way",
    "telephony.timer": "of calls under way",
    "webline.link": "of browsers under way",
    "webline.description": "network addresses, deleted with the link",
}
INSTALLATION = {
    "centre.backup": "backups made here",
    "centre.beat": "sweeps run here",
    "linehook.told": "what an exchange told, as calls and events of the pack",
    "twilio.finding": "the account at the network",
    "twilio.linecheck": "the account at the network",
    "twilio.media": "the account at the network; the files are in the pack",
    "twilio.sound": "prompts that callers hear, in the successor's voice",
    "twilio.tape": "the account at the network; recordings are in the pack",
    "twilio.stray": "the account at the network",
    "twilio.room": "the account at the network; legs are in the pack",
    "twilio.voice": "the account at the network; legs are in the pack",
    "twilio.order": "the account at the network",
    "twilio.text": "the account at the network; how a notice fared is in the pack",
}
OUT = {**ELSEWHERE, **OWN, **SECRET, **PASSING, **INSTALLATION}
PACKED = {model._meta.label_lower for model in ORDER}


def is_library(name: str) -> bool:
    return name.startswith(LIBRARY) and name not in ELSEWHERE


def test_every_table_is_in_the_pack_or_left_for_a_reason() -> None:
    names = {model._meta.label_lower for model in apps.get_models()}
    unsaid = {name for name in names if not is_library(name)} - PACKED - OUT.keys()
    assert not unsaid, "a new table: does a successor need it?"
    assert not PACKED & OUT.keys()
    assert not (PACKED | OUT.keys()) - names, "a table that is no more"
    assert all(OUT.values())


@pytest.mark.parametrize("model", ORDER, ids=lambda model: model._meta.label_lower)
def test_what_a_row_refers_to_is_in_the_pack_or_has_a_name(model: Any) -> None:
    before = ORDER[: ORDER.index(model)]
    for field in model._meta.concrete_fields:
        target = field.related_model
        if target is None or field.name in LEFT.get(model, ()):
            continue
        is_later = field.name in LATER.get(model, ()) and target is model
        assert target in (Centre, *BY_NAME) or target in before or is_later, field.name
        assert target not in BY_KEY
    for field in model._meta.many_to_many:
        by_rows = field.remote_field.through in ORDER
        assert field.related_model is StoredFile or by_rows, field.name


def test_what_stays_behind_of_a_row_can_be_missing() -> None:
    for model, names in LEFT.items():
        for name in names:
            field = model._meta.get_field(name)
            assert field.null or field.has_default() or field.blank, name


def test_each_kind_has_one_way_to_its_centre() -> None:
    by_way = [model for models_ in WAYS.values() for model in models_]
    assert len(by_way) == len(set(by_way))
    assert {*by_way, *UNDER_WAY, *LEFT, *LATER, *BY_KEY} <= set(ORDER)
    for way, models_ in WAYS.items():
        for model in models_:
            assert _at_end(model, way) is Centre, f"{model.__name__} {way}"


def _at_end(model: type[models.Model], way: str) -> Any:
    for step in way.split("__"):
        model = model._meta.get_field(step).related_model
    return model
