"""The command `lartraff`, put together from its parts. They and `bot.composition` read config."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import __version__
from bot.commands import database, faq, manifest, person, programme, records, running

cli = typer.Typer(
    name="lartraff",
    help="Lärträff: learning programmes in Slack and Microsoft Teams.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for part in (running, database, records):
    cli.add_typer(part.commands)
cli.add_typer(manifest.commands, name="manifest")
cli.add_typer(programme.commands, name="programme")
cli.add_typer(faq.commands, name="faq")
cli.add_typer(person.commands, name="person")


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"Lärträff {__version__}")
        raise typer.Exit


@cli.callback()
def whichever_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """What can be asked of the command as a whole."""
