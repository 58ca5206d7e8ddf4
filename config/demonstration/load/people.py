"""The associations and persons of the load, with their numbers, offices and name words."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from config.demonstration.load.writing import Numbers, Row, defaults, insert
from config.demonstration.sheets import DATA
from helpdesk.associations import names
from helpdesk.associations.models import Association, Mandate, NameWord, Person, Phone
from helpdesk.associations.rules import LegalStatus, Office, Stage
from helpdesk.centre.models import Centre

ORDER = (Association, Person, Phone, Mandate, NameWord)
OFFICES = (Office.PRESIDENT, Office.SECRETARY, Office.TREASURER, Office.MEMBER)
FIRST_NUMBER = 600_100_000
"""First made-up number; the demonstration's own lie below it."""


@dataclass(frozen=True)
class Home:
    """An association that tickets refer to."""

    pk: int
    province: str


@dataclass(frozen=True)
class People:
    persons: list[int]
    home: list[Home | None]
    """The association of each person, None for who has none."""


@cache
def words() -> dict[str, Any]:
    return tomllib.loads((DATA / "load.toml").read_text("utf-8"))


def people(centre: Centre, numbers: Numbers, *, tickets: int, rng: Random, at: datetime) -> People:
    """About one association for 25 tickets and three persons for ten."""
    since = at - timedelta(days=3 * 366)
    rows: dict[type[Any], list[Row]] = {m: [] for m in ORDER}

    def add(model: type[Any], **fields: Any) -> Row:
        row = {**defaults(model), "id": numbers.next(model), **fields}
        rows[model].append(row)
        return row

    homes = []
    for _ in range(max(5, tickets // 25)):
        row = add(Association, centre_id=centre.pk, **_association(rng, since))
        for word in sorted(_words_of(row["name_ar"]) | _words_of(row["name_fr"])):
            add(NameWord, word=word, association_id=row["id"])
        homes.append(Home(row["id"], row["province"]))
    persons, home = [], []
    number = FIRST_NUMBER + Phone.objects.count()
    for place in range(max(10, tickets * 3 // 10)):
        person, words = _person(rng, since)
        row = add(Person, centre_id=centre.pk, **person)
        for word in sorted(words):
            add(NameWord, word=word, person_id=row["id"])
        shared = place and rng.random() < 0.125
        for one in (number + place, number + place - 1) if shared else (number + place,):
            add(Phone, person_id=row["id"], number=f"+212{one}", last_used_at=since)
        persons.append(row["id"])
        home.append(rng.choice(homes) if rng.random() < 0.8 else None)
        if at_home := home[-1]:
            add(
                Mandate, person_id=row["id"], association_id=at_home.pk, office=rng.choice(OFFICES),
                starts_on=since.date() + timedelta(days=rng.randrange(900)),
            )  # fmt: skip
    for model in ORDER:
        insert(model, rows[model])
    return People(persons, home)


def _association(rng: Random, since: datetime) -> Row:
    name, aim = rng.choice(words()["association_names"]), rng.choice(words()["association_aims"])
    province, commune_ar, commune_fr = rng.choice(words()["communes"])
    name_ar = f"جمعية {name[0]} {aim[0]} - {commune_ar}"
    name_fr = f"Association {name[1]} {aim[1]} - {commune_fr}"
    return {
        "name_ar": name_ar, "name_fr": name_fr, "province": province, "commune": commune_ar,
        "folded": f"{names.fold(name_ar)} {names.fold(name_fr)}"[:420],
        "stage": Stage.ACTIVE if rng.random() < 0.8 else rng.choice(Stage.values),
        "legal_status": LegalStatus.DECLARED, "added_at": since,
        "founded_on": since.date() - timedelta(days=rng.randrange(6000)),
    }  # fmt: skip


def _person(rng: Random, since: datetime) -> tuple[Row, set[str]]:
    """A person, and the words they are found by; each part of a name is analysed once."""
    first, last = rng.choice(words()["first_names"]), rng.choice(words()["last_names"])
    french = rng.random() < 0.25
    scripts = [1, 0] if french else [0, 1]
    if rng.random() < 0.6:
        del scripts[1]
    written = [f"{first[script]} {last[script]}" for script in scripts]
    found: set[str] = set()
    for script in scripts:
        found |= _words_of(first[script]) | _words_of(last[script])
    return {
        "name": written[0], "other_name": written[1] if len(written) > 1 else "",
        "folded": " ".join(_fold(one) for one in written)[:250], "added_at": since,
        "language": "fr" if french else "ar", "speaks": "fr" if french else "ary",
    }, found  # fmt: skip


@cache
def _fold(name: str) -> str:
    return names.fold(name)


@cache
def _words_of(part: str) -> frozenset[str]:
    return frozenset(names.index_words(part))
