"""A database goes with the folder of keys that it was used with first: with another, what is sealed would be lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.assembly import Plan, SystemClock, assemble, work
from bot.composition.building import LOCALES
from bot.doctor import keys_of_database
from bot.keys import LINKS, FileKeys, ForeignKeysError, fingerprint
from storage import condition
from storage.key_folders import KeyFolders
from tests.flows.samples import DIRECTORY
from tests.test_commands import environment, lartraff  # noqa: F401 - the fixture

NOT_IN = "The keys that this database was used with are not in"


async def _at_once() -> None:
    """It is time to stop already."""


async def started(url: str, keys: Path) -> None:
    """Start a worker on the database with these keys, and stop it."""
    site = assemble(Plan(url, keys, "https://bot.example.org", LOCALES, DIRECTORY), SystemClock())
    try:
        await work(site, stopped=_at_once)
    finally:
        await site.unit_of_work.close()


async def test_a_start_with_other_keys_is_refused_and_changes_nothing(engine_url: str, tmp_path: Path) -> None:
    right, wrong = tmp_path / "keys", tmp_path / "keyz"
    await started(engine_url, right)
    known = condition.examine(engine_url, lambda connection: KeyFolders(connection).known())
    with pytest.raises(ForeignKeysError, match="not those that this database was used with"):
        await started(engine_url, wrong)
    await started(engine_url, right)
    assert known == fingerprint(FileKeys(right).key(LINKS))
    assert known != fingerprint(FileKeys(wrong).key(LINKS))


async def test_an_emptied_folder_is_another_one(sqlite_url: str, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    await started(sqlite_url, keys)
    (keys / f"{LINKS}.key").unlink()
    with pytest.raises(ForeignKeysError):
        await started(sqlite_url, keys)


async def test_other_keys_may_take_their_place_when_somebody_says_so(engine_url: str, tmp_path: Path) -> None:
    await started(engine_url, tmp_path / "lost")
    mine = fingerprint(FileKeys(tmp_path / "new").key(LINKS))
    condition.examine(engine_url, lambda connection: KeyFolders(connection).adopt(mine))
    await started(engine_url, tmp_path / "new")
    with pytest.raises(ForeignKeysError):
        await started(engine_url, tmp_path / "lost")


async def test_the_doctor_tells_whether_the_keys_are_those_of_the_database(tmp_path: Path) -> None:
    right = fingerprint(FileKeys(tmp_path / "keys").key(LINKS))
    FileKeys(tmp_path / "others").key(LINKS)
    for folder, is_right in (("keys", True), ("others", False), ("missing", False)):
        [found] = await keys_of_database(tmp_path / folder, lambda: right)
        assert (found.ok, NOT_IN in found.what) == (is_right, not is_right)
    assert not (tmp_path / "missing").exists()


async def test_the_doctor_says_nothing_of_a_database_that_knows_no_keys_yet(tmp_path: Path) -> None:
    def broken() -> str | None:
        raise OSError

    assert await keys_of_database(tmp_path, lambda: None) == []
    assert await keys_of_database(tmp_path, broken) == []


def test_the_command_adopts_the_keys_that_are_there(
    environment: pytest.MonkeyPatch,  # noqa: F811
    tmp_path: Path,
) -> None:
    assert lartraff("adopt-keys").exit_code == 1  # there is no database yet
    lartraff("migrate")
    assert lartraff("adopt-keys").exit_code == 0
    assert "ok    The keys are those of the database" in lartraff("doctor", "--no-online").output
    environment.setenv("LARTRAFF_KEY_DIR", str(tmp_path / "keyz"))
    refused = lartraff("doctor", "--no-online")
    assert (NOT_IN in refused.output, refused.exit_code) == (True, 1)
    lartraff("adopt-keys")
    assert "ok    The keys are those of the database" in lartraff("doctor", "--no-online").output
