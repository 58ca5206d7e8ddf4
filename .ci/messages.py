"""Texts: `--write` gathers them into config/locale and compiles; without it, proves they are complete.

Complete: every text of the code is in both catalogues, translated, none fuzzy, and the compiled
files say exactly what the .po files say (so no gettext is needed to run).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "config" / "locale"
LANGUAGES = ("ar", "fr")


def catalogue(language: str, locale: Path = LOCALE) -> Path:
    return locale / language / "LC_MESSAGES" / "django.po"


def gather(root: Path = ROOT) -> None:
    """Run makemessages over a tree."""
    if not shutil.which("xgettext"):
        sys.exit("Checking the texts needs gettext: install it (Debian: apt install gettext).")
    command = [sys.executable, "manage.py", "makemessages", "--no-location", "--no-wrap", "-v", "0"]
    for language in LANGUAGES:
        command += ["-l", language]
    for ignored in (".venv/*", "tests/*", "data/*"):
        command += ["--ignore", ignored]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(command, cwd=root, check=True, env={**os.environ, "DATA_DIR": folder})


def tidy(path: Path) -> None:
    """Drop what is no longer used and the dates that change at each run."""
    po = polib.pofile(str(path), wrapwidth=0)
    po[:] = [entry for entry in po if not entry.obsolete]
    po.metadata.pop("POT-Creation-Date", None)
    po.save(str(path))


def keys(path: Path) -> set[tuple[str, str]]:
    return {(e.msgctxt or "", e.msgid) for e in polib.pofile(str(path)) if not e.obsolete}


def texts(entries: object) -> dict[tuple[str, str], object]:
    return {
        (e.msgctxt or "", e.msgid): e.msgstr_plural or e.msgstr
        for e in entries  # type: ignore[attr-defined]
    }


def problems() -> list[str]:
    found = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "wasl"
        left = shutil.ignore_patterns(".venv", ".git", "data", "tests", "static", ".mypy_cache")
        shutil.copytree(ROOT, copy, ignore=left)
        gather(copy)
        for language in LANGUAGES:
            fresh = catalogue(language, copy / "config" / "locale")
            new = keys(fresh) - keys(catalogue(language))
            found += [f"{language}: not gathered: {key[1][:70]!r}" for key in sorted(new)]
    for language in LANGUAGES:
        po = polib.pofile(str(catalogue(language)))
        for entry in po.untranslated_entries() + po.fuzzy_entries():
            found.append(f"{language}: not translated: {entry.msgid[:70]!r}")
        mo = catalogue(language).with_suffix(".mo")
        if not mo.exists() or texts(polib.mofile(str(mo))) != texts(po.translated_entries()):
            found.append(f"{language}: the compiled file differs: run `make messages`")
    return found


def main() -> None:
    if "--write" in sys.argv:
        gather()
        for language in LANGUAGES:
            tidy(catalogue(language))
            polib.pofile(str(catalogue(language))).save_as_mofile(
                str(catalogue(language).with_suffix(".mo"))
            )
        return
    found = problems()
    print("\n".join(found) or "texts: complete in ar and fr")
    sys.exit(1 if found else 0)


main()
