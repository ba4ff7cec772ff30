"""Whether the folder of keys is the one that the database was used with, and how another one takes its place."""

from __future__ import annotations

from bot.keys import LINKS, FileKeys, fingerprint
from config.settings import Settings
from storage import condition
from storage.key_folders import KeyFolders


def known(found: Settings) -> str | None:
    """The fingerprint that the database knows; None before the first start. Raises SQLAlchemy's errors."""
    if found.sqlite_path is not None and not found.sqlite_path.exists():
        return None
    return condition.examine(found.database_url.get_secret_value(), lambda connection: KeyFolders(connection).known())


def adopt(found: Settings) -> None:
    """Use the database with the keys that are there from now on."""
    mine = fingerprint(FileKeys(found.key_dir.absolute()).key(LINKS))
    url = found.database_url.get_secret_value()
    condition.examine(url, lambda connection: KeyFolders(connection).adopt(mine))
