"""`lartraff migrate`, `import-sqlite` and `adopt-keys`: the database as a whole, and the keys that belong to it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands import needs
from bot.composition import building

commands = typer.Typer()


@commands.command()
def migrate() -> None:
    """Bring the database to this version's shape. Harmless to repeat."""
    found = needs.read_settings()
    needs.migrate(found.database_url.get_secret_value())
    typer.echo(f"The database is up to date: {building.database_shown(found)}")


@commands.command()
def import_sqlite(
    file: Annotated[Path, typer.Argument(help="The SQLite file, which nobody uses any more.")],
) -> None:
    """Take everything from a SQLite file over into the configured database, which has to be empty."""
    from storage import copying  # which no server needs

    if not file.is_file():
        raise needs.refuse(f"There is no file {file}.")
    found = needs.read_settings()
    if found.sqlite_path is not None and found.sqlite_path.absolute() == file.absolute():
        raise needs.refuse(f"{file} is the configured database. Set LARTRAFF_DATABASE_URL to the new one.")
    url = found.database_url.get_secret_value()
    needs.migrate(url)
    try:
        counts = copying.copy(file, url)
    except copying.UnusableSourceError:
        raise needs.refuse(f"{file} is of another version. Run `lartraff migrate` on it with this one first.") from None
    except copying.UnreadableSourceError:
        raise needs.refuse(
            f"{file} is no database of SQLite's, or this user may not write it. Give it with its folder to the user "
            "that runs Lärträff, and try again: docs/drift.md."
        ) from None
    except copying.InUseError:
        raise needs.refuse(f"{file} is in use. Stop Lärträff, on every machine, and try again.") from None
    except copying.NotEmptyError as error:
        raise needs.refuse(f"The configured database is not empty: {error} has rows. Nothing was changed.") from None
    typer.echo(f"Taken over: {sum(counts.values())} rows. The file is as it was.")


@commands.command()
def adopt_keys() -> None:
    """Go on with the keys that are there, when those used before are lost for good, and with them what they sealed."""
    from bot.composition import own_keys  # which no server needs

    found = needs.read_settings()
    needs.database(found)
    own_keys.adopt(found)
    typer.echo("From now on the database is used with these keys. What the others sealed stays lost.")
