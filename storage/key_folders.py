"""The folder of keys that belongs to this database, known again by a fingerprint."""

from __future__ import annotations

from sqlalchemy import Connection, select

from storage.tables import key_folders
from storage.upsert import insert_or_ignore, upsert

_ONLY = 1


class KeyFolders:
    """There is one; the database keeps of it what opens nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self) -> str | None:
        """The fingerprint; None before the first start."""
        return self._connection.execute(select(key_folders.c.fingerprint)).scalar_one_or_none()

    def learn(self, fingerprint: str) -> str:
        """The one that counts: the first to come."""
        insert_or_ignore(self._connection, key_folders, id=_ONLY, fingerprint=fingerprint)
        return str(self._connection.execute(select(key_folders.c.fingerprint)).scalar_one())

    def adopt(self, fingerprint: str) -> None:
        """From now on this one counts."""
        upsert(self._connection, key_folders, id=_ONLY, fingerprint=fingerprint)
