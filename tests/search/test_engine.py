"""The index on disk: built beside, swapped in, brought up to date, and damaged."""

from pathlib import Path

import pytest

from knowledge.search.engines.embedded import EmbeddedEngine
from knowledge.search.engines.port import Document, EngineBroken, EngineBusy
from knowledge.search.expansion import understand

RECEIPT = Document("r.ar", "r", "ar", "A", "الوصل النهائي", "يسلم الوصل داخل 60 يوما", stamp="1")
RECU = Document(
    "r.fr", "r", "fr", "A", "Le récépissé définitif", "Il est remis sous 60 jours", stamp="2"
)
TAX = Document("t.fr", "t", "fr", "D", "Impôts", "La TVA et les exonérations", stamp="3")


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedEngine:
    engine = EmbeddedEngine(tmp_path / "index")
    engine.build([RECEIPT, RECU, TAX])
    return engine


def keys(engine: EmbeddedEngine, text: str, **narrowing: str) -> list[str]:
    found = engine.find(understand(text, engine.vocabulary), **narrowing)
    return [hit.key for hit in found]


def test_finds_by_language_and_theme(engine: EmbeddedEngine) -> None:
    assert keys(engine, "récépissé définitif")[0] == "r.fr"
    assert keys(engine, "récépissé définitif", lang="ar") == ["r.ar"]
    assert keys(engine, "récépissé TVA", theme="D") == ["t.fr"]
    assert keys(engine, "zzzzz") == []


def test_a_saved_article_is_found_by_another_reader(engine: EmbeddedEngine, tmp_path: Path) -> None:
    reader = EmbeddedEngine(tmp_path / "index")
    assert keys(reader, "bénévolat") == []
    engine.replace([Document("b.fr", "b", "fr", "F", "Bénévolat", "Un contrat écrit", stamp="9")])
    assert keys(reader, "benevolat") == ["b.fr"]
    assert keys(reader, "benevolta") == ["b.fr"], "its words are known to the speller too"


def test_replace_and_take_out(engine: EmbeddedEngine) -> None:
    engine.replace([Document("t.fr", "t", "fr", "D", "Douane", "Rien", stamp="4")], gone=["r.ar"])
    assert engine.stamps() == {"r.fr": "2", "t.fr": "4"}
    assert keys(engine, "douane") == ["t.fr"]
    assert keys(engine, "exonération") == []


def test_a_rebuild_swaps_under_open_readers(engine: EmbeddedEngine, tmp_path: Path) -> None:
    reader = EmbeddedEngine(tmp_path / "index")
    assert keys(reader, "TVA") == ["t.fr"]
    EmbeddedEngine(tmp_path / "index").build([RECU])
    assert keys(reader, "TVA") == []
    engine.replace([TAX])
    assert keys(reader, "TVA") == ["t.fr"], "the writer follows the swap"
    for _ in range(3):
        engine.build([RECU])
    assert len(list((tmp_path / "index").glob("gen-*"))) == 2, "old generations go"


def test_one_writer(engine: EmbeddedEngine, tmp_path: Path) -> None:
    engine.replace([TAX])
    other = EmbeddedEngine(tmp_path / "index")
    with pytest.raises(EngineBusy):
        other.replace([TAX])
    engine.release()
    other.replace([TAX])


def test_nothing_there(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path / "none")
    assert not engine.is_current
    with pytest.raises(EngineBroken):
        _ = engine.vocabulary
    with pytest.raises(EngineBroken):
        engine.replace([TAX])


def test_another_glossary_means_out_of_date(
    engine: EmbeddedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.search.glossary.version", lambda: "another")
    assert not engine.is_current
    with pytest.raises(EngineBroken):
        _ = EmbeddedEngine(tmp_path / "index").vocabulary


@pytest.mark.parametrize("suffix", [".term", ".idx", ".store", ".fieldnorm", "meta.json"])
def test_damage_is_broken_never_a_crash(
    engine: EmbeddedEngine, tmp_path: Path, suffix: str
) -> None:
    """tantivy answers flipped bytes with a panic that no `except Exception` would catch."""
    for path in (tmp_path / "index").glob(f"gen-*/*{suffix}"):
        content = bytearray(path.read_bytes())
        content[: len(content) // 2] = b"\xff" * (len(content) // 2)
        path.write_bytes(bytes(content))
    fresh = EmbeddedEngine(tmp_path / "index")
    try:
        keys(fresh, "récépissé")
    except EngineBroken:
        pass


class PanicException(BaseException):
    """As the binding of tantivy names it."""


def test_a_panic_condemns_the_generation(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def panic(*args: object, **options: object) -> None:
        raise PanicException("index out of bounds")

    question = understand("TVA", engine.vocabulary)
    monkeypatch.setattr("knowledge.search.engines.schema.query_of", panic)
    with pytest.raises(EngineBroken):
        engine.find(question)
    assert not engine.is_current, "the sweep builds a new one"
