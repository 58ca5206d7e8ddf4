"""What everybody with an account sets for themselves."""

from urllib.parse import urlsplit

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from helpdesk.accounts import proofs
from helpdesk.accounts.actions.oneself import choose_language, save_settings
from helpdesk.accounts.actions.people import end_sessions
from helpdesk.accounts.forms import MyForm
from helpdesk.accounts.gates import begin_anew
from helpdesk.accounts.language import remember_language


@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Language, spoken languages, keys; the ways to password and second proof."""
    form = MyForm(request.POST or None, instance=request.user)
    if request.method == "POST":
        form = MyForm(request.POST, instance=request.user)
        if form.is_valid():
            save_settings(request.user, **form.cleaned_data)
            with translation.override(request.user.language):
                messages.success(request, _("Saved."))
            return redirect("accounts:me")
    request.user.refresh_from_db()
    context = {"form": form, "has_proof": proofs.has(request.user)}
    return render(request, "accounts/me.html", context, status=422 if form.errors else 200)


@require_POST
@reauthentication_required(allow_get=True)
def sessions(request: HttpRequest) -> HttpResponse:
    """Sign oneself out on every device but this one; asks for the password first."""
    end_sessions(request.user, by=request.user, at=timezone.now())
    begin_anew(request)
    messages.success(request, _("You are signed in on this device only."))
    return redirect("accounts:me")


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language chosen at the desk or on the sign-in pages, and go back there."""
    code = request.POST.get("to", "")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/desk/"
    parts = urlsplit(back)
    answer = HttpResponseRedirect(parts.path + (f"?{parts.query}" if parts.query else ""))
    if code in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            choose_language(request.user, code)
        remember_language(answer, code)
    return answer
