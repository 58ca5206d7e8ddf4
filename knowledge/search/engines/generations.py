"""The folders of one index on disk, whatever its documents are.

`root/gen-N/` holds a built index and the versions it was built with, `root/current` points to the
one in use. A rebuild makes the next generation and swaps the link; readers look at the link before
each search and open the new one. One process at a time may write (tantivy holds a lock file).
"""

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import tantivy

from knowledge.search.engines.port import EngineBroken, EngineBusy

_VERSIONS = "versions.json"
T = TypeVar("T")


@dataclass(frozen=True)
class _Opened(Generic[T]):
    """One generation as this process reads it; `stamp` tells when its files last changed."""

    generation: str
    stamp: int
    index: tantivy.Index
    read: T


class Generations(Generic[T]):
    """Safe to share between threads for reading; one thread at a time may write.

    `versions` says what an index must have been built with to answer rightly; `read` makes of an
    index just opened or reloaded what the engine searches with, given what it made of it before.
    """

    def __init__(
        self,
        root: Path,
        *,
        versions: Callable[[], dict[str, object]],
        read: Callable[[tantivy.Index, T | None], T],
        heap: int,
    ) -> None:
        self.root = root
        self.current = root / "current"
        self._versions, self._make, self._heap = versions, read, heap
        self._opened: _Opened[T] | None = None
        self._writer: tuple[str, tantivy.IndexWriter] | None = None
        self._lock = threading.Lock()

    @property
    def is_current(self) -> bool:
        """Whether an index is there and was built with the versions of now."""
        try:
            return bool(json.loads((self.current / _VERSIONS).read_text()) == self._versions())
        except (OSError, ValueError):
            return False

    @property
    def generation(self) -> str:
        """Name of the generation in use; empty when there is none."""
        try:
            return os.readlink(self.current)
        except OSError:
            return ""

    # --- reading ----------------------------------------------------------------------------

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Every trouble as EngineBroken.

        tantivy meets damaged files with a panic, which is no Exception: unguarded it would end the
        thread that serves. The generation is then condemned, so that the sweep builds a new one.
        """
        try:
            yield
        except (OSError, ValueError) as error:
            kind = EngineBusy if "LockBusy" in str(error) else EngineBroken
            raise kind(str(error)) from error
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            self.condemn()
            raise EngineBroken(str(error)) from error

    def condemn(self) -> None:
        """Make the present generation one that nobody opens any more."""
        self._opened = None
        (self.current / _VERSIONS).unlink(missing_ok=True)

    def open(self) -> T:
        """The generation in use, opened anew when the link or its files changed."""
        generation = os.readlink(self.current)
        folder = self.root / generation
        stamp = (folder / "meta.json").stat().st_mtime_ns
        opened = self._opened
        if opened and (opened.generation, opened.stamp) == (generation, stamp):
            return opened.read
        with self._lock:
            self._opened = self._read(folder, generation, stamp)
            return self._opened.read

    def _read(self, folder: Path, generation: str, stamp: int) -> _Opened[T]:
        before = self._opened
        if before and before.generation == generation:
            if before.stamp == stamp:
                return before
            before.index.reload()
            return _Opened(generation, stamp, before.index, self._make(before.index, before.read))
        if not self.is_current:
            raise EngineBroken("the index was built with other versions")
        index = tantivy.Index.open(str(folder))
        return _Opened(generation, stamp, index, self._make(index, None))

    # --- writing ----------------------------------------------------------------------------

    def writer(self) -> tantivy.IndexWriter:
        """The writer of the generation in use, kept open: a new one costs up to a second."""
        generation = os.readlink(self.current)
        if self._writer and self._writer[0] == generation:
            return self._writer[1]
        self.release()
        index = tantivy.Index.open(str(self.root / generation))
        self._writer = (generation, self.writer_of(index))
        return self._writer[1]

    def writer_of(self, index: tantivy.Index) -> tantivy.IndexWriter:
        return index.writer(heap_size=self._heap, num_threads=1)

    def release(self) -> None:
        """Let another process write."""
        self._writer = None

    # --- files ------------------------------------------------------------------------------

    def next_folder(self) -> Path:
        """A new folder beside the present generation."""
        names = (path.name.removeprefix("gen-") for path in self.root.glob("gen-*"))
        last = max((int(name) for name in names if name.isdigit()), default=0)
        folder = self.root / f"gen-{last + 1}"
        folder.mkdir(parents=True)
        return folder

    def swap_to(self, folder: Path) -> None:
        """Put a finished generation in use.

        Readers keep the old one until their next search, so the one before it goes.
        """
        (folder / _VERSIONS).write_text(json.dumps(self._versions()))
        previous, link = self.generation, self.root / "current.new"
        link.unlink(missing_ok=True)
        os.symlink(folder.name, link)
        os.replace(link, self.current)
        self.drop(but=(folder.name, previous))

    def drop(self, *, but: tuple[str, ...]) -> None:
        """Delete the generations that are not named."""
        for path in self.root.glob("gen-*"):
            if path.name not in but:
                shutil.rmtree(path, ignore_errors=True)
