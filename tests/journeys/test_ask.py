"""An asker's whole way over HTTP, in both languages: asked once, followed, added to, closed, opened again."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from helpdesk.live import pace
from helpdesk.notices.models import Notice
from helpdesk.queues.models import Waiting
from helpdesk.tickets.models import Ticket
from tests import make

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
WORDS = {
    "ar": "حطيت الملف عند القايد هادي شهرين ونص ومازال ما عطاونا والو",
    "fr": "Dossier déposé il y a deux mois et demi, toujours pas de récépissé définitif : que faire ?",
}


@pytest.fixture
def open_centre(centre: Any) -> None:
    cache.clear()
    pace.forget()
    make.library()
    call_command("index", stdout=StringIO())


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_asked_followed_added_closed_opened_again(
    open_centre: None, amina: Any, as_user: Any, language: str
) -> None:
    prefix = "" if language == "ar" else "/fr"
    asker = Client()

    def sends(page: str, **fields: Any) -> Any:
        answer = asker.post(f"{prefix}{page}", fields)
        assert answer.status_code == 302, (page, answer.content.decode()[:2000])
        return answer

    # The theme, the question, and the article that may answer it already.
    sends("/ask/theme/", theme="?")
    shown = asker.get(sends("/ask/question/", question=WORDS[language])["Location"])
    suggested = re.findall(r"/library/(T\d\d-[a-z-]+)/", shown.content.decode())
    assert "T03-receipt" in suggested
    assert sends("/ask/question/", question=WORDS[language])["Location"] == f"{prefix}/ask/facts/"

    # What is still to say, a paper, who asks, how to be answered.
    sends("/ask/facts/", fact_deposit_date="09/09/2026", fact_has_final="no")
    sends("/ask/papers/", file=SimpleUploadedFile("wasl.pdf", PDF), add="1")
    sends("/ask/papers/")
    sends("/ask/association/", who="founders", province="07.427")
    sends("/ask/answer/", answer_by="email", email="fatima@example.org", consent="on")
    check = asker.get(f"{prefix}/ask/check/").content.decode()
    assert WORDS[language].split(":")[0].strip() in check
    key = re.search(r'name="key" value="([^"]+)"', check)[1]  # type: ignore[index]

    # Sent twice, asked once: one number, one code, one mail.
    for _ in range(2):
        assert sends("/ask/check/", key=key)["Location"] == f"{prefix}/ask/done/"
    done = asker.get(f"{prefix}/ask/done/").content.decode()
    ticket = Ticket.objects.get()
    code = done.split("<b><bdi", 1)[1].split(">", 1)[1].split("<", 1)[0]
    assert ticket.reference in done
    mail = Notice.objects.get()
    assert (mail.channel, mail.language) == ("email", language)
    assert f"{prefix}/follow/?ref={ticket.reference}" in mail.text
    assert code.replace("\u00a0", "") not in re.sub(r"\s", "", mail.text)
    assert Waiting.objects.now().get().ticket == ticket
    assert ticket.association.in_formation
    assert ticket.association.deadlines.get().rule == "final-receipt"

    # From another telephone, with the receipt alone.
    asker = Client()
    assert asker.get(f"{prefix}/follow/ticket/").status_code == 302
    sends("/follow/", reference=ticket.reference, code=code)
    page = asker.get(f"{prefix}/follow/ticket/").content.decode()
    assert "wasl.pdf" in page
    sends("/follow/ticket/messages/", words="+ 2026", key="first")
    sends("/follow/ticket/closure/")
    ticket.refresh_from_db()
    assert ticket.is_closed
    sends("/follow/ticket/messages/", words="encore, مازال", key="second")
    ticket.refresh_from_db()
    assert not ticket.is_closed

    # The desk sees all of it, and the fact that was said.
    desk = as_user(amina).get(f"/desk/tickets/{ticket.pk}/").content.decode()
    for words in (WORDS[language].split(":")[0].strip(), "+ 2026", "encore, مازال", "wasl.pdf"):
        assert words in desk
