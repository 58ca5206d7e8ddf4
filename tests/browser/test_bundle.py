"""The library of another centre in real Chromium and both languages: its key trusted, its bundle brought
in, one article looked at, taken, signed and read; axe on every page of the way."""

from pathlib import Path

import pytest
from django.utils import timezone

from knowledge.articles.bundles import keys
from tests import bundles
from tests.browser.laid import Laid, laid
from tests.browser.visiting import Visitor

__all__ = ["laid"]
pytestmark = [pytest.mark.browser, pytest.mark.full]
TOPICS = {"ar": "T31-public-meetings", "fr": "T32-halls"}


def submit(visitor: Visitor) -> None:
    visitor.page.locator("main form .btns .btn.p").first.click()
    visitor.page.wait_for_load_state()
    visitor.look()


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_from_their_key_to_our_readers(laid: Laid, tmp_path: Path, language: str) -> None:
    topic, key = TOPICS[language], bundles.their_key()
    file = tmp_path / "agadir.wasl"
    file.write_bytes(bundles.sent(topic, on=timezone.localdate()))
    chief = Visitor(laid.enter("nabil", language), language)
    chief.go("/desk/bundles/keys/new/")
    chief.page.fill("[name=centre]", "Agadir")
    chief.page.fill("[name=key]", key)
    chief.page.fill("[name=number]", keys.number(key))
    submit(chief)
    editor = Visitor(laid.enter("idriss", language), language)
    editor.go("/desk/bundles/arrival/")
    editor.page.set_input_files("[name=file]", file)
    submit(editor)
    editor.page.locator(f"main a[href$='/{topic}/{language}/']").click()
    editor.look()
    assert editor.page.locator("main li.on ins").first.is_visible()
    submit(editor)
    editor.go("/desk/bundles/")
    editor.page.locator("main a[href*='/waiting/']").first.click()
    editor.look()
    reader = Visitor(laid.enter("", language), language)
    address = f"{'' if language == 'ar' else '/fr'}/library/{topic}/"
    reader.go(address)
    assert bundles.CHANGED[language] not in reader.page.locator("main").inner_text()
    editor.page.locator("a[href$='/signature/']").click()
    editor.page.fill("[name=bulletin]", "BO 7455, 01/11/2026")
    editor.page.check("[name=read]")
    submit(editor)
    reader.go(address)
    assert bundles.CHANGED[language] in reader.page.locator("main").inner_text()
    for one in (chief, editor, reader):
        one.context.close()
        assert one.wrong == []
