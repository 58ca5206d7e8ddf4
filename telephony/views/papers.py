"""A paper during a call: one click on the card, filled with what was typed so far."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from helpdesk.tickets import papers as filling
from knowledge.articles import delivering
from knowledge.articles.papers import texts
from telephony import access, actions
from telephony.views import desk


@require_POST
def paper(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The file; what was typed is kept, and the wrap-up writes the paper into the ticket."""
    now = timezone.now()
    call = access.call_for(request.user, pk)
    if call.wrapped_at:
        return desk.done(call)
    wanted = filling.chosen(request.POST.get("file", ""))
    found = texts.paper(code, wanted.language if wanted else "ar")
    if found is None:
        raise Http404
    form = desk.bound(request, call)
    desk.keep(request, call)
    if wanted is None:
        form.add_error(None, _("Choose a language and a kind of file."))
        return desk.shown(request, call, form)
    document = filling.filled(found, form.known(), user=request.user, on=timezone.localdate(now))
    content, is_filled = delivering.made(document, wanted.form)
    actions.give_paper(call, code, language=wanted.language, form=wanted.form, is_filled=is_filled)
    return delivering.attachment(content, found, wanted.form, about=_("call"))
