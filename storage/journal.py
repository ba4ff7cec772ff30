"""Who has been erased, by ids that say nothing: kept beside the keys, so that a restored backup forgets them again.

A line is written before the commit that it speaks of, and taken back by another line when the transaction fails. So
whoever asked to be erased while the process was killed is erased at the next start, be it before or after the commit:
they were told neither. Whoever was told that nothing was saved is not.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

_FILE = "erased.txt"
_UNSCRUBBED = "erased.unscrubbed"


_PROGRAMME = "programme"
"""Begins the line of an edition that was closed: its id and when follow. An id of a person has no blank."""

_TAKEN_BACK = "not"
"""Begins the line that takes another one back: that one follows. A file that several append to is never rewritten."""

_INSTANT_CHARS = len("2027-01-01T00:00:00.000000+00:00")


class Journal:
    """A file with one person id a line, or an edition of a programme that was closed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, person: str) -> None:
        """Note that a person is about to be erased; on disk when this returns. Raises `OSError`."""
        self._write(person)

    def take_back(self, person: str) -> None:
        """Note that the person has not been erased after all; on disk when this returns. Raises `OSError`."""
        self._write(f"{_TAKEN_BACK} {person}")

    def add_programme(self, id: str, closed: datetime) -> None:
        """Note that an edition is about to be closed; on disk when this returns. Raises `OSError`."""
        self._write(_closing(id, closed))

    def take_back_programme(self, id: str, closed: datetime) -> None:
        """Note that the edition has not been closed after all; on disk when this returns. Raises `OSError`."""
        self._write(f"{_TAKEN_BACK} {_closing(id, closed)}")

    def _write(self, line: str) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._folder / _FILE, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            whole = f"{_end_of_a_cut_line(descriptor)}{line}\n".encode()
            if os.write(descriptor, whole) < len(whole):
                raise OSError(errno.ENOSPC, "there is no room for a line in the list of erased people")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self.unscrub()

    def persons(self) -> tuple[str, ...]:
        """Everybody who has been erased, in that order. A line that was cut short by a power cut is nobody's."""
        return tuple(line for line in self._lines() if " " not in line)

    def programmes(self) -> Iterator[tuple[str, datetime]]:
        """The editions that were closed, and when. A line that was cut short is left out."""
        for line in self._lines():
            match line.split(" "):
                case [word, id, closed] if word == _PROGRAMME and len(closed) == _INSTANT_CHARS:
                    yield id, datetime.fromisoformat(closed)

    def _lines(self) -> list[str]:
        """The lines that hold. One that is taken back does not hold, until it is written once more."""
        file = self._folder / _FILE
        hold: dict[str, None] = {}
        for line in file.read_text().splitlines() if file.exists() else ():
            if line.startswith(f"{_TAKEN_BACK} "):
                hold.pop(line.removeprefix(f"{_TAKEN_BACK} "), None)
            else:
                hold[line] = None
        return list(hold)

    @property
    def unscrubbed(self) -> bool:
        """Whether what was erased may still linger on free pages of the database."""
        return (self._folder / _UNSCRUBBED).exists()

    def unscrub(self) -> None:
        """Note that something may linger."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self._folder / _UNSCRUBBED).touch(0o600)

    def scrubbed(self) -> None:
        """Note that it does not any more."""
        (self._folder / _UNSCRUBBED).unlink(missing_ok=True)


def _end_of_a_cut_line(descriptor: int) -> str:
    """What ends a line that a power cut or a full disk left without its end, so that it takes no other with it."""
    size = os.fstat(descriptor).st_size
    return "\n" if size and os.pread(descriptor, 1, size - 1) != b"\n" else ""


def _closing(id: str, closed: datetime) -> str:
    return f"{_PROGRAMME} {id} {closed.isoformat(timespec='microseconds')}"
