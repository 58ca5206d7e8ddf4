"""The associations and persons of the load, with their numbers, offices and name words."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from config.demonstration.sheets import DATA
from helpdesk.associations import names
from helpdesk.associations.models import Association, Mandate, NameWord, Person, Phone
from helpdesk.associations.numbers import Number
from helpdesk.associations.rules import LegalStatus, Office, Stage
from helpdesk.centre.models import Centre

BATCH = 2000
_OFFICES = (Office.PRESIDENT, Office.SECRETARY, Office.TREASURER, Office.MEMBER)
_NUMBERS = 600_100_000
"""First made-up number; the demonstration's own lie below it."""


@dataclass(frozen=True)
class People:
    associations: list[Association]
    persons: list[Person]
    home: list[int | None]
    """For each person the place of their association in the list, None for who has none."""


@cache
def words() -> dict[str, Any]:
    return tomllib.loads((DATA / "load.toml").read_text("utf-8"))


def people(centre: Centre, *, tickets: int, rng: Random, at: datetime) -> People:
    """About one association for 25 tickets and three persons for ten."""
    since = at - timedelta(days=3 * 366)
    associations = [_association(centre, rng, since) for _ in range(max(5, tickets // 25))]
    persons, pairs, home = [], [], []
    for _ in range(max(10, tickets * 3 // 10)):
        first, last = rng.choice(words()["first_names"]), rng.choice(words()["last_names"])
        persons.append(_person(centre, first, last, rng, since))
        pairs.append((tuple(first), tuple(last)))
        home.append(rng.randrange(len(associations)) if rng.random() < 0.8 else None)
    Association.objects.bulk_create(associations, batch_size=BATCH)
    Person.objects.bulk_create(persons, batch_size=BATCH)
    _reach(persons, rng, since)
    Mandate.objects.bulk_create(
        (
            Mandate(
                person=person, association=associations[place], office=rng.choice(_OFFICES),
                starts_on=since.date() + timedelta(days=rng.randrange(900)),
            )
            for person, place in zip(persons, home, strict=True)
            if place is not None
        ),
        batch_size=BATCH,
    )  # fmt: skip
    _name(associations, persons, pairs)
    return People(associations, persons, home)


def _association(centre: Centre, rng: Random, since: datetime) -> Association:
    name, aim = rng.choice(words()["association_names"]), rng.choice(words()["association_aims"])
    province, commune_ar, commune_fr = rng.choice(words()["communes"])
    name_ar = f"جمعية {name[0]} {aim[0]} - {commune_ar}"
    name_fr = f"Association {name[1]} {aim[1]} - {commune_fr}"
    return Association(
        centre=centre, name_ar=name_ar, name_fr=name_fr, province=province, commune=commune_ar,
        folded=f"{_fold(name_ar)} {_fold(name_fr)}"[:420],
        stage=Stage.ACTIVE if rng.random() < 0.8 else rng.choice(Stage.values),
        legal_status=LegalStatus.DECLARED, added_at=since,
        founded_on=since.date() - timedelta(days=rng.randrange(6000)),
    )  # fmt: skip


def _person(centre: Centre, first: Any, last: Any, rng: Random, since: datetime) -> Person:
    name, other = f"{first[0]} {last[0]}", f"{first[1]} {last[1]}"
    french = rng.random() < 0.25
    if french:
        name, other = other, name
    return Person(
        centre=centre, name=name, other_name=other if rng.random() < 0.4 else "",
        folded=f"{_fold(name)}"[:250], language="fr" if french else "ar",
        speaks="fr" if french else "ary", added_at=since,
    )  # fmt: skip


@cache
def _fold(name: str) -> str:
    return names.fold(name)


def _reach(persons: list[Person], rng: Random, since: datetime) -> None:
    """Each a number of their own; one in eight shares a neighbour's besides."""
    first = _NUMBERS + Phone.objects.count()
    rows = []
    for place, person in enumerate(persons):
        rows.append(_phone(person, first + place, since))
        if place and rng.random() < 0.125:
            rows.append(_phone(person, first + place - 1, since))
    Phone.objects.bulk_create(rows, batch_size=BATCH)


def _phone(person: Person, number: int, since: datetime) -> Phone:
    return Phone(person=person, number=Number(f"+212{number}"), last_used_at=since)  # type: ignore[misc]


def _name(associations: list[Association], persons: list[Person], pairs: list[Any]) -> None:
    """The name words, by the product's own analysis, each part of a name analysed once."""
    rows = [
        NameWord(word=word, association=one)
        for one in associations
        for word in sorted(_words_of(one.name_ar) | _words_of(one.name_fr))
    ]
    for person, (first, last) in zip(persons, pairs, strict=True):
        scripts = (0, 1) if person.other_name else (1,) if person.language == "fr" else (0,)
        found: set[str] = set()
        for script in scripts:
            found |= _words_of(first[script]) | _words_of(last[script])
        rows += [NameWord(word=word, person=person) for word in sorted(found)]
    NameWord.objects.bulk_create(rows, batch_size=BATCH)


@cache
def _words_of(part: str) -> frozenset[str]:
    return frozenset(names.index_words(part))
