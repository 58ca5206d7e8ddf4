"""What callers hear: a recording sent by the page, a placeholder, or words read by a machine."""

import io
import wave
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from helpdesk.accounts.models import Audit
from knowledge.articles.models import Theme
from telephony.providers.twilio.models import Sound
from telephony.providers.twilio.prompts import actions, placeholders, sounds, standing, wanted
from tests import make
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio import noises
from tests.telephony.twilio.caller import Telephone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("line")]
PAGE = "/desk/prompts/fr/welcome/"


@pytest.fixture
def keeper(administrator: Any, client: Client, settings: Any, tmp_path: Any) -> Client:
    """An administrator, with a folder for sounds of this test alone."""
    settings.DATA_DIR = tmp_path
    client.force_login(administrator)
    return client


def send(client: Client, content: bytes, *, page: str = PAGE, name: str = "x.wav") -> Any:
    return client.post(page, {"file": SimpleUploadedFile(name, content)})


def played(root: Any) -> list[str]:
    return [node.text.removeprefix(c.PUBLIC) for node in root.iter("Play")]


def test_a_recording_is_heard_from_the_next_call_on(keeper: Client, telephone: Telephone) -> None:
    assert played(telephone.rings()) == []
    assert send(keeper, noises.tone(2)).status_code == 302
    (path,) = played(Telephone().rings())
    answer = Client().get(path)
    assert answer["Content-Type"] == "audio/wav"
    assert "immutable" in answer["Cache-Control"]
    with wave.open(io.BytesIO(answer.content)) as sound:
        assert (sound.getframerate(), sound.getnframes()) == (8000, 16_000)


def test_its_address_says_nothing_and_stays(keeper: Client) -> None:
    send(keeper, noises.tone())
    first, second = played(Telephone().rings()), played(Telephone().rings())
    assert first == second
    assert not any(word in first[0] for word in ("welcome", "fr/", "wav"))


