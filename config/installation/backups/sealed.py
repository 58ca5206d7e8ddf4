"""One file: a zipped tar, sealed to public keys in the format of age (age-encryption.org/v1).

Written and read as a stream, so that no plain copy of it ever lies on a disk and a large centre needs
no memory. `age --decrypt` and `tar` open it too, without this program.
"""

import gzip
import hashlib
import io
import os
import tarfile
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any, BinaryIO

import pyrage

from config.installation.backups import manifest
from config.installation.backups.manifest import Kept, Manifest

CHUNK = 1 << 20
ZIPPED = 3
"""Level of compression: most is won by it, and a night is short."""
BEGINNING = b"age-encryption.org/v1"
"""Of every sealed file."""


class WrongKey(Exception):
    """The private key opens another backup, not this one."""


class Damaged(Exception):
    """The file is not whole, or not a backup of ours."""


class Writer:
    """Puts files into the tar and remembers what it put."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.files: dict[str, Kept] = {}

    def add(self, name: str, source: Path) -> None:
        """A file as it is now; one that was deleted meanwhile is left out."""
        try:
            stream = source.open("rb")
        except FileNotFoundError:
            return
        with stream:
            self._put(name, stream, os.fstat(stream.fileno()).st_size)

    def add_bytes(self, name: str, content: bytes) -> None:
        self._put(name, io.BytesIO(content), len(content))

    def _put(self, name: str, stream: BinaryIO, size: int) -> None:
        told = tarfile.TarInfo(name)
        told.size, told.mode = size, 0o600
        hashing = _Hashing(stream)
        self._tar.addfile(told, hashing)
        self.files[name] = Kept(size, hashing.digest.hexdigest())


class _Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        read = self._stream.read(size)
        self.digest.update(read)
        return read


@contextmanager
def sealing(target: IO[bytes], recipients: Sequence[Any]) -> Iterator[Writer]:
    """Everything put in meanwhile is sealed into `target`. Errors of either side are raised."""
    with (
        stream_into(target, recipients) as pipe,
        gzip.GzipFile(fileobj=pipe, mode="wb", compresslevel=ZIPPED) as zipped,
        tarfile.open(fileobj=zipped, mode="w|") as tar,
    ):
        yield Writer(tar)


@contextmanager
def stream_into(target: IO[bytes], recipients: Sequence[Any]) -> Iterator[IO[bytes]]:
    """A stream: what is written to it is sealed into `target`. Errors of either side are raised."""
    reading, writing = os.pipe()
    failed: list[BaseException] = []

    def seal() -> None:
        with os.fdopen(reading, "rb") as plain:
            try:
                pyrage.encrypt_io(plain, target, list(recipients))
            except BaseException as error:
                failed.append(error)

    thread = threading.Thread(target=seal, name="sealing")
    thread.start()
    try:
        with os.fdopen(writing, "wb") as pipe:
            yield pipe
    except BrokenPipeError:
        if not failed:
            raise
    finally:
        thread.join()
    if failed:
        raise failed[0]


def unseal(source: Path, identity: Any, *, into: Path | None = None) -> Manifest:
    """Open the file and compare all of it with its manifest; with `into`, lay its files there.

    Raises WrongKey, Damaged; FileNotFoundError when there is no such file.
    """
    with opening(source, identity) as plain:
        files, said = _read(plain, into)
    if said is None or manifest.differences(said.files, files):
        raise Damaged
    return said


@contextmanager
def opening(source: Path, identity: Any) -> Iterator[IO[bytes]]:
    """What was sealed, as a stream, of which nothing is true before the end: only then is it proved whole.

    Raises WrongKey, Damaged; FileNotFoundError when there is no such file.
    """
    with source.open("rb") as sealed:
        reading, writing = os.pipe()
        failed: list[BaseException] = []

        def open_it() -> None:
            with os.fdopen(writing, "wb") as plain:
                try:
                    pyrage.decrypt_io(sealed, plain, [identity])
                except BaseException as error:
                    failed.append(error)

        thread = threading.Thread(target=open_it, name="unsealing")
        thread.start()
        try:
            with os.fdopen(reading, "rb") as plain:
                yield plain
                while plain.read(CHUNK):
                    pass  # the end of the seal is checked too: a file cut short has none
        except (tarfile.TarError, zlib.error, EOFError, ValueError) as error:
            thread.join()
            raise (_told(failed[0]) if failed else Damaged()) from error
        finally:
            thread.join()
    if failed:
        raise _told(failed[0])


def _told(error: BaseException) -> BaseException:
    if isinstance(error, pyrage.DecryptError) and "matching" in str(error):
        return WrongKey()
    if isinstance(error, (pyrage.DecryptError, OSError)):
        return Damaged()
    return error


def _read(plain: IO[bytes], into: Path | None) -> tuple[dict[str, Kept], Manifest | None]:
    files: dict[str, Kept] = {}
    said = None
    with tarfile.open(fileobj=plain, mode="r|gz") as tar:
        for member in tar:
            stream = tar.extractfile(member) if member.isreg() else None
            if stream is None or not is_ours(member.name):
                raise Damaged
            if member.name == manifest.NAME:
                said = manifest.read(stream.read())
            else:
                target = into / member.name if into else None
                files[member.name] = lay(stream, target)
    return files, said


def is_ours(name: str) -> bool:
    """No way out of the folder it is laid into."""
    parts = name.split("/")
    return parts[0] in ("database", "data", manifest.NAME) and not {"", ".", ".."} & set(parts)


def measure(stream: IO[bytes]) -> Kept:
    """Size and digest of what the stream holds."""
    return lay(stream, None)


def lay(stream: IO[bytes], target: Path | None) -> Kept:
    """Put the stream into a new file; its size and digest."""
    digest, size = hashlib.sha256(), 0
    with _opened(target) as out:
        while piece := stream.read(CHUNK):
            digest.update(piece)
            size += len(piece)
            if out:
                out.write(piece)
    return Kept(size, digest.hexdigest())


def _opened(target: Path | None) -> AbstractContextManager[IO[bytes] | None]:
    """A new file that its owner alone reads; none where nothing is laid."""
    if target is None:
        return nullcontext()
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
