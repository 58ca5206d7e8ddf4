"""The queue list: filtered, sorted and paged within ten queries however many rows there are."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from helpdesk.queues import access, figures
from helpdesk.queues.context import desk_of
from helpdesk.queues.filters import TicketFilter
from helpdesk.queues.tables import PER_PAGE, BestFirst, TicketTable, paged
from helpdesk.tickets import access as tickets
from helpdesk.tickets import desk_access
from helpdesk.tickets.finding import LONGEST, Found


@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    rows = access.listed_tickets(user)
    found = TicketFilter(
        request.GET, queryset=rows, user=user, offered=desk_access.list_choices(user),
        colleagues=tickets.team_mates(user, on=timezone.localdate()),
    )  # fmt: skip
    listed = found.qs if found.form.is_valid() else rows.none()
    if request.GET.get("sort", "").lstrip("-") == "due" and not _is_late(request):
        listed = listed.unanswered()  # where no answer is owed there is no deadline to sort by
    mine = desk_of(request, shows="list")
    ranked = _best_first(request, listed, found.found)
    if ranked is None:
        mine.also = listed
    assert mine.found is not None
    counted = mine.found.also_count if ranked is None else len(ranked)
    table = _table(request, listed if ranked is None else ranked, counted=counted)
    table.stems = found.found.stems if found.found else {}
    context = {
        "filter": found, "table": table, "views": _views(request, mine.found),
        "chips": _chips(request, found), "search_text": request.GET.get("q", "")[:LONGEST],
        "is_simple": bool(found.found and found.found.is_simple),
    }  # fmt: skip
    return render(request, "queues/list.html", context)


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """The search of the top bar: one ticket opens at once, else the list says what there is."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    rows = access.listed_tickets(request.user)
    only = list(rows.going_on_for(text).values_list("pk", flat=True)[:1]) if text else []
    if only:
        return redirect("tickets:ticket", only[0])
    return redirect(f"{reverse('queues:list')}?{urlencode({'q': text})}")


def _best_first(request: HttpRequest, rows: Any, found: Found | None) -> BestFirst | None:
    """The list by relevance, where words were searched and no column was chosen."""
    if found is None or not found.ranked or request.GET.get("sort"):
        return None
    return BestFirst(rows, found.ranked)


def _table(request: HttpRequest, rows: Any, *, counted: int) -> TicketTable:
    if isinstance(rows, BestFirst):
        table = TicketTable(rows, order_by=())
    else:
        table = TicketTable(rows.for_rows(), order_by=_usual(request))
    table.empty_text = _("No request fits") if request.GET else _("No requests yet")
    table.empty_reason = (
        _("Take a filter off, or look in all requests.")
        if request.GET
        else _("Questions from the web, mails and calls come in here.")
    )
    table.empty_icon, table.empty_url, table.empty_act = "inbox", "", ""
    if request.GET:
        table.empty_url, table.empty_act = reverse("queues:list"), _("All requests")
    paging = {"per_page": PER_PAGE, "silent": True, "paginator_class": paged(counted)}
    # Of the address only names of sortable columns reach the order.
    RequestConfig(request, paginate=paging).configure(table)
    return table


def _is_late(request: HttpRequest) -> bool:
    """Narrowed to what is past its target, of the answer or of the whole."""
    return bool(request.GET.get("late")) or request.GET.get("only") == "late"


def _usual(request: HttpRequest) -> str:
    """What is late reads oldest first; everything else by its last movement."""
    return "due" if _is_late(request) else "-moved"


def _views(request: HttpRequest, found: figures.Figures) -> list[dict[str, Any]]:
    """The tabs: the same list, narrowed in ways that people need all day."""
    now = {
        name: value
        for name, value in request.GET.items()
        if name in ("who", "late", "state", "only")
    }
    made = (
        (_("My turn"), {"who": "me", "state": "open"}, found.mine_count),
        (_("Unassigned"), {"who": "nobody"}, found.waiting_count),
        (_("Late"), {"late": "on"}, found.late_count),
        (_("All"), {}, None),
    )
    return [
        {
            "label": label, "url": f"{reverse('queues:list')}?{urlencode(query)}" if query
            else reverse("queues:list"),
            "current": query == now, "count": "" if count is None else figures.counted(count),
            "late": "late" in query and bool(count),
        }
        for label, query, count in made
    ]  # fmt: skip


def _chips(request: HttpRequest, found: TicketFilter) -> list[dict[str, str]]:
    """Filters in use, each with the address that takes it off."""
    chips = []
    for name, value in request.GET.items():
        if name not in found.form.fields or value in ("", "unknown"):
            continue
        rest = request.GET.copy()
        rest.pop(name)
        rest.pop("page", None)
        field = found.form.fields[name]
        words = dict(getattr(field, "choices", []))
        shown = next((str(v) for k, v in words.items() if str(k) == value), value)
        label = str(field.label or name)
        text = {"late": label, "only": shown, "q": shown}.get(name, f"{label}: {shown}")
        if name in ("association", "person"):
            text = _("one association") if name == "association" else _("one person")
        chips.append({"text": text, "url": f"?{rest.urlencode()}"})
    return chips
