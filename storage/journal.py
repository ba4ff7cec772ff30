"""Who has been erased, by ids that say nothing: kept beside the keys, so that a restored backup forgets them again."""

from __future__ import annotations

import os
from pathlib import Path

_FILE = "erased.txt"
_UNSCRUBBED = "erased.unscrubbed"


class Journal:
    """A file with one person id a line."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, person: str) -> None:
        """Note that a person is about to be erased; on disk when this returns. Raises `OSError`."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._folder / _FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, f"{person}\n".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self.unscrub()

    def persons(self) -> tuple[str, ...]:
        """Everybody who has been erased, in that order. A line that was cut short by a power cut is nobody's."""
        file = self._folder / _FILE
        return tuple(file.read_text().splitlines()) if file.exists() else ()

    @property
    def unscrubbed(self) -> bool:
        """Whether what was erased may still linger on free pages of the database."""
        return (self._folder / _UNSCRUBBED).exists()

    def unscrub(self) -> None:
        """Note that something may linger."""
        (self._folder / _UNSCRUBBED).touch(0o600)

    def scrubbed(self) -> None:
        """Note that it does not any more."""
        (self._folder / _UNSCRUBBED).unlink(missing_ok=True)
