"""Starts the command `lartraff`; what it does stands in `bot.commands`."""

from __future__ import annotations

import gc
import sys

_ADVICE = {
    "42501": "The database does not let this user make tables. Give it the database: ALTER DATABASE … OWNER TO …",
    None: "LARTRAFF_DATABASE_URL has an option that PostgreSQL's driver does not know.",
}
"""What to do about what PostgreSQL refuses, by its code; what the driver itself refuses has none."""


def main() -> None:
    """The entry point of the command `lartraff`."""
    gc.disable()  # what is loaded here stays: to look through it again and again took an eighth of the start
    from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

    from bot.commands import cli
    from bot.keys import UnusableKeyError

    gc.freeze()
    gc.enable()
    try:
        cli()
    except OperationalError as error:  # by far the most likely one, and its text names hosts and users
        sys.exit(f"The database does not answer ({type(error.orig).__name__}). `lartraff doctor` says what to look at.")
    except ProgrammingError as error:
        if (advice := _ADVICE.get(getattr(error.orig, "sqlstate", ""))) is None:
            raise  # a mistake of ours
        sys.exit(advice)
    except DatabaseError as error:
        if type(error) is not DatabaseError:
            raise  # a mistake of ours
        sys.exit("The database file is damaged, or is no database. Put the last backup back: docs/drift.md.")
    except (OSError, UnusableKeyError) as error:  # a folder or a file that cannot be made or read
        sys.exit(f"Could not start: {error}. `lartraff doctor` says what to look at.")


if __name__ == "__main__":
    main()
