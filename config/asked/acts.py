"""What an administrator changes of themes and facts; each act has its line in the history of the set-up.

All of it is one act at a time: the row of the first centre is held while the lists change, so two
administrators never number them at once. Rows are withdrawn, never deleted.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from config.asked import lists
from config.asked.lists import FACTS, THEMES, Refused
from helpdesk.centre.actions import note
from helpdesk.centre.collision import Moved, has_moved
from helpdesk.centre.models import Centre
from helpdesk.queues.models import Queue
from helpdesk.tickets import facts as fact_list
from helpdesk.tickets import intake
from helpdesk.tickets.facts import AskedFact
from knowledge.articles.models import Theme
from knowledge.articles.themes import OUTSIDE

T = TypeVar("T")
FIRST, UP, DOWN = "first", "up", "down"
NAMES = ("name_ar", "name_fr", "hint_ar", "hint_fr")


def theme_held(theme: Theme | None, centre: Centre) -> dict[str, Any]:
    """What its form shows; of a new one nothing."""
    if theme is None:
        return dict.fromkeys(NAMES, "") | {"queues": []}
    queues = [str(q.pk) for q in lists.narrow_queues(centre) if theme in q.themes.all()]
    return {name: getattr(theme, name) for name in NAMES} | {"queues": queues}


def fact_held(code: str) -> dict[str, Any]:
    """What its form shows; of a new one (empty code) nothing."""
    fact = fact_list.facts().get(code)
    if fact is None:
        return {"label_ar": "", "label_fr": "", "themes": []}
    return {
        "label_ar": lists.words(fact, "ar"), "label_fr": lists.words(fact, "fr"),
        "themes": sorted(fact.themes),
    }  # fmt: skip


@transaction.atomic
def write_theme(
    code: str, said: Mapping[str, Any], *, seen: str, centre: Centre, by: Any, at: datetime
) -> Theme:
    """A new theme (empty `code`), or what one says from now on. Raises Moved, Refused."""
    _alone()
    theme = Theme.objects.filter(code=code).first() if code else None
    before = theme_held(theme, centre)
    if theme and has_moved(seen, before):
        raise Moved
    if theme is None:
        rows = list(Theme.objects.all())
        theme = Theme(code=lists.free_letter(row.code for row in rows), rank=len(rows))
    for name in NAMES:
        setattr(theme, name, said[name])
    theme.save()
    if not code:
        _number(list(Theme.objects.all()))
    _route(theme, said.get("queues", []), centre)
    after = theme_held(theme, centre)
    _tell(centre, THEMES, theme.code, _named(before, centre), _named(after, centre), by=by, at=at)
    return theme


@transaction.atomic
def write_fact(
    code: str, said: Mapping[str, Any], *, seen: str, centre: Centre, by: Any, at: datetime
) -> AskedFact:
    """A new fact (empty `code`), or what one says from now on. Raises Moved, Refused."""
    _alone()
    fact_list.forget()
    before = fact_held(code)
    if code and has_moved(seen, before):
        raise Moved
    known = fact_list.facts()
    if not code and len(known) >= fact_list.MOST:
        raise Refused(_("The list of facts is full."))
    row = _row(code) if code else AskedFact(
        code=lists.free_code(known), shape=said["shape"], rank=1 + max(f.rank for f in known.values())
    )  # fmt: skip
    ours = intake.FACTS.get(row.code)
    for language in ("ar", "fr"):
        typed = said[f"label_{language}"]
        is_ours = ours is not None and typed == lists.words(ours, language)
        setattr(row, f"label_{language}", "" if is_ours else typed)
    row.save()
    themes = list(Theme.objects.filter(code__in=said["themes"]))
    row.themes.set(themes)
    after = {**{name: said[name] for name in before}, "themes": [str(theme) for theme in themes]}
    told = {theme.code: str(theme) for theme in Theme.objects.all()}
    before["themes"] = [told[one] for one in told if one in before["themes"]]
    if not code:
        after["shape"] = said["shape"]
    _tell(centre, FACTS, row.code, before, after, by=by, at=at)
    _renew()
    return row


@transaction.atomic
def withdraw_theme(code: str, *, back: bool, centre: Centre, by: Any, at: datetime) -> None:
    """Nothing new under it from now on, or (`back`) again. Raises Refused."""
    _alone()
    theme = Theme.objects.get(code=code)
    if code == OUTSIDE or (theme.withdrawn_at is None) == back:
        return
    if not back and Theme.objects.asked().count() == 1:
        raise Refused(_("One theme at least stays: nobody could ask about anything."))
    for queue in lists.narrow_queues(centre) if not back else ():
        if [one.code for one in queue.themes.all()] == [code]:
            raise Refused(
                _("The queue %(queue)s takes this theme only. Give it another one first.")
                % {"queue": queue}
            )
    Theme.objects.filter(pk=theme.pk).update(withdrawn_at=None if back else at)
    _tell(centre, THEMES, code, {"withdrawn": back}, {"withdrawn": not back}, by=by, at=at)


@transaction.atomic
def withdraw_fact(code: str, *, back: bool, centre: Centre, by: Any, at: datetime) -> None:
    """Nobody is asked for it from now on, or (`back`) again; what was told stays."""
    _alone()
    row = _row(code)
    if (row.withdrawn_at is None) == back:
        return
    row.withdrawn_at = None if back else at
    row.save()
    _tell(centre, FACTS, code, {"withdrawn": back}, {"withdrawn": not back}, by=by, at=at)
    _renew()


@transaction.atomic
def move_theme(code: str, to: str, *, centre: Centre, by: Any, at: datetime) -> None:
    """One place up or down among those in use, or to the first."""
    _alone()
    rows = list(Theme.objects.all())
    used = [row for row in rows if row.withdrawn_at is None and row.code != OUTSIDE]
    codes = [row.code for row in used]
    moved = _moved(codes, code, to)
    places = {name: place for place, name in enumerate(moved)}
    _number(sorted(rows, key=lambda row: places.get(row.code, len(rows))))
    _told_place(centre, THEMES, code, codes, moved, by=by, at=at)


@transaction.atomic
def move_fact(code: str, to: str, *, centre: Centre, by: Any, at: datetime) -> None:
    """The same of a fact. From then on every fact has its place in the table."""
    _alone()
    fact_list.forget()
    known = fact_list.facts()
    codes = [fact.code for fact in known.values() if fact.is_asked]
    moved = _moved(codes, code, to)
    for place, name in enumerate([*moved, *(one for one in known if one not in moved)]):
        if known[name].rank != place:
            row = _row(name)
            row.rank = place
            row.save()
    _told_place(centre, FACTS, code, codes, moved, by=by, at=at)
    _renew()


def _alone() -> None:
    """Nobody else changes the lists until the transaction ends."""
    list(Centre.objects.select_for_update().order_by("pk")[:1])


def _renew() -> None:
    """Who reads on here sees what was written, and others once it is written for good."""
    fact_list.forget()
    transaction.on_commit(fact_list.forget)


def _row(code: str) -> AskedFact:
    """The row of a fact, made where the program's list held so far."""
    fact = fact_list.facts()[code]
    row, _made = AskedFact.objects.get_or_create(
        code=code, defaults={"shape": fact.shape, "rank": fact.rank}
    )
    return row


