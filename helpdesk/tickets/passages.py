"""The passage of each ticket that a search found, its words marked; telephone numbers covered."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import F, Q
from django.db.models.functions import Substr
from django.utils.safestring import SafeString

from helpdesk.associations.spotting import covered
from helpdesk.tickets.models import Entry, Ticket
from knowledge.search.folding import words
from knowledge.search.snippets import marked
from knowledge.search.stemming import stem

LONGEST = 120
"""Characters of a passage."""
_FIRST, _LAST, _READ = 30, 10, 3000
"""Entries of a ticket that are looked through from each end, and characters of each."""


def passages(tickets: Sequence[Ticket], stems: Mapping[str, float]) -> dict[int, SafeString]:
    """{key: passage} for tickets whose entries hold words that the subject does not; one query.

    The tickets must be visible to whoever reads the passages.
    """
    wanted = set(stems)
    subjects = {ticket.pk: ticket.subject for ticket in tickets}
    if not wanted or not subjects:
        return {}
    best: dict[int, tuple[float, str]] = {}
    for pk, texts in _texts(list(subjects)).items():
        shown = _held(subjects[pk], wanted)
        for text in texts:
            score = sum(stems[one] for one in _held(text, wanted) - shown)
            if score > best.get(pk, (0.0, ""))[0]:
                best[pk] = (score, text)
    return {pk: marked(covered(text), stems, longest=LONGEST) for pk, (_, text) in best.items()}


def _texts(keys: Sequence[int]) -> dict[int, list[str]]:
    ends = Q(number__lte=_FIRST) | Q(number__gt=F("ticket__last") - _LAST)
    rows = Entry.objects.filter(ends, ticket__in=keys).exclude(text="").order_by("ticket", "number")
    texts: dict[int, list[str]] = defaultdict(list)
    for ticket, text in rows.values_list("ticket", Substr("text", 1, _READ)):
        texts[ticket].append(text)
    return texts


def _held(text: str, wanted: set[str]) -> set[str]:
    """Which of these stems the text holds."""
    return {stem(word) for word in set(words(text))} & wanted
