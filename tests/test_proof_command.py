"""The command that prints the proof, as an administrator uses it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.commands import cli


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The database of a site that speaks English."""
    monkeypatch.setenv("LARTRAFF_DATABASE_URL", f"sqlite:///{tmp_path}/data/lartraff.db")
    monkeypatch.setenv("LARTRAFF_KEY_DIR", f"{tmp_path}/keys")
    monkeypatch.setenv("LARTRAFF_LANGUAGE", "en")
    assert CliRunner().invoke(cli, ["migrate"]).exit_code == 0
    return tmp_path / "data/lartraff.db"


def proof(*words: str) -> Result:
    return CliRunner().invoke(cli, ["proof", *words])


def test_the_proof_is_printed_and_the_exit_status_says_that_it_holds(file: Path) -> None:
    printed = proof()
    assert printed.exit_code == 0, printed.output
    assert "All of this holds" in printed.output


def test_what_does_not_hold_is_marked_and_the_exit_status_says_so(file: Path) -> None:
    proof()
    with closing(sqlite3.connect(file)) as database:
        database.execute("ALTER TABLE sealed ADD COLUMN person VARCHAR")
    printed = proof()
    assert printed.exit_code == 1
    assert "!!  The tables have columns that do not belong there: sealed.person." in printed.output


def test_a_round_that_is_not_there_is_no_proof(file: Path) -> None:
    printed = proof("r9")
    assert printed.exit_code == 1
    assert "no round r9" in printed.output
