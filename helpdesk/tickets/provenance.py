"""Where an answer comes from: what was given on the day, by whom, and what has changed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from helpdesk.notices.models import Notice
from helpdesk.tickets import citations, rules
from helpdesk.tickets.models import Answer
from knowledge.articles.models import Version
from knowledge.articles.rules import Mark


@dataclass(frozen=True)
class Said:
    """A statement as it was given: words, mark and citations of that day."""

    key: str
    section: str
    text: str
    mark: str
    citations: Sequence[str]
    quoted: bool


@dataclass(frozen=True)
class Change:
    """One statement that differs in the version of today. `what`: added, removed, words, mark."""

    what: str
    key: str
    section: str
    before: str = ""
    after: str = ""
    mark_before: str = ""
    mark_after: str = ""

    @property
    def mark_before_label(self) -> str:
        return str(Mark(self.mark_before).label) if self.mark_before else ""

    @property
    def mark_after_label(self) -> str:
        return str(Mark(self.mark_after).label) if self.mark_after else ""


@dataclass(frozen=True)
class Given:
    """An article as the answer gave it, beside what readers see today."""

    version: Any
    said: Sequence[Said]
    current: Any
    changes: Sequence[Change]
    touches_quoted: bool
    """A statement that the answer quoted is among the changes."""

    @property
    def is_current(self) -> bool:
        return self.current is not None and self.current.pk == self.version.pk

    @property
    def signed_since(self) -> bool:
        """The same version, provisional on the day, has been signed by a reviewer."""
        return self.version.reviewed_on is not None


@dataclass(frozen=True)
class Provenance:
    answer: Answer
    given: Sequence[Given]
    notices: Sequence[Notice]
    caution: str

    @property
    def changed(self) -> bool:
        return any(not given.is_current for given in self.given)


def of(answer: Answer, *, unsure: bool) -> Provenance:
    """Everything that proves an answer. `unsure`: also statements that are for staff only."""
    rows = list(answer.given.select_related("version__edition__article__theme").order_by("pk"))
    wanted = {row.version_id for row in rows}
    wanted |= {pk for row in rows if (pk := row.version.edition.current_id)}
    versions = {version.pk: version for version in Version.objects.filter(pk__in=wanted).whole()}
    return Provenance(
        answer=answer,
        given=[_given(row, versions, unsure=unsure) for row in rows],
        notices=list(
            Notice.objects.about("ticket", answer.ticket_id).filter(key=f"answer:{answer.pk}")
        ),
        caution=rules.CAUTION[answer.language],
    )


def _given(row: Any, versions: dict[int, Any], *, unsure: bool) -> Given:
    version = versions[row.version_id]
    current = versions.get(version.edition.current_id)
    quoted = set(row.statements)
    changes = _changes(version, current, unsure=unsure) if current else []
    return Given(
        version=version,
        said=_said(version, row, quoted, unsure=unsure),
        current=current,
        changes=changes,
        touches_quoted=any(_was_given(change, quoted) for change in changes),
    )


def _was_given(change: Change, quoted: set[str]) -> bool:
    if change.what == "added":
        return False
    return change.key in quoted or (not quoted and change.mark_before != Mark.UNSURE)


def _said(version: Any, row: Any, quoted: set[str], *, unsure: bool) -> list[Said]:
    """What the asker could read: an article given whole was given without what is not certain."""
    cited = citations.by_statement(row)
    return [
        Said(
            key=s.key, section=s.get_section_display(), text=s.text, mark=s.mark,
            citations=cited.get(s.key, []), quoted=s.key in quoted,
        )
        for s in _shown(version, unsure=unsure)
        if s.key in quoted or (not quoted and s.mark != Mark.UNSURE)
    ]  # fmt: skip


def _shown(version: Any, *, unsure: bool) -> list[Any]:
    return [s for s in version.statements.all() if unsure or s.mark != Mark.UNSURE]


def _changes(old: Any, new: Any, *, unsure: bool) -> list[Change]:
    """Statements added, removed, reworded or marked otherwise, in reading order of the new version."""
    if old.pk == new.pk:
        return []
    before = {s.key: s for s in _shown(old, unsure=unsure)}
    found = []
    for after in _shown(new, unsure=unsure):
        was = before.pop(after.key, None)
        if change := _change(was, after):
            found.append(change)
    found += [
        Change("removed", s.key, s.get_section_display(), before=s.text, mark_before=s.mark)
        for s in before.values()
    ]
    return found


def _change(was: Any, after: Any) -> Change | None:
    section = after.get_section_display()
    if was is None:
        return Change("added", after.key, section, after=after.text, mark_after=after.mark)
    if was.text == after.text and was.mark == after.mark:
        return None
    return Change(
        "words" if was.text != after.text else "mark", after.key, section,
        before=was.text, after=after.text, mark_before=was.mark, mark_after=after.mark,
    )  # fmt: skip
