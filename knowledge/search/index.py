"""The live index: built beside and swapped in, or brought up to date version by version.

One process at a time writes. The rest of the product only asks `engine()`.
"""

import logging
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from knowledge.search import library
from knowledge.search.engines.dense import Shelf
from knowledge.search.engines.embedded import EmbeddedEngine
from knowledge.search.engines.port import EngineBroken, EngineBusy

log = logging.getLogger("wasl.search")
_seen: dict[Path, tuple[str, tuple[int, int, int]]] = {}
"""For each index folder: the generation and the library's fingerprint when all was indexed."""


def engine() -> EmbeddedEngine:
    return _engine(_root())


def rebuild() -> int:
    """Build the index anew from the library and swap it in; number of documents."""
    fingerprint, documents = library.fingerprint(), list(library.documents())
    engine().build(documents)
    _seen[_root()] = (engine().generation, fingerprint)
    return len(documents)


def refresh() -> int:
    """Index what was published since, take out what was retired; number of documents touched.

    A missing or damaged index, or one built with another analysis or glossary, is built anew.
    Raises EngineBusy while another process writes.
    """
    if not engine().is_current:
        return rebuild()
    try:
        return _catch_up(engine())
    except EngineBusy:
        raise
    except EngineBroken as error:
        log.warning("the index is damaged and is built anew", extra={"reason": str(error)})
        return rebuild()


def behind() -> int:
    """Editions published or retired that the index of this host does not follow yet."""
    indexed, published = engine().stamps(), library.stamps()
    return len({k for k in indexed.keys() | published.keys() if indexed.get(k) != published.get(k)})


def warm() -> None:
    """Learn the words of the index before somebody waits for it. Raises EngineBroken."""
    engine().vocabulary  # noqa: B018


def _catch_up(live: EmbeddedEngine) -> int:
    seen = (live.generation, library.fingerprint())
    if _seen.get(_root()) == seen:
        return 0
    indexed, published = live.stamps(), library.stamps()
    due = {key for key, stamp in published.items() if indexed.get(key) != stamp}
    gone = indexed.keys() - published.keys()
    if due or gone:
        live.replace(library.documents(due), gone=gone)
    _seen[_root()] = seen
    return len(due) + len(gone)


def shelf() -> Shelf:
    """The vectors of the library; empty where the semantic extra is not installed."""
    return _shelf(Path(settings.DATA_DIR) / "vectors")


def refresh_vectors(*, most: int) -> int:
    """Embed what was published since, `most` at a time: half a second of processor time each."""
    kept, published = shelf().stamps(), library.stamps()
    due = [key for key, stamp in published.items() if kept.get(key) != stamp][:most]
    gone = kept.keys() - published.keys()
    if due or gone:
        shelf().put(list(library.documents(due)), gone=gone)
    return len(due) + len(gone)


def _root() -> Path:
    return Path(settings.DATA_DIR) / "index"


@lru_cache(maxsize=8)
def _shelf(root: Path) -> Shelf:
    return Shelf(root)


@lru_cache(maxsize=8)
def _engine(root: Path) -> EmbeddedEngine:
    return EmbeddedEngine(root)
