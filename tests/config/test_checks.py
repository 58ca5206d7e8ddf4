"""Checks of the installation: each source is asked, one that breaks is red and breaks nothing."""

from importlib import import_module

from config.installation import checks
from config.installation.checks import SOURCES, Source, before_opening, of_every_day, stopping
from knowledge.health import Check, Light, worst
from tests.make import NOW


def good(*, centre, at):
    return [Check("good", Light.GREEN, "Good", f"centre {centre}")]


def broken(*, centre, at):
    raise RuntimeError


def test_every_source_names_a_function():
    for source in SOURCES:
        module, _, name = source.path.rpartition(".")
        assert callable(getattr(import_module(module), name)), source.path
        assert source.opening or source.running, source.path


def test_each_page_has_its_checks_and_a_broken_one_is_red(monkeypatch):
    here = "tests.config.test_checks"
    listed = [Source(f"{here}.good", opening=True), Source(f"{here}.broken", running=True)]
    monkeypatch.setattr(checks, "SOURCES", listed)
    assert [c.sentence for c in before_opening(centre=7, at=NOW)] == ["centre 7"]
    (told,) = of_every_day(centre=7, at=NOW)
    assert (told.key, told.light) == (f"{here}.broken", Light.RED)
    assert told.to_do


def test_only_what_must_be_done_before_keeps_the_centre_closed():
    red = [Check("mail", Light.RED, "", ""), Check("logo", Light.RED, "", "")]
    assert [c.key for c in stopping(red)] == ["mail"]
    assert not stopping([Check("mail", Light.AMBER, "", "")])


def test_the_worst_light_is_the_light_of_the_whole():
    lights = [Light.GREEN, Light.RED, Light.AMBER]
    assert worst(Check("a", light, "", "") for light in lights) == Light.RED
    assert worst(Check("a", light, "", "") for light in lights[::2]) == Light.AMBER
    assert worst([]) == Light.GREEN
