"""Recordings lie beside the nightly backups: once, sealed, and no longer than retention lets them live."""

import hashlib
import os
from datetime import timedelta

import pyrage
import pytest
from django.utils import timezone

from config.installation.backups import keys, restoring, sealed, sounds, taking
from helpdesk.centre.models import Centre
from helpdesk.files.actions import keep, path_of
from helpdesk.files.models import StoredFile
from telephony.actions import recording as recordings
from telephony.facts import State
from telephony.models import Call, Leg
from telephony.recordings import Recording
from tests import make
from tests.config.test_backups import elsewhere, place  # noqa: F401 - a fixture
from tests.make import NOW

WORDS = b"OggS what she said"


@pytest.fixture
def recording(place) -> Recording:  # noqa: F811
    call = Call.objects.create(
        centre=make.centre(), state=State.VOICEMAIL, started_at=NOW, ended_at=NOW, key="call"
    )
    leg = Leg.objects.create(call=call, role="caller", made_at=NOW)
    file = keep("message.ogg", WORDS, content_type="audio/ogg", at=NOW)
    return Recording.objects.create(
        call=call, leg=leg, kind="voicemail", began_at=NOW, moved_at=NOW, ended_at=NOW, file=file
    )


@pytest.mark.django_db(transaction=True)
def test_sound_is_kept_once_and_comes_back(place, settings, tmp_path, recording):  # noqa: F811
    first, second = (taking.take(place.kept, at=NOW + timedelta(days=n)) for n in range(2))
    [beside] = (place.kept / "sounds").iterdir()
    sha256 = hashlib.sha256(WORDS).hexdigest()
    assert beside.name.startswith(sha256)
    assert WORDS not in beside.read_bytes()
    name = path_of(recording.file.name)
    for taken in (first, second):
        [path] = taken.manifest.apart
        assert path.endswith(f"/{name.name}")
        assert path not in taken.manifest.files, "not in the file of any night"
    with elsewhere(settings, tmp_path / "other"):
        said, _aside, gone = restoring.restore(second.file, place.key, over=False, at=NOW)
        assert (said, gone) == (second.manifest, [])
        assert path_of(name.name).read_bytes() == WORDS
        assert sounds.note_gone(at=NOW) == 0


@pytest.mark.django_db(transaction=True)
def test_what_was_deleted_here_goes_there_and_a_restore_says_so(
    place, settings, tmp_path, recording  # noqa: F811
):  # fmt: skip
    old = taking.take(place.kept, at=NOW)
    name = recording.file.name
    assert sounds.forget(place.kept, at=NOW) == 0, "it is still here"
    recordings.delete(recording, why="retention", at=NOW)
    assert sounds.forget(place.kept, at=NOW) == 1
    assert [p.name for p in (place.kept / "sounds").iterdir()] == ["deleted"]
    with elsewhere(settings, tmp_path / "other"):
        said, _aside, gone = restoring.restore(old.file, place.key, over=False, at=NOW)
        assert said == old.manifest
        assert [one.rpartition("/")[2] for one in gone] == [name]
        assert Recording.objects.get().file.name == name, "equal to what the backup said"
        assert sounds.note_gone(at=NOW) == 1
        assert Recording.objects.get().file is None
        assert not StoredFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_missing_damaged_or_for_another_key_is_told(
    place, settings, tmp_path, recording  # noqa: F811
):  # fmt: skip
    taken = taking.take(place.kept, at=NOW)
    [beside] = (place.kept / "sounds").iterdir()
    whole = beside.read_bytes()
    with elsewhere(settings, tmp_path / "other"):

        def told(words: str) -> None:
            with pytest.raises(restoring.NotRestored, match=words):
                restoring.restore(taken.file, place.key, over=False, at=NOW)
            assert restoring.is_empty()

        beside.write_bytes(whole[:-1])
        told("damaged")
        with beside.open("wb") as out, sealed.stream_into(out, [place.key.to_public()]) as pipe:
            pipe.write(b"other words")
        told("damaged")
        beside.unlink()
        told("1 recordings are not in the folder sounds")
        gone = restoring.restore(
            taken.file, place.key, over=False, at=NOW, without_sounds=True
        ).gone
        assert len(gone) == 1


@pytest.mark.django_db(transaction=True)
def test_a_new_key_gets_files_of_its_own_and_nobodys_go_with_the_backups(place, recording):  # noqa: F811
    taking.take(place.kept, at=NOW)
    keys.keep(str(pyrage.x25519.Identity.generate().to_public()))
    taking.take(place.kept, at=NOW)
    files = list((place.kept / "sounds").iterdir())
    assert len(files) == 2, "older backups open with the former key"
    Recording.objects.all().delete()
    StoredFile.objects.all().delete()
    now = timezone.now()
    assert sounds.forget(place.kept, at=now) == 0, "no row says that it was deleted"
    age = (now - timedelta(days=40)).timestamp()
    for file in files:
        os.utime(file, (age, age))
    assert sounds.forget(place.kept, at=now) == 2


@pytest.mark.django_db(transaction=True)
def test_sound_that_is_not_what_its_row_says_goes_into_the_file_of_the_night(place, recording):  # noqa: F811
    path_of(recording.file.name).write_bytes(b"OggS spoilt on the disk")
    taken = taking.take(place.kept, at=NOW)
    assert taken.manifest.apart == {}
    assert any(name.endswith(recording.file.name) for name in taken.manifest.files)
    assert Centre.objects.exists()
