"""Checks of the files that we keep, the keys and SQLite's: whole, ours to use, and for nobody else to read."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bot.doctor.findings import Finding
from bot.keys import LINKS, FileKeys, UnusableKeyError, fingerprint

_BESIDE = ("", "-wal", "-shm")
"""What SQLite's files are called, after the name of the database."""

_RESTORE = "Put the right one back from where the keys are kept safe: docs/drift.md."
OURS = "Give it with its folder to the user that runs Lärträff (chown), and run this as that user: docs/drift.md."
"""What to do about a file that is somebody else's."""


def is_there(path: Path) -> bool:
    """Whether it is there as far as we can tell: what lies in a folder that we may not look into is not."""
    return os.access(path, os.F_OK)


async def new_database(file: Path) -> list[Finding]:
    """A database file that is not there yet can be made."""
    if _can_be_made(file.parent):
        return [Finding(None, f"The database file is made at the first start: {file}")]
    action = "Make its folder for the user that runs Lärträff, or choose another file in LARTRAFF_DATABASE_URL."
    what = f"The database file cannot be reached or made: {file}, in {_described(_nearest(file.parent))}"
    return [Finding(False, what, action)]


async def database_file(file: Path) -> list[Finding]:
    """Nobody else can read the database file, what SQLite keeps beside it, or what lies in its folder."""
    if exposed := _exposed((file.parent, *_parts(file))):
        action = f"Run: chmod 700 {file.parent} && chmod 600 {file}*"
        return [Finding(False, f"Others on this machine can read the database: {exposed}", action)]
    return []


def whose(file: Path) -> str:
    """Whose the database file, its folder and what SQLite keeps beside it are: what `ls -l` would tell."""
    return ", ".join(map(_described, (file.parent, *_parts(file))))


def _parts(file: Path) -> list[Path]:
    return [path for ending in _BESIDE if is_there(path := file.with_name(file.name + ending))]


def _described(path: Path) -> str:
    try:
        owner = path.owner()
    except (KeyError, NotImplementedError):  # nobody's any more, or a machine that has no owners
        owner = str(path.stat().st_uid)
    return f"{path} (owner {owner}, mode {stat.S_IMODE(path.stat().st_mode):o})"


async def key_folder(folder: Path, *, sqlite_file: Path | None) -> list[Finding]:
    """The keys are whole, lie where only we can read them, and not where the database is backed up."""
    return await asyncio.to_thread(_key_folder, folder, sqlite_file)


def _key_folder(folder: Path, sqlite_file: Path | None) -> list[Finding]:
    if not (is_there(folder) and folder.is_dir()):
        if _can_be_made(folder):
            return [Finding(True, f"The folder of keys is made at the first start: {folder}")]
        return [
            Finding(
                False,
                f"The folder of keys cannot be made: {folder}",
                "Make it for the user that runs Lärträff, or set LARTRAFF_KEY_DIR to another folder.",
            )
        ]
    return list(_key_folder_problems(folder.resolve(), sqlite_file)) or [
        Finding(True, f"The keys can be read, and the folder of keys is private: {folder}")
    ]


async def keys_of_database(folder: Path, known: Callable[[], str | None]) -> list[Finding]:
    """The keys are those that the database was used with. `known` gives their fingerprint; it may raise."""
    try:
        wanted = await asyncio.to_thread(known)
    except Exception:  # noqa: BLE001 - of whichever driver: what the database lacks is told by its own check
        return []
    if wanted is None:
        return []
    return [await asyncio.to_thread(_same_keys, folder, wanted)]


def _same_keys(folder: Path, wanted: str) -> Finding:
    keys = FileKeys(folder)
    try:
        mine = fingerprint(keys.key(LINKS)) if keys.holds(LINKS) else ""
    except (OSError, UnusableKeyError):
        mine = ""
    if mine == wanted:
        return Finding(True, "The keys are those of the database")
    return Finding(
        False,
        f"The keys that this database was used with are not in {folder}",
        "Set LARTRAFF_KEY_DIR to the folder that has them, or put them back. With other keys Lärträff does not start: "
        "sealed answers would be lost. If they are lost already: lartraff adopt-keys",
    )


def _can_be_made(folder: Path) -> bool:
    """Whether the folder is there or can be made, and takes files."""
    nearest = _nearest(folder)
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)


def _nearest(folder: Path) -> Path:
    """The folder itself, or the nearest above it that is there."""
    return next(place for place in (folder, *folder.absolute().parents) if is_there(place))


def _key_folder_problems(folder: Path, sqlite_file: Path | None) -> Iterator[Finding]:
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(False, f"The folder of keys cannot be used: {_described(folder)}", OURS)
        return
    if exposed := _exposed((folder, *folder.glob("*.key"))):
        yield Finding(
            False,
            f"Others on this machine can read the keys: {exposed}",
            f"Run: chmod 700 {folder} && chmod 600 {folder}/*.key",
        )
    yield from _unusable_keys(folder)
    yield from _unusable_journal(folder)
    if sqlite_file is not None and folder.is_relative_to(sqlite_file.resolve().parent):
        yield Finding(
            False,
            "The keys lie in the folder of the database, so that one backup would hold both",
            "Set LARTRAFF_KEY_DIR to a folder elsewhere and move the keys there.",
        )


def _unusable_keys(folder: Path) -> Iterator[Finding]:
    """Any of them stops the start, or what it is there for."""
    keys = FileKeys(folder)
    for name in keys.names():
        try:
            keys.key(name)
        except UnusableKeyError as error:
            yield Finding(False, f"A key is damaged: {error}", _RESTORE)
        except OSError as error:
            yield Finding(False, f"A key cannot be read: {error.filename} ({type(error).__name__})", OURS)


def _unusable_journal(folder: Path) -> Iterator[Finding]:
    """Who has been erased is read at every start, and added to."""
    for path in sorted(folder.glob("erased.*")):
        try:
            path.open("r+b").close()
        except OSError as error:
            what = f"Who has been erased cannot be read and written: {path} ({type(error).__name__})"
            yield Finding(False, what, OURS)


def _exposed(paths: Iterable[Path]) -> Path | None:
    """The first that others on this machine may read, write or look into."""
    return next((path for path in paths if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077), None)
