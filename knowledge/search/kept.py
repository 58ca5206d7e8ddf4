"""The glossary in use follows what the staff keep: in every process, within a second.

Each process asks the database once a second at most, and only while somebody searches, whether a term
changed. Nothing is indexed anew: equivalents are added to the question.
"""

import math
import time
from collections.abc import Iterable

from knowledge.articles.terms import Term
from knowledge.search import glossary
from knowledge.search.glossary import Entry, Glossary

LOOK_SECONDS = 1.0
_NOTHING = (0, 0, None)
_looked = [-math.inf]
_seen = [_NOTHING]


def follow(*, at_once: bool = False) -> None:
    """Take in what changed; `at_once` for who has just changed it. One query, a second one after a change."""
    now = time.monotonic()
    if not at_once and now - _looked[-1] < LOOK_SECONDS:
        return
    _looked[-1] = now
    state = Term.objects.fingerprint()
    if state == _seen[-1]:
        return
    # The state first: what is kept in between is read now and found different once more.
    glossary.use(_made_of(list(Term.objects.order_by("pk"))) if state != _NOTHING else None)
    _seen[-1] = state


def forget() -> None:
    """Look again with the next question, as a process that has just begun."""
    glossary.use(None)
    _looked[-1], _seen[-1] = -math.inf, _NOTHING


def _made_of(terms: Iterable[Term]) -> Glossary:
    own = [entry_of(term) for term in terms if term.state == Term.State.USED]
    without = {t.stands_for for t in terms if t.stands_for and t.state != Term.State.SHIPPED}
    return Glossary(own, without=without)


def entry_of(term: Term) -> Entry:
    """As search reads it."""
    return Entry(
        tuple(term.ar),
        tuple(term.fr),
        tuple(term.darija),
        tuple(term.latin),
        key=term.stands_for,
        term=term.pk,
        is_shown=term.is_shown,
        meaning_ar=term.meaning_ar,
        meaning_fr=term.meaning_fr,
    )
