"""A request's words without the people in them, for what leaves the request: the library, the gap report.

What is on record of the request goes by name: who asks, their association and its board, whoever wrote
here. Names of others are guessed by what stands before them (السيد, Mme, جمعية « … »). Somebody reads the
rest before it is kept.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from helpdesk.accounts.models import User
from helpdesk.associations import names
from helpdesk.associations.models import Mandate
from helpdesk.associations.spotting import covered

GAP = "…"
_MAIL = re.compile(r"\S+@\S+")
_SITE = re.compile(r"(?:https?://|www\.)\S+")
_LONG = re.compile(r"\w*\d{6,}\w*")
_REFERENCE = re.compile(r"\bW-\d{4}-\d{3,}\b", re.IGNORECASE)
_TITLE_AR = "السيد السيدة الآنسة الاستاذ الأستاذ الأستاذة الحاج الحاجة سي للا لالة سيدي"
_CALLED_AR = "اسمي سميتي إسمي اسمه اسمها سميتو سميتها المسمى المسماة"
_AFTER_AR = re.compile(
    rf"(?<!\w)((?:[ولبك]|لل)?(?:{'|'.join((_TITLE_AR + ' ' + _CALLED_AR).split())}))((?:\s+[\u0621-\u064a]{{2,}}){{1,2}})"
)
_AFTER_FR = re.compile(
    r"(?<!\w)((?i:m\.|mr\.?|mme|mlle|monsieur|madame|mademoiselle|maître|je m['’]appelle|je suis|nommée?|moi c['’]est))"
    r"((?:\s+[A-ZÀ-Ý][\w'’-]+){1,3})"
)
_GROUP = re.compile(
    r"((?:ال)?(?:جمعية|تعاونية|فدرالية|رابطة)|(?i:l['’]association|association|coopérative|amicale))(\s*)"
    r"(?:[«\"“„]\s*[^»\"”\n]{2,80}[»\"”])"
)
_CALLED = re.compile(r"(?i:association|coopérative|amicale)|[ولب]?(?:جمعية|تعاونية|فدرالية|رابطة)")
_WORD = re.compile(r"[^\W\d_]+")
_STUCK = ("", "و", "ف", "ب", "ل", "ك", "ال", "وال", "بال", "لل", "فال", "ول", "وب")
_GAPS = re.compile(rf"{GAP}(?:[\s,،.-]*{GAP})+")
_SHORTEST = 3


def nameless(
    text: str,
    known: Iterable[str],
    *,
    groups: Iterable[str] = (),
    ordinary: Callable[[str], bool] = lambda word: False,
) -> str:
    """The text with `…` in place of names (`known` and guessed ones), numbers, addresses, references.

    Of a known name every telling word goes, also with a letter stuck on before it and in the other script.
    So it is with the names of `groups`, but a word that is `ordinary` goes only beside another of the name
    or after « association »: many are called by words that questions are made of.
    """
    for pattern in (_SITE, _MAIL, _REFERENCE):
        text = pattern.sub(GAP, text)
    text = _LONG.sub(GAP, covered(text, GAP))
    text = _GROUP.sub(rf"\1\2{GAP}", text)
    for after in (_AFTER_AR, _AFTER_FR):
        text = after.sub(rf"\1 {GAP}", text)
    if parts := _parts(known):
        text = _WORD.sub(lambda word: GAP if _is_name(word[0], parts) else word[0], text)
    if parts := _parts(groups):
        text = _without_groups(text, parts, ordinary)
    return _GAPS.sub(GAP, text)


def _parts(known: Iterable[str]) -> set[str]:
    return {word for name in known for word in names.telling(name) if len(word) >= _SHORTEST}


def _without_groups(text: str, parts: set[str], ordinary: Callable[[str], bool]) -> str:
    found = list(_WORD.finditer(text))
    named = [_is_name(word[0], parts) for word in found]
    kept, end = [], 0
    for at, word in enumerate(found):
        is_called = at > 0 and bool(_CALLED.fullmatch(found[at - 1][0]))
        beside = any(named[max(0, at - 1) : at] + named[at + 1 : at + 2])
        if named[at] and (is_called or beside or not ordinary(word[0])):
            kept += [text[end : word.start()], GAP]
            end = word.end()
    return "".join([*kept, text[end:]])


def _is_name(word: str, parts: set[str]) -> bool:
    spelled = names.fold(word)
    bare = {spelled.removeprefix(stuck) for stuck in _STUCK if spelled.startswith(stuck)}
    return any(
        one in parts or any(names.same(one, part) for part in parts)
        for one in bare
        if len(one) >= _SHORTEST
    )


def known_names(ticket: Any) -> list[str]:
    """Names on record of a request: who asks, the association, its people, who wrote in the thread."""
    found: list[str] = []
    if ticket.person is not None:
        found += [ticket.person.name, ticket.person.other_name]
    if ticket.association is not None:
        found += names_of_group(ticket.association)
        board = Mandate.objects.filter(association=ticket.association).select_related("person")
        found += [name for one in board for name in (one.person.name, one.person.other_name)]
    writers = User.objects.filter(pk__in=ticket.entries.exclude(by=None).values("by"))
    found += [name for one in writers for name in (one.name_ar, one.name_fr)]
    return [name for name in dict.fromkeys(found) if name]


def names_of_group(association: Any) -> list[str]:
    return [name for name in (association.name_ar, association.name_fr) if name]