def test_a_player_may_ask_for_a_part(keeper: Client) -> None:
    send(keeper, noises.tone())
    (path,) = played(Telephone().rings())
    whole = keeper.get(path).content
    part = keeper.get(path, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole[100:200])
    assert part["Content-Range"] == f"bytes 100-199/{len(whole)}"
    assert keeper.get(path, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416
    assert keeper.get("/hooks/twilio/sounds/" + "0" * 32 + "/").status_code == 404


def test_who_recorded_and_took_back_is_told_and_written_to_the_audit(
    keeper: Client, administrator: Any
) -> None:
    send(keeper, noises.tone(1))
    send(keeper, noises.tone(3))
    one, two = Sound.objects.order_by("pk")
    (path,) = played(Telephone().rings())
    assert two.name in path
    assert keeper.post(f"{PAGE}{two.pk}/taking-back/").status_code == 302
    (path,) = played(Telephone().rings())
    assert one.name in path
    assert keeper.post(f"{PAGE}{two.pk}/taking-back/").status_code == 302  # twice: once
    keeper.post(f"{PAGE}{one.pk}/taking-back/")
    assert played(Telephone().rings()) == []
    two.refresh_from_db()
    assert (two.back_by, two.made_by) == (administrator, administrator)
    acts = [row.act for row in Audit.objects.order_by("pk")]
    assert acts == ["recorded-prompt"] * 2 + ["took-back-prompt"] * 2
    page = keeper.get(PAGE).content.decode()
    assert page.count("<audio") == 2
    assert Client().get(path).status_code == 200  # a document that names it may be under way


@pytest.mark.parametrize("content", [b"<html>", noises.tone(part=0), noises.tone(0.05), b"x"])
def test_what_cannot_be_played_is_refused_and_leaves_nothing(
    content: bytes, keeper: Client, tmp_path: Any
) -> None:
    answer = send(keeper, content)
    assert (answer.status_code, Sound.objects.count()) == (422, 0)
    assert not Audit.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_form_without_a_file_says_so(keeper: Client) -> None:
    assert keeper.post(PAGE).status_code == 422
    assert send(keeper, b"").status_code == 422


def test_a_prompt_that_is_none_is_not_found(keeper: Client) -> None:
    for path in ("fr/nothing", "shi/welcome", "fr/language-ar", "ar/music", "all/welcome"):
        assert keeper.get(f"/desk/prompts/{path}/").status_code == 404


def test_words_that_changed_are_told_and_the_recording_goes_on(keeper: Client) -> None:
    send(keeper, noises.tone(), page="/desk/prompts/fr/theme-A/")
    Theme.objects.filter(code="A").update(name_fr="Créer")
    (row,) = [s for s in standing.counts()[2].rows if s.prompt.name == "theme-A"]
    assert (row.state, row.is_missing) == ("stale", True)
    telephone = Telephone()
    telephone.rings()
    assert len(played(telephone.presses("language/1/", "3"))) == 1


def test_music_is_heard_while_waiting(keeper: Client, waiting: Telephone) -> None:
    assert send(keeper, noises.mp3(90), page="/desk/prompts/all/music/").status_code == 302
    path = f"/hooks/twilio/sounds/{Sound.objects.get().name}/"
    assert path in played(waiting.listens())


# --- placeholders -----------------------------------------------------------------------------------


def test_espeak_reads_every_prompt_and_none_counts_as_recorded(
    keeper: Client, capsys: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(wanted, "LAST", 2)
    call_command("prompts")
    told = capsys.readouterr().out
    every = [one for one in wanted.every() if one.words]
    assert f"placeholders: {len(every)} made" in told
    for count in standing.counts()[:3]:
        assert (count.recorded, count.placeholders, count.read) == (0, count.wanted, 0)
    for row in Sound.objects.all():
        with wave.open(str(sounds.path_of(row.name))) as sound:
            assert (sound.getframerate(), sound.getnchannels()) == (8000, 1)
    telephone = Telephone()
    root = telephone.rings()
    assert len(played(root)) == 6
    assert not list(root.iter("Say"))
    call_command("prompts")
    assert "placeholders: 0 made" in capsys.readouterr().out
    assert "صوت بديل" in keeper.get("/desk/prompts/?language=fr").content.decode()


def test_a_recording_stands_before_a_placeholder_whichever_came_first(keeper: Client) -> None:
    prompt = wanted.find("fr", "welcome")
    assert prompt
    send(keeper, noises.tone())
    actions.lay(prompt, noises.tone(2), at=make.NOW)
    (path,) = played(Telephone().rings())
    assert Sound.objects.get(kind=Sound.Kind.HEARD).name in path


def test_a_placeholder_of_other_words_is_not_played(keeper: Client) -> None:
    prompt = wanted.find("fr", "theme-A")
    assert prompt
    actions.lay(prompt, noises.tone(2), at=make.NOW)
    telephone = Telephone()
    telephone.rings()
    assert len(played(telephone.presses("language/1/", "3"))) == 1
    Theme.objects.filter(code="A").update(name_fr="Créer")
    telephone = Telephone()
    telephone.rings()
    assert played(telephone.presses("language/1/", "3")) == []


def test_without_espeak_a_machine_at_twilio_reads(
    keeper: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placeholders.shutil, "which", lambda name: None)
    with pytest.raises(Exception, match="espeak-ng is not installed"):
        call_command("prompts")
    assert placeholders.lay_at_setup(at=make.NOW) == 0
    assert list(Telephone().rings().iter("Say"))


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_page_tells_what_is_missing_at_a_glance(
    language: str, keeper: Client, administrator: Any
) -> None:
    administrator.language = language
    administrator.save()
    send(keeper, noises.tone())
    page = keeper.get("/desk/prompts/?language=fr").content.decode()
    count = standing.counts()[2]
    assert f"1/{count.wanted}" in page
    assert page.count("<audio") == 1
