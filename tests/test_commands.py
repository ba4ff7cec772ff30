"""The command `lartraff` as an administrator uses it."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import OperationalError, ProgrammingError
from typer.testing import CliRunner, Result

from bot import __version__
from bot.__main__ import main
from bot.commands import cli
from config.programme_files import SAMPLES

TEAMS = {
    "TEAMS_CLIENT_ID": "22222222-2222-4222-8222-222222222222",
    "TEAMS_CLIENT_SECRET": "made-up",
    "TEAMS_TENANT_ID": "11111111-1111-4111-8111-111111111111",
}
SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef"}


def settings(folder: Path) -> dict[str, str]:
    return {
        "LARTRAFF_DATABASE_URL": f"sqlite:///{folder}/data/lartraff.db",
        "LARTRAFF_KEY_DIR": f"{folder}/keys",
    }


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in os.environ:
        if name.startswith(("LARTRAFF_", "SLACK_", "TEAMS_")):
            monkeypatch.delenv(name)
    for name, value in settings(tmp_path).items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def lartraff(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


def set_all(environment: pytest.MonkeyPatch, given: Mapping[str, str]) -> None:
    for name, value in given.items():
        environment.setenv(name, value)


def take_no_writes(file: Path) -> None:
    """Let SQLite hold the file for one that a later version writes and we may only read."""
    with file.open("r+b") as database:
        database.seek(18)
        database.write(b"\x03")


def test_which_version_this_is_is_said_also_where_no_settings_are_right(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PORT", "wrong")
    said = lartraff("--version")
    assert (said.exit_code, said.output) == (0, f"Lärträff {__version__}\n")


def test_migrate_may_be_repeated_and_names_the_database(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert lartraff("migrate").exit_code == 0
    again = lartraff("migrate")
    assert (again.exit_code, again.output) == (0, f"The database is up to date: {tmp_path}/data/lartraff.db\n")


@pytest.mark.parametrize(
    "words",
    [("proof",), ("processing-register",), ("faq", "export", "{}/out.csv"), ("faq", "test", "{}/questions.csv")],
    ids=" ".join,
)
def test_what_only_reads_makes_no_database(
    environment: pytest.MonkeyPatch, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "questions.csv").write_text("question,expected\nVar är det?,none\n")
    refused = lartraff(*(word.format(tmp_path) for word in words))
    assert refused.exit_code == 1
    assert refused.output.startswith(f"There is no database at {tmp_path}/data/lartraff.db: are the settings there?")
    assert [path.name for path in tmp_path.iterdir()] == ["questions.csv"]


def test_whoever_loads_into_a_new_database_is_told_so(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    new = f"A new database is made: {tmp_path}/data/lartraff.db"
    assert lartraff("programme", "load", str(SAMPLES[0])).output.splitlines()[0] == new
    assert "new database" not in lartraff("programme", "load", str(SAMPLES[0])).output


def test_a_sqlite_file_is_taken_over_once(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = tmp_path / "data/lartraff.db"
    assert lartraff("programme", "load", str(SAMPLES[0])).exit_code == 0
    refused = lartraff("import-sqlite", str(old))
    assert (refused.exit_code, "is the configured database" in refused.output) == (1, True)

    environment.setenv("LARTRAFF_DATABASE_URL", f"sqlite:///{tmp_path}/new/lartraff.db")
    assert "There is no file" in lartraff("import-sqlite", str(tmp_path / "nowhere.db")).output
    with closing(sqlite3.connect(old)) as server:
        server.execute("SELECT count(*) FROM programmes").fetchone()
        assert "is in use" in lartraff("import-sqlite", str(old)).output
    taken = lartraff("import-sqlite", str(old))
    assert (taken.exit_code, taken.output.startswith("Taken over: ")) == (0, True)
    with closing(sqlite3.connect(tmp_path / "new/lartraff.db")) as new:
        assert new.execute("SELECT count(*) FROM programmes").fetchone() == (1,)
    again = lartraff("import-sqlite", str(old))
    assert (again.exit_code, "is not empty" in again.output) == (1, True)


def test_a_file_of_an_older_version_is_not_taken_over(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "old.db").touch()
    refused = lartraff("import-sqlite", str(tmp_path / "old.db"))
    assert (refused.exit_code, "is of another version" in refused.output) == (1, True)


def test_a_file_that_is_no_database_is_not_taken_over(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"no database" * 500)
    refused = lartraff("import-sqlite", str(tmp_path / "text"))
    assert (refused.exit_code, "text is no database of SQLite's, or" in refused.output) == (1, True)


def test_serve_says_what_is_missing(environment: pytest.MonkeyPatch) -> None:
    refused = lartraff("serve")
    assert refused.exit_code == 1
    assert "Neither Slack nor Teams is configured" in refused.output


def test_every_problem_with_the_settings_is_said_at_once(environment: pytest.MonkeyPatch) -> None:
    set_all(environment, {"PORT": "x", "LARTRAFF_LANGUAGE": "fi", "SLACK_BOT_TOKEN": "xoxb-1"})
    refused = lartraff("serve")
    assert refused.exit_code == 1
    assert [line.split()[0] for line in refused.output.splitlines()] == [
        "PORT",
        "LARTRAFF_LANGUAGE",
        "SLACK_SIGNING_SECRET",
    ]


def test_slacks_manifest_is_ready_to_paste(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("LARTRAFF_PUBLIC_URL", "https://larande.example.org")
    written = json.loads(lartraff("manifest", "slack").output)
    assert written["features"]["slash_commands"][0]["url"] == "https://larande.example.org/slack/events"
    assert json.loads(lartraff("manifest", "slack", "--socket-mode").output)["settings"]["socket_mode_enabled"]


def test_slacks_manifest_needs_an_address_that_slack_can_reach(environment: pytest.MonkeyPatch) -> None:
    refused = lartraff("manifest", "slack")
    assert refused.exit_code == 1
    assert "LARTRAFF_PUBLIC_URL" in refused.output


def test_the_teams_package_is_ready_to_upload(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    set_all(environment, {**TEAMS, "LARTRAFF_PUBLIC_URL": "https://larande.example.org"})
    out = tmp_path / "app.zip"
    assert lartraff("manifest", "teams", "--out", str(out)).exit_code == 0
    assert "manifest.json" in zipfile.ZipFile(io.BytesIO(out.read_bytes())).namelist()


def test_where_the_teams_package_cannot_be_written_another_place_is_asked_for(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    set_all(environment, {**TEAMS, "LARTRAFF_PUBLIC_URL": "https://larande.example.org"})
    refused = lartraff("manifest", "teams", "--out", str(tmp_path))
    assert (refused.exit_code, refused.output) == (
        1,
        f"{tmp_path} cannot be written (Is a directory): choose another place with --out.\n",
    )


def test_programmes_are_checked_and_loaded(environment: pytest.MonkeyPatch) -> None:
    files = [str(path) for path in SAMPLES]
    assert lartraff("programme", "check", *files).exit_code == 0
    loaded = lartraff("programme", "load", *files)
    assert loaded.exit_code == 0
    assert "modellkonceptet" in loaded.output


def test_a_faulty_programme_is_refused_with_its_place(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text("id: x\ntitel: Fel nyckel\n")
    for command in ("check", "load"):
        refused = lartraff("programme", command, str(faulty))
        assert refused.exit_code == 1
        assert f"{faulty}:2:1: error:" in refused.output


def test_the_doctor_finds_nothing_wrong_with_a_fresh_site(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lartraff("migrate")
    report = lartraff("doctor", "--no-online")
    assert report.exit_code == 0
    assert "WRONG" not in report.output
    assert report.output.startswith(f"Lärträff {__version__}\n")
    assert f"note  The database is {tmp_path}/data/lartraff.db\n" in report.output


@pytest.mark.parametrize("exposed", ["data", "data/lartraff.db", "data/lartraff.db-wal"])
def test_the_doctor_says_who_else_can_read_the_database(
    environment: pytest.MonkeyPatch, tmp_path: Path, exposed: str
) -> None:
    lartraff("migrate")
    with closing(sqlite3.connect(tmp_path / "data/lartraff.db")) as server:
        server.execute("CREATE TABLE kept_in_the_journal (at INTEGER)")
        (tmp_path / exposed).chmod(0o755)
        report = lartraff("doctor", "--no-online")
    assert report.exit_code == 1
    assert f"WRONG Others on this machine can read the database: {tmp_path / exposed}\n" in report.output
    assert f"Run: chmod 700 {tmp_path}/data && chmod 600 {tmp_path}/data/lartraff.db*" in report.output


def test_the_doctor_says_whose_a_file_is_that_takes_no_writes(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lartraff("migrate")
    take_no_writes(tmp_path / "data/lartraff.db")
    report = lartraff("doctor", "--no-online")
    whose = f"{tmp_path}/data/lartraff.db (owner {(tmp_path / 'data').owner()}, mode 600)"
    assert report.exit_code == 1
    assert "WRONG The database file takes no writes (SQLITE_READONLY): " in report.output
    assert whose in report.output


def test_the_doctor_says_whose_a_file_is_that_cannot_be_opened(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "data/lartraff.db").mkdir(parents=True, mode=0o700)
    report = lartraff("doctor", "--no-online")
    assert report.exit_code == 1
    assert "WRONG The database file cannot be opened (SQLITE_CANTOPEN): " in report.output
    assert f"{tmp_path}/data/lartraff.db (owner {tmp_path.owner()}, mode 700)" in report.output
    assert "Give it with its folder to the user that runs Lärträff" in report.output


def test_the_doctor_says_that_the_disk_is_full(environment: pytest.MonkeyPatch) -> None:
    def commit(connection: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorname = "SQLITE_FULL"
        raise OperationalError(None, None, error)

    lartraff("migrate")
    environment.setattr("storage.condition.writes", commit)
    report = lartraff("doctor", "--no-online")
    assert "WRONG The database file takes no writes (SQLITE_FULL): " in report.output
    assert "→ The disk is full: make room on it." in report.output


def test_the_doctor_names_a_database_of_another_version(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/lartraff.db").touch()
    report = lartraff("doctor", "--no-online")
    assert report.exit_code == 1
    assert "Run: lartraff migrate" in report.output


def test_a_database_of_a_newer_version_is_refused_in_a_sentence(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lartraff("migrate")
    with closing(sqlite3.connect(tmp_path / "data/lartraff.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = 'ffffffffffff'")
        database.commit()
    for words in (("migrate",), ("doctor", "--no-online")):
        refused = lartraff(*words)
        assert refused.exit_code == 1
        assert "made by a newer version" in refused.output


@pytest.mark.parametrize(
    ("sqlstate", "advice"), [("42501", "ALTER DATABASE … OWNER TO …"), (None, "LARTRAFF_DATABASE_URL has an option")]
)
def test_what_postgresql_refuses_is_one_sentence_with_what_to_do(
    sqlstate: str | None, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> None:
        raise ProgrammingError("CREATE TABLE", {}, cause)

    cause = Exception("permission denied for schema public")
    cause.sqlstate = sqlstate  # type: ignore[attr-defined]
    monkeypatch.setattr("bot.commands.cli", refused)
    with pytest.raises(SystemExit, match=advice):
        main()
    cause.sqlstate = "42P01"  # type: ignore[attr-defined]
    with pytest.raises(ProgrammingError):
        main()


@pytest.fixture
def of_somebody_else(postgresql_server: str) -> Iterator[str]:
    """The address of an empty database in PostgreSQL in which our user may not make tables."""
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as server:
        server.execute("CREATE ROLE newcomer LOGIN")
        server.execute("CREATE DATABASE of_somebody_else")
        yield postgresql_server.replace("postgres@", "newcomer@") + "/of_somebody_else"
        server.execute("DROP DATABASE of_somebody_else WITH (FORCE)")
        server.execute("DROP ROLE newcomer")


def test_who_may_not_make_tables_is_told_what_to_do_before_and_instead_of_a_traceback(
    environment: pytest.MonkeyPatch, of_somebody_else: str, tmp_path: Path
) -> None:
    environment.setenv("LARTRAFF_DATABASE_URL", of_somebody_else)
    assert "ALTER DATABASE … OWNER TO …" in lartraff("doctor", "--no-online").output
    with running(tmp_path, "migrate", LARTRAFF_DATABASE_URL=of_somebody_else) as process:
        said, _nothing = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.startswith("The database does not let this user make tables. Give it the database: ALTER DATABASE … ")
    assert said.count("\n") == 1
    with psycopg.connect(of_somebody_else.replace("newcomer@", "postgres@"), autocommit=True) as server:
        server.execute("ALTER DATABASE of_somebody_else OWNER TO newcomer")
    assert "Run: lartraff migrate" in lartraff("doctor", "--no-online").output
    assert lartraff("migrate").exit_code == 0


# --- The real process -------------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(folder: Path, *words: str, **given: str) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own, ended when the block is left."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LARTRAFF_", "SLACK_", "TEAMS_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *words],
        env={**kept, **settings(folder), **given},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def answer(address: str, process: subprocess.Popen[str]) -> int:
    """The status of the address, once something answers there."""
    for _ in range(600):
        assert process.poll() is None, process.communicate()[0]
        try:
            with urllib.request.urlopen(address) as response:  # noqa: S310 - our own, on loopback
                status: int = response.status
                return status
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"{address} did not answer")


@pytest.mark.parametrize("words", [("serve",), ("serve", "--with-worker")], ids=" ".join)
def test_serve_becomes_ready_and_stops_when_told_to(tmp_path: Path, words: tuple[str, ...]) -> None:
    port = free_port()
    with running(tmp_path, *words, "--host", "127.0.0.1", PORT=str(port), **SLACK, **TEAMS) as process:
        assert answer(f"http://127.0.0.1:{port}/readyz", process) == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
        assert process.stdout
        lines = [json.loads(line) for line in process.stdout]
        (started,) = (line for line in lines if line["message"] == f"started: answers on port {port}")
        assert started["version"] == __version__
        assert lines[-1]["message"] == "stopped"


def test_the_worker_stops_when_told_to(tmp_path: Path) -> None:
    with running(tmp_path, "worker", **SLACK) as process:
        while not (tmp_path / "data/lartraff.db-wal").exists():
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) in (0, -signal.SIGTERM)  # at once, if it had not yet begun


def test_the_sandbox_starts_with_nothing_and_shows_its_page(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, "sandbox", "--port", str(port), "--folder", str(tmp_path / "box")) as process:
        assert answer(f"http://localhost:{port}/", process) == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0


def test_a_port_that_is_taken_gets_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with running(tmp_path, "sandbox", "--port", port, "--folder", str(tmp_path / "box")) as process:
            said = process.communicate(timeout=60)[0]
    assert process.returncode == 1
    assert "Could not start" in said
    assert "choose another" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("name", ["log", "links", "calendar"])
def test_a_damaged_key_is_named_with_what_to_do(tmp_path: Path, name: str) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / f"keys/{name}.key").write_bytes(b"cut short.")
    with running(tmp_path, "serve", PORT=str(free_port()), **SLACK) as process:
        said = process.communicate(timeout=60)[0]
    assert process.returncode == 1
    assert said == (
        f"Could not start: {tmp_path}/keys/{name}.key holds 10 bytes instead of 32. "
        "`lartraff doctor` says what to look at.\n"
    )


def test_a_folder_that_cannot_be_made_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name, place in (("LARTRAFF_DATABASE_URL", "sqlite:///{}/x.db"), ("LARTRAFF_KEY_DIR", "{}")):
        given = {**SLACK, "PORT": str(free_port()), name: place.format(tmp_path / "file")}
        with running(tmp_path, "serve", **given) as process:
            said = process.communicate(timeout=60)[0]
        assert process.returncode == 1
        assert "Could not start" in said
        assert "Traceback" not in said


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_starts_on_a_database_that_takes_no_writes(tmp_path: Path, command: str) -> None:
    with running(tmp_path, "migrate") as process:
        process.communicate(timeout=60)
    take_no_writes(tmp_path / "data/lartraff.db")
    with running(tmp_path, command, PORT=str(free_port()), **SLACK) as process:
        said = process.communicate(timeout=60)[0]
    assert process.returncode == 1
    assert said.strip() == (
        f"The database takes no writes: {tmp_path}/data/lartraff.db. `lartraff doctor` says what to look at."
    )


def test_a_damaged_database_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/lartraff.db").write_bytes(b"no database" * 500)
    for words in (("migrate",), ("doctor", "--no-online"), ("serve",)):
        with running(tmp_path, *words, **SLACK) as process:
            said = process.communicate(timeout=60)[0]
        assert process.returncode == 1
        assert "The database file is damaged" in said
        assert "Traceback" not in said


def test_a_database_that_does_not_answer_is_one_sentence_without_its_password(tmp_path: Path) -> None:
    url = {"LARTRAFF_DATABASE_URL": "postgresql://bot:made-up-password@127.0.0.1:1/lartraff"}
    with running(tmp_path, "migrate", **url) as process:
        said, _nothing = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.strip().splitlines()[-1].startswith("The database does not answer")
    assert "made-up-password" not in said
    assert "Traceback" not in said
