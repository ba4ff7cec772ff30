"""`lartraff person`: what is stored of somebody who cannot ask for it in chat."""

from __future__ import annotations

import typer

from bot.commands import needs

commands = typer.Typer(help="What is stored of a person who cannot ask for it in chat.", no_args_is_help=True)


@commands.command("find")
def find_person(text: str) -> None:
    """List the people whose name or e-mail address has this in it: id, name, address and accounts.

    Also those whom others have registered, and who have not been here themselves.
    """
    from bot.composition import persons  # which no server needs

    found = needs.read_settings()
    needs.database(found)
    for line in persons.called(found, text) or ["Nobody."]:
        typer.echo(line)


@commands.command("show")
def show_person(id: str) -> None:
    """Print everything that is stored of a person as JSON (GDPR, article 15)."""
    from bot.composition import persons  # which no server needs

    found = needs.read_settings()
    needs.database(found)
    try:
        typer.echo(persons.stored(found, id))
    except LookupError:
        raise needs.refuse(f"Nobody has the id {id}: see `lartraff person find`.") from None


@commands.command("erase")
def erase_person(id: str) -> None:
    """Erase a person for good (GDPR, article 17), as they can themselves in chat: their seats are given back."""
    from bot.composition import persons  # which no server needs

    found = needs.read_settings()
    needs.database(found)
    try:
        persons.erase(found, id)
    except LookupError:
        raise needs.refuse(f"Nobody has the id {id}: see `lartraff person find`.") from None
    again = "" if id.startswith("seat:") else " A backup that is put back forgets them again at the start."
    typer.echo(f"Erased.{again}")
