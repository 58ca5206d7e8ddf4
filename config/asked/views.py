"""Themes and facts: their lists, a form each, their order, and taking them out of new forms."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.asked import access, acts, lists
from config.asked.forms import FactForm, ThemeForm
from config.asked.lists import FACTS, THEMES, Line, Refused
from config.installation.history import told
from helpdesk.centre import collision
from helpdesk.centre.collision import Collision, Moved

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def themes(request: HttpRequest) -> HttpResponse:
    centre = access.centre_for(request.user)
    return _list(request, centre, THEMES, lists.theme_lines(centre))


@require_safe
def facts(request: HttpRequest) -> HttpResponse:
    centre = access.centre_for(request.user)
    return _list(request, centre, FACTS, lists.fact_lines())


def _list(request: HttpRequest, centre: Any, step: str, rows: list[Line]) -> HttpResponse:
    names = lists.names()
    context = {
        "used": [line for line in rows if not line.is_out], "out": [r for r in rows if r.is_out],
        "changes": [told(change, names) for change in access.history(centre, step)],
    }  # fmt: skip
    return render(request, f"asked/{step}.html", context)


@form_page
def new_theme(request: HttpRequest) -> HttpResponse:
    return _theme(request, "", title=_("A new theme"))


@form_page
def theme(request: HttpRequest, code: str) -> HttpResponse:
    return _theme(request, access.theme(request.user, code).code, title=_("Correct a theme"))


def _theme(request: HttpRequest, code: str, *, title: str) -> HttpResponse:
    centre = access.centre_for(request.user)
    rows, queues = lists.theme_lines(centre), lists.narrow_queues(centre)

    def held() -> dict[str, Any]:
        return acts.theme_held(access.theme(request.user, code) if code else None, centre)

    def form(data: Any) -> ThemeForm:
        return ThemeForm(data, initial=held(), code=code, lines=rows, queues=queues)

    return _kept(request, centre, THEMES, code, form, held, acts.write_theme, title=title)


@form_page
def new_fact(request: HttpRequest) -> HttpResponse:
    return _fact(request, "", title=_("A new fact"))


@form_page
def fact(request: HttpRequest, code: str) -> HttpResponse:
    return _fact(request, access.fact_code(request.user, code), title=_("Correct a fact"))


def _fact(request: HttpRequest, code: str, *, title: str) -> HttpResponse:
    centre, rows = access.centre_for(request.user), lists.fact_lines()
    themes = access.themes_for(acts.fact_held(code)["themes"])

    def form(data: Any) -> FactForm:
        initial = {"shape": "line", **acts.fact_held(code)}
        return FactForm(data, initial=initial, code=code, lines=rows, themes=themes)

    return _kept(
        request, centre, FACTS, code, form, lambda: acts.fact_held(code), acts.write_fact,
        title=title,
    )  # fmt: skip


def _kept(
    request: HttpRequest, centre: Any, step: str, code: str, make: Callable[[Any], Any],
    held: Callable[[], dict[str, Any]], write: Callable[..., Any], *, title: str,
) -> HttpResponse:  # fmt: skip
    """The form, or what it brings is kept; when somebody saved first, both texts (409)."""
    seen = request.POST.get(collision.FIELD) or collision.stamp(held())
    form = make(request.POST if request.method == "POST" else None)
    context = {"title": title, "step": step, "seen": seen, "list": f"asked:{step}"}
    if form.is_valid():
        try:
            write(
                code, form.cleaned_data, seen=seen, centre=centre, by=request.user,
                at=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("Saved. It holds at once."))
            return redirect(context["list"])
        except Refused as refused:
            form.add_error(None, str(refused))
        except Moved:
            now = held()
            data, pairs = collision.both(form, seen, now)
            if not pairs:
                return redirect(context["list"])
            last = access.last_change(centre, step, code)
            clash = Collision(
                collision.stamp(now), last.by.shown_name if last and last.by else "",
                last.at if last else None, pairs,
            )  # fmt: skip
            context |= {"form": make(data), "seen": clash.stamp, "collision": clash}
            return render(request, "asked/form.html", context, status=409)
    status = 422 if form.errors else 200
    return render(request, "asked/form.html", {**context, "form": form}, status=status)


@require_POST
def theme_place(request: HttpRequest, code: str) -> HttpResponse:
    found = access.theme(request.user, code)
    return _placed(request, THEMES, found.code, acts.move_theme)


@require_POST
def fact_place(request: HttpRequest, code: str) -> HttpResponse:
    return _placed(request, FACTS, access.fact_code(request.user, code), acts.move_fact)


def _placed(
    request: HttpRequest, step: str, code: str, move: Callable[..., None]
) -> HttpResponse:  # fmt: skip
    centre = access.centre_for(request.user)
    move(code, request.POST.get("to", ""), centre=centre, by=request.user, at=timezone.now())
    return redirect(f"asked:{step}")


@require_POST
def theme_withdrawal(request: HttpRequest, code: str) -> HttpResponse:
    """Out of new forms, or (`back`) into them again."""
    found = access.theme(request.user, code)
    return _withdrawn(request, THEMES, found.code, acts.withdraw_theme)


@require_POST
def fact_withdrawal(request: HttpRequest, code: str) -> HttpResponse:
    """Out of new forms, or (`back`) into them again."""
    return _withdrawn(request, FACTS, access.fact_code(request.user, code), acts.withdraw_fact)


def _withdrawn(
    request: HttpRequest, step: str, code: str, act: Callable[..., None]
) -> HttpResponse:  # fmt: skip
    centre, back = access.centre_for(request.user), "back" in request.POST
    try:
        act(code, back=back, centre=centre, by=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(f"asked:{step}")
