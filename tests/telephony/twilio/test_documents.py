"""What is heard: every script is a document Twilio takes, in every language, recorded or read."""

import inspect
from typing import Any
from urllib.parse import urlsplit

import pytest

from telephony.providers.twilio import documents as d
from telephony.providers.twilio import scripts as s
from telephony.providers.twilio.rendering import render
from telephony.providers.twilio.speaking import OF_TONGUE, prompts, spoken
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio import twiml

LANGUAGES: list[s.Spoken] = ["ar", "ary", "fr"]
NAMES = [(code, f'موضوع "{code}" & <x>') for code in "ABCDEFGHI"]


def scripts(language: s.Spoken) -> dict[str, list[s.Script]]:
    """Each builder of a script, as it is called."""
    return {
        "languages": [d.languages(), d.languages(2)],
        "themes": [d.themes(NAMES, language), d.themes(NAMES * 3, language, 2)],
        "park": [d.park(language), d.park(language, is_back=True)],
        "waiting": [d.waiting(language, place) for place in (1, 20, 21, None)],
        "still_waiting": [d.still_waiting()],
        "opens_soon": [d.opens_soon()],
        "recording": [d.recording(language, 0), d.recording(language, 9)],
        "closed": [d.closed(language), d.closed(language, 2)],
        "message": [d.message(language), d.message(language, is_withheld=True)],
        "goodbye": [d.goodbye(language, one) for one in ("goodbye", "thanks", "call-back")],
        "leave": [d.leave()],
        "caller_in_room": [d.caller_in_room("room", language)],
        "advisor_in_room": [
            d.advisor_in_room("room", "one"), d.advisor_in_room("room", "two", muted=True),
            d.advisor_in_room("room", "two", whispers_to=c.sid("CA")),
        ],
        "not_yours": [d.not_yours(language)],
        "again": [d.again()],
        "hang_up": [d.hang_up()],
        "nothing": [d.nothing()],
    }  # fmt: skip


@pytest.fixture(autouse=True)
def _open(settings: Any) -> None:
    c.switch_on(settings)


def test_every_builder_is_tried() -> None:
    made = {
        name for name, one in vars(d).items()
        if inspect.isfunction(one) and not name.startswith("_")
    }  # fmt: skip
    assert made == set(scripts("ar"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_script_is_a_document_that_twilio_takes(language: s.Spoken) -> None:
    for made in scripts(language).values():
        for script in made:
            twiml.read(render(script))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_recorded_is_played_and_the_rest_is_read(language: s.Spoken) -> None:
    root = twiml.read(
        render(d.goodbye(language), recorded={("goodbye", language): "/prompt/x.mp3"})
    )
    assert twiml.tags(root) == ["Play", "Hangup"]
    assert root[0].text == f"{c.PUBLIC}/prompt/x.mp3"
    root = twiml.read(render(d.goodbye(language), recorded={("goodbye", "other"): "/x.mp3"}))
    assert twiml.said(root) == [prompts()["goodbye"][language]]


def test_with_every_prompt_recorded_no_machine_speaks() -> None:
    every = {(name, code): f"/{name}.mp3" for name, texts in prompts().items() for code in texts}
    every |= {(f"theme-{code}", "ar"): "/t.mp3" for code, _name in NAMES}
    every |= {(f"number-{n}", "ar"): "/n.mp3" for n in range(1, d.LAST + 1)}
    for made in scripts("ar").values():
        for script in made:
            root = twiml.read(render(script, recorded=every))
            assert twiml.said(root) == []


def test_languages_are_offered_each_in_its_own_and_a_machine_never_reads_tashelhit() -> None:
    (menu,) = d.languages()
    assert isinstance(menu, s.Menu)
    offered = {say.prompt: say.language for say in menu.says if isinstance(say, s.Say)}
    assert {prompt.removeprefix("language-"): code for prompt, code in offered.items()
            if prompt.startswith("language-")} == OF_TONGUE  # fmt: skip
    assert set(d.TONGUES.values()) == set(OF_TONGUE)
    assert spoken("shi") == "ary"
    assert spoken("") == "ary"


def test_keys_that_are_told_are_those_that_are_read() -> None:
    for key, tongue in d.TONGUES.items():
        assert all(key in text for text in prompts()[f"language-{tongue}"].values())
    for text in prompts()["keys-waiting"].values():
        assert text.index(d.CALL_BACK) < text.index(d.MESSAGE)


def test_a_theme_may_have_any_name() -> None:
    root = twiml.read(render(d.themes(NAMES, "fr")))
    assert 'موضوع "A" & <x>' in twiml.said(root)
    assert [text for text in twiml.said(root) if text.isdigit()] == list("123456789")


def test_who_waits_hears_a_minute_at_least_and_silence_is_no_key() -> None:
    gather = twiml.read(render(d.waiting("fr", 3)))[0]
    assert int(gather.find("Pause").attrib["length"]) >= 60
    assert "actionOnEmptyResult" not in gather.attrib
    assert twiml.said(gather)[:2] == [prompts()["position"]["fr"], "3"]
    recorded = {("music", "ar"): "/music.mp3"}
    assert twiml.read(render(d.waiting("fr", 3), recorded=recorded))[0].find("Play") is not None


def test_a_menu_tells_silence_too() -> None:
    for script in (d.languages(), d.themes(NAMES, "ar"), d.closed("fr")):
        assert twiml.read(render(script))[0].attrib["actionOnEmptyResult"] == "true"


def test_the_room_ends_with_the_caller_and_with_nobody_else() -> None:
    for script, ends in (
        (d.caller_in_room("r", "fr"), "true"),
        (d.advisor_in_room("r", "a"), "false"),
    ):
        room = twiml.read(render(script)).find("Dial/Conference")
        assert room.attrib["endConferenceOnExit"] == ends
        assert room.attrib["startConferenceOnEnter"] == "true"
        assert room.text == "r"


def test_no_document_says_a_number_or_a_name(settings: Any) -> None:
    """Of the addresses only the paths are ours, and nothing of a caller stands in them."""
    for made in scripts("fr").values():
        for script in made:
            for node in twiml.read(render(script)).iter():
                for url in (node.attrib.get(name) for name in twiml.ADDRESSES):
                    assert not url or not urlsplit(url).query
