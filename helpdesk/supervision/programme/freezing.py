"""Freezing a report, and proving that a frozen copy is still what it was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.accounts.actions import audit
from helpdesk.supervision.models import FrozenFile, FrozenPeriod
from helpdesk.supervision.programme import files
from helpdesk.supervision.programme.report import Report, content_digest, of_content


@dataclass(frozen=True)
class Proof:
    """Of one file of a copy. `kept` and `drawn`: the bytes kept, and those drawn anew from the content."""

    name: str
    kept: bool
    drawn: bool | None
    """None where this machine cannot make the format."""


def freeze(report: Report, *, centre: Any, by: Any, at: datetime) -> FrozenPeriod:
    """Keep the report as it is told now, with its files in both languages."""
    made = files.all_of(report, centre=centre)  # drawn before the transaction: it takes seconds
    return _kept(report, made, centre=centre, by=by, at=at)


@transaction.atomic
def _kept(
    report: Report, made: dict[tuple[str, str], bytes], *, centre: Any, by: Any, at: datetime
) -> FrozenPeriod:
    asked = report.asked
    copy = FrozenPeriod.objects.create(
        centre=centre, kind=asked.period.kind, first=asked.period.first, province=asked.province,
        language=asked.language, channel=asked.channel, frozen_at=at, frozen_by=by,
        content=report.content, rules=report.rules, facts_digest=report.facts_digest,
        content_digest=report.digest,
    )  # fmt: skip
    FrozenFile.objects.bulk_create(
        FrozenFile(
            frozen=copy, language=language, format=format, sha256=files.sum_of(content),
            content=content,
        )
        for (language, format), content in made.items()
    )  # fmt: skip
    audit(
        "froze-programme", by=by, at=at, subject=copy,
        facts={"period": asked.name, "content": report.digest},
    )  # fmt: skip
    return copy


def proofs(copy: FrozenPeriod) -> list[Proof]:
    """The content against its digest, each file against its own and against the content drawn anew."""
    whole = content_digest(copy.content) == copy.content_digest
    again = files.all_of(of_content(copy.content), centre=copy.centre)
    found = [Proof("content", whole, whole)]
    for one in copy.files.all():
        drawn = again.get((one.language, one.format))
        found.append(
            Proof(
                f"{one.language}.{one.format}", files.sum_of(bytes(one.content)) == one.sha256,
                None if drawn is None else files.sum_of(drawn) == one.sha256,
            )
        )  # fmt: skip
    return found
