"""The list of reviews, and the page of one article's upkeep."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from helpdesk.upkeep import access, actions, listing, telling
from helpdesk.upkeep.forms import AssignForm
from knowledge.languages import reading_language


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """What is to be read again, by whom, and what is not signed or no longer in force."""
    return _list(request)


@require_POST
def assignment(request: HttpRequest) -> HttpResponse:
    """Give the articles ticked to somebody, to be read by a day."""
    user: Any = request.user
    access.may_see(user)
    form = AssignForm(request.POST, people=access.owners(user))
    topics = set(request.POST.getlist("topic"))
    if not form.is_valid():
        return _list(request, form=form)
    chosen = [row for row in access.articles(user) if row.topic in topics]
    if not chosen:
        messages.error(request, _("Tick at least one article."))
        return _list(request, form=form)
    moved = actions.assign(
        chosen, owner=form.chosen, review_on=form.cleaned_data["review_on"], by=user,
        at=timezone.now(),
    )  # fmt: skip
    said = ngettext("%(n)d article was given out.", "%(n)d articles were given out.", moved)
    messages.success(request, said % {"n": moved})
    return redirect(f"{request.path.removesuffix('assignment/')}?view=all")


@require_safe
def article(request: HttpRequest, topic: str) -> HttpResponse:
    """Validity, review, signatures and history of one article."""
    user: Any = request.user
    found = access.article_for(user, topic)
    versions = [edition.current for edition in found.editions.all() if edition.current]
    context = {
        "article": found,
        "title": dict(access.titles(reading_language())).get(topic, topic),
        "editions": [
            (edition, edition.current, access.is_own(user, edition.current),
             access.has_older(edition.current))
            for edition in found.editions.all() if edition.current
        ],
        "due": found.due,
        "look": listing.TAGS[found.due],
        "reviews": user.has_perm(access.REVIEW),
        "history": telling.told(access.history(found)),
        "is_signed": versions and not any(version.is_provisional for version in versions),
    }  # fmt: skip
    return render(request, "upkeep/article.html", context)


def _list(request: HttpRequest, form: AssignForm | None = None) -> HttpResponse:
    user: Any = request.user
    owner = request.GET.get("owner", "")
    found = listing.rows(access.articles(user), dict(access.titles(reading_language())))
    found = listing.of_owner(found, owner, user)
    people = access.owners(user)
    code = listing.view_code(request.POST.get("view", request.GET.get("view", "")))
    context = {
        "rows": listing.shown(found, code),
        "views": listing.views(found, code, owner),
        "code": code,
        "owner": owner,
        "owners": listing.owner_choices(people),
        "ticked": request.POST.getlist("topic"),
        "form": form or AssignForm(people=people),
    }
    return render(request, "upkeep/reviews.html", context, status=422 if form else 200)
