"""The index is built anew under ten readers, and killed while it is: nobody ever finds nothing."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.search.engines.embedded import EmbeddedEngine
from knowledge.search.engines.port import Document
from knowledge.search.expansion import understand

READERS = 10
REBUILDS = 5
KILLS = 3
LIBRARY = [
    Document(
        f"t{number}.fr",
        f"t{number}",
        "fr",
        "D",
        f"Récépissé {number}",
        "Le dépôt. " * 40,
        stamp="1",
    )
    for number in range(300)
]


def found(engine: EmbeddedEngine) -> int:
    question = understand("récépissé", engine.vocabulary)
    return len(engine.find(question, lang="fr", limit=5))


@pytest.mark.long
def test_ten_readers_never_find_nothing(tmp_path: Path) -> None:
    EmbeddedEngine(tmp_path).build(LIBRARY)
    done, counts = threading.Event(), [0] * READERS
    empty: list[int] = []

    def read(place: int) -> None:
        engine = EmbeddedEngine(tmp_path)  # as a process of its own would
        while not done.is_set():
            counts[place] += 1
            if found(engine) != 5:
                empty.append(place)

    threads = [threading.Thread(target=read, args=(place,)) for place in range(READERS)]
    for thread in threads:
        thread.start()
    writer = EmbeddedEngine(tmp_path)
    for _ in range(REBUILDS):
        writer.build(LIBRARY)
    done.set()
    for thread in threads:
        thread.join()
    assert min(counts) > 0
    assert empty == [], f"{len(empty)} of {sum(counts)} answers were empty"


def slowly() -> Iterator[Document]:
    """Half of the library, a word to the parent, and then for ever the same."""
    yield from LIBRARY[:150]
    print("half", flush=True)
    while True:
        yield LIBRARY[0]


@pytest.mark.long
def test_killed_in_the_middle_the_old_index_serves(tmp_path: Path) -> None:
    reader = EmbeddedEngine(tmp_path)
    reader.build(LIBRARY)
    reader.release()
    before = reader.generation
    for _ in range(KILLS):
        child = subprocess.Popen(
            [sys.executable, "-c",
             "import sys; from pathlib import Path; from tests.faults import test_rebuild as t;"
             "t.EmbeddedEngine(Path(sys.argv[1])).build(t.slowly())", str(tmp_path)],
            cwd=Path(__file__).resolve().parents[2], stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert child.stdout
        assert child.stdout.readline() == "half\n"
        assert found(reader) == 5, "while it is being built"
        child.send_signal(signal.SIGKILL)
        child.communicate()
        assert found(reader) == found(EmbeddedEngine(tmp_path)) == 5
        assert reader.generation == before
    EmbeddedEngine(tmp_path).build(LIBRARY[:3])
    assert found(reader) == 3, "and the next build goes through"
    assert len(list(tmp_path.glob("gen-*"))) <= 2, "what was half built is gone"
