"""A question while it is being asked: what was typed on which page, and what is still missing.

It is kept on the server under the visitor's cookie, page by page, as raw words. The place has a
slash, which no address of the draft service can name: only these pages write here.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from helpdesk.files.models import StoredFile
from helpdesk.live.access import PUBLIC
from helpdesk.live.actions import draft_of, drop_draft, save_draft
from helpdesk.live.visitors import visitor_of
from helpdesk.portal.ask_forms import (
    AnswerForm,
    AssociationForm,
    FactsForm,
    PapersForm,
    QuestionForm,
    ThemeForm,
)
from helpdesk.portal.rules import MOST_FACTS, Step, steps
from helpdesk.tickets.facts import asked

PLACE = "public/ask"
TYPING = f"{PUBLIC}ask-question"
"""Where the page's script keeps the question between two keys."""
FORMS: dict[Step, type[forms.Form]] = {
    Step.THEME: ThemeForm,
    Step.QUESTION: QuestionForm,
    Step.FACTS: FactsForm,
    Step.PAPERS: PapersForm,
    Step.ASSOCIATION: AssociationForm,
    Step.ANSWER: AnswerForm,
}


@dataclass
class Asking:
    """One question on its way. `fields` are the raw words of all pages."""

    visitor: str
    fields: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: HttpRequest) -> "Asking":
        visitor = visitor_of(request).token
        found = draft_of(place=PLACE, visitor=visitor)
        typing = draft_of(place=TYPING, visitor=visitor).get("question", "")
        if typing.strip():
            found = {**found, "question": typing}
        return cls(visitor, dict(found))

    @property
    def is_begun(self) -> bool:
        """Something was typed or chosen here, beyond what one brought along."""
        said = {name for name in ("theme", "question", "who", "answer_by") if self.fields.get(name)}
        if self.fields.get("question") == self.fields.get("brought"):
            said.discard("question")
        if self.fields.get("about"):
            said.discard("theme")
        return bool(said)

    @property
    def key(self) -> str:
        """Marks this question: sent twice, it is received once."""
        return self.fields.get("key", "")

    @property
    def topics(self) -> list[str]:
        """The articles that may answer, the best first."""
        return [topic for topic in self.fields.get("topics", "").split(",") if topic]

    @property
    def search(self) -> int | None:
        """Number of the search that suggested answers."""
        number = self.fields.get("search", "")
        return int(number) if number.isdigit() else None

    @property
    def offered(self) -> list[tuple[str, str]]:
        """(topic, language) of the answers suggested."""
        named = [one.rpartition(".") for one in self.fields.get("offered", "").split(",") if one]
        return [(topic, language) for topic, _dot, language in named]

    @property
    def fact_codes(self) -> list[str]:
        return asked(self.fields.get("codes", "").split(","), most=MOST_FACTS)

    @property
    def page_codes(self) -> list[str]:
        """The facts asked for; before the question is known the page for them still counts."""
        return self.fact_codes if self.fields.get("seen") else ["?"]

    @property
    def papers(self) -> list[StoredFile]:
        names = [name for name in self.fields.get("files", "").split(",") if name]
        found = {stored.name: stored for stored in StoredFile.objects.filter(name__in=names)}
        return [found[name] for name in names if name in found]

    def form(self, step: Step, data: Mapping[str, Any] | None = None, files: Any = None) -> Any:
        """The page's form: bound to what was sent, else showing what is kept."""
        extra: dict[str, Any] = {"codes": self.fact_codes} if step == Step.FACTS else {}
        if data is not None:
            return FORMS[step](data, files, **extra)
        return FORMS[step](initial=self.fields, **extra)

    def checked(self) -> tuple[dict[str, Any], Step | None]:
        """All that was said, cleaned, and the first page that is not right yet."""
        said: dict[str, Any] = {}
        for step in steps(self.fact_codes):
            if step in (Step.CHECK, Step.PAPERS):
                continue
            form = self.form(step, self.fields)
            if not form.is_valid():
                return said, step
            said |= form.cleaned_data
        return said, None

    def keep(self, words: Mapping[str, Any], step: Step) -> None:
        """Keep what was typed on one page, right or wrong."""
        for name in self.form(step, {}).fields:
            if step != Step.PAPERS:
                self.fields[name] = str(words.get(name, ""))
        self.save()

    def save(self) -> None:
        self.fields.setdefault("key", secrets.token_urlsafe(18))
        save_draft(place=PLACE, fields=self.fields, at=timezone.now(), visitor=self.visitor)
        drop_draft(place=TYPING, visitor=self.visitor)

    def forget(self) -> None:
        """It was sent, or thrown away."""
        drop_draft(place=PLACE, visitor=self.visitor)
        drop_draft(place=TYPING, visitor=self.visitor)

    def has_seen_answers(self) -> bool:
        """Whether the articles that may answer were shown for these very words."""
        return self.fields.get("seen") == self._digest()

    def note_answers(self, topics: Sequence[str], codes: list[str], *, papers_of: str) -> None:
        """Remember the articles that may answer, and what follows from them."""
        self.fields["topics"] = ",".join(topics)
        self.fields["codes"] = ",".join(codes)
        self.fields["papers_of"] = papers_of

    def note_offered(self, search: int | None, offered: Sequence[tuple[str, str]]) -> None:
        """Remember by which search answers were suggested, and which: (topic, language)."""
        self.fields["search"] = str(search or "")
        self.fields["offered"] = ",".join(f"{topic}.{lang}" for topic, lang in offered)

    def note_seen(self) -> None:
        """Remember for which words the articles were shown."""
        self.fields["seen"] = self._digest()

    def _digest(self) -> str:
        words = [self.fields.get(name, "") for name in ("theme", "about", "question")]
        return hashlib.sha256("\0".join(words).encode()).hexdigest()[:20]
