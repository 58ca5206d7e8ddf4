"""What `data/` says of the associations and the cases."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Holder:
    """Somebody with an office; `phone` as E.164."""

    office: str
    name_ar: str
    name_latin: str
    phone: str


@dataclass(frozen=True)
class AssociationSheet:
    key: str
    name_ar: str
    name_fr: str
    province: str
    commune: str
    stage: str
    legal_status: str
    holders: tuple[Holder, ...]

    @property
    def email(self) -> str:
        """Also how a laid association is known again."""
        return f"{self.key}@example.org"


@dataclass(frozen=True)
class Case:
    """One sample case. `association` is a key of the sheets, or empty."""

    number: int
    channel: str
    lang: str
    words: str
    subject: str
    context: str
    standing: str
    province: str
    association: str
    topics: tuple[str, ...]
    help: str
    outcome: str
    four_eyes: bool


@cache
def associations() -> tuple[AssociationSheet, ...]:
    return tuple(_association(row) for row in _rows("associations.toml", "association"))


@cache
def cases() -> dict[int, Case]:
    """By number."""
    return {case.number: case for case in map(_case, _rows("cases.toml", "case"))}


def _rows(name: str, table: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = tomllib.loads((DATA / name).read_text("utf-8"))[table]
    return rows


def _association(row: dict[str, object]) -> AssociationSheet:
    offices = ("president", "secretary", "treasurer")
    return AssociationSheet(
        key=str(row["key"]),
        name_ar=str(row["name_ar"]),
        name_fr=str(row["name_fr"]),
        province=str(row["province"]),
        commune=str(row["commune_ar"]),
        stage=str(row["stage"]),
        legal_status=str(row["legal_status"]),
        holders=tuple(Holder(office, **row[office]) for office in offices),  # type: ignore[arg-type]
    )


def _case(row: dict[str, object]) -> Case:
    language = "fr" if row["lang"] == "fr" else "ar"
    return Case(
        number=int(str(row["number"])),
        channel=str(row["channel"]),
        # Darija is one language, in whichever letters it is written.
        lang="ary" if row["lang"] == "ary-latn" else str(row["lang"]),
        words=str(row["words"]),
        subject=str(row[f"subject_{language}"]),
        context=str(row[f"context_{language}"]),
        standing=str(row["standing"]),
        province=str(row["province"]),
        association=str(row["association"]),
        topics=tuple(row["topics"]),  # type: ignore[arg-type]
        help=str(row["help"]),
        outcome=str(row["outcome"]),
        four_eyes=bool(row["four_eyes"]),
    )
