"""The floor under the quality of search, on questions of our own (tests/search/assoc-ma)."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

SET = Path(__file__).parent / "assoc-ma"
FLOORS = {
    "msa": (0.97, 1.0),
    "darija": (0.84, 0.90),
    "arabizi": (0.80, 0.85),
    "fr": (0.91, 0.90),
    "frtypo": (0.95, 0.95),
}
"""Mean reciprocal rank and success among the first three, for each kind of question."""


@pytest.fixture(scope="module")
def figures() -> dict:
    out = StringIO()
    call_command("search_eval", str(SET), "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize("kind", FLOORS)
def test_floor(figures: dict, kind: str) -> None:
    mrr, s3 = FLOORS[kind]
    assert figures["kinds"][kind]["mrr"] >= mrr
    assert figures["kinds"][kind]["s3"] >= s3


def test_shape(figures: dict) -> None:
    assert set(figures) == {"all", "kinds"}
    assert set(figures["all"]) == {"n", "ndcg", "s3", "mrr", "p50_ms", "p95_ms"}
    assert figures["all"]["n"] == 60


def test_one_language_and_distractors(tmp_path: Path) -> None:
    noise = tmp_path / "noise"
    noise.mkdir()
    noise.joinpath("docs.jsonl").write_text(
        json.dumps({"id": "n", "title": "", "text": "La pluie et le beau temps", "lang": "fr"})
    )
    out = StringIO()
    call_command("search_eval", str(SET), distractors=[noise], lang="ar", stdout=out)
    assert json.loads(out.getvalue())["kinds"]["fr"]["s3"] >= 0.9, "French finds Arabic articles"


def test_no_set_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No labelled set"):
        call_command("search_eval", str(tmp_path))