def _moved(codes: Sequence[str], code: str, to: str) -> list[str]:
    rest = [one for one in codes if one != code]
    if len(rest) == len(codes):
        return list(codes)
    place = codes.index(code)
    place = {FIRST: 0, UP: max(place - 1, 0), DOWN: place + 1}.get(to, place)
    return [*rest[:place], code, *rest[place:]]


def _number(rows: Sequence[Theme]) -> None:
    """Ranks as they stand; what is none of ours comes last."""
    for rank, row in enumerate(sorted(rows, key=lambda row: row.code == OUTSIDE)):
        if row.rank != rank:
            Theme.objects.filter(pk=row.pk).update(rank=rank)


def _route(theme: Theme, chosen: Sequence[str], centre: Centre) -> None:
    """The queues of the centre that take the theme, of those that take some only. Raises Refused."""
    for queue in lists.narrow_queues(centre):
        held = list(queue.themes.all())
        if str(queue.pk) in chosen and theme not in held:
            queue.themes.add(theme)
        elif str(queue.pk) not in chosen and theme in held:
            if len(held) == 1:
                raise Refused(
                    _("The queue %(queue)s takes this theme only. Give it another one first.")
                    % {"queue": queue}
                )
            queue.themes.remove(theme)


def _named(held: Mapping[str, Any], centre: Centre) -> dict[str, Any]:
    """The same with names of queues instead of their numbers, as the history keeps it."""
    names = {str(q.pk): str(q) for q in Queue.objects.filter(team__centre=centre)}
    return {**held, "queues": [names[pk] for pk in held["queues"]]}


def _told_place(
    centre: Centre, step: str, code: str, before: Sequence[str], after: Sequence[str], *, by: Any,
    at: datetime,
) -> None:  # fmt: skip
    if list(before) != list(after):
        old, new = ({"place": list(codes).index(code) + 1} for codes in (before, after))
        _tell(centre, step, code, old, new, by=by, at=at)


def _tell(
    own: Centre, step: str, code: str, before: Mapping[str, Any], after: Mapping[str, Any], *,
    by: Any, at: datetime,
) -> None:  # fmt: skip
    """In the history of every centre, for all share the lists; who it was only in the own one's."""
    old, new = ({f"{k}@{code}": v for k, v in side.items()} for side in (before, after))
    for centre in Centre.objects.real().order_by("pk"):
        note(centre, step=step, before=old, after=new, by=by if centre == own else None, at=at)
