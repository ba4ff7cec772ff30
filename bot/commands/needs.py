"""What commands need before they begin, or refuse with a sentence: settings, a database, one that takes writes."""

from __future__ import annotations

import typer
from sqlalchemy.exc import DBAPIError

from bot.composition import building
from config import settings
from config.settings import Settings, SettingsError
from storage import condition


def read_settings() -> Settings:
    try:
        return settings.load()
    except SettingsError as error:
        raise refuse("\n".join(error.problems)) from None


def platform(found: Settings) -> None:
    if found.slack is None and found.teams is None:
        raise refuse(
            "Neither Slack nor Teams is configured: see docs/slack.md and docs/teams.md, or try `lartraff sandbox`."
        )


def schema(found: Settings) -> None:
    """On one machine the database is brought up to date by itself; where several share it, `migrate` does that once."""
    url = found.database_url.get_secret_value()
    if found.sqlite_path is not None:
        migrate(url)
    elif not condition.examine(url, condition.is_current):
        raise refuse("The database is not up to date. Run `lartraff migrate` first.")


def database(found: Settings) -> None:
    """What only reads makes no database: it would give an account of an empty one, wherever it happens to be run."""
    if found.sqlite_path is not None and not found.sqlite_path.exists():
        raise refuse(f"There is no database at {found.sqlite_path}: are the settings there? See docs/drift.md.")
    schema(found)


def say_if_new(found: Settings) -> None:
    """Whoever loads something without the settings of the service learns that it goes into a database of its own."""
    if found.sqlite_path is not None and not found.sqlite_path.exists():
        typer.echo(f"A new database is made: {found.sqlite_path}", err=True)


def writes(found: Settings) -> None:
    """SQLite opens a file of somebody else's, and only says at the first write that it cannot be written."""
    try:
        condition.examine(found.database_url.get_secret_value(), condition.takes_writes)
    except DBAPIError:
        raise refuse(
            f"The database takes no writes: {building.database_shown(found)}. `lartraff doctor` says what to look at."
        ) from None


def migrate(url: str) -> None:
    """Bring the database up to date; Alembic is loaded only when there is something to do."""
    if not condition.examine(url, condition.is_current):
        from storage import migrate as migration

        try:
            migration.upgrade(url)
        except migration.NewerDatabaseError:
            raise refuse(
                "The database was made by a newer version of Lärträff: install that one, or restore the backup from "
                "before the update."
            ) from None


def refuse(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(1)
