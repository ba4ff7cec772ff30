"""`lartraff doctor`, `proof` and `processing-register`: how things stand, for whoever has to answer for it."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from bot import __version__
from bot.commands import needs

commands = typer.Typer()


@commands.command()
def doctor(
    online: Annotated[bool, typer.Option(help="Also ask Slack, Microsoft and the public address.")] = True,
) -> None:
    """Check everything an administrator can get wrong: a line each, with what to do."""
    from bot import doctor as examination  # which no server needs
    from bot.composition import checks

    found = needs.read_settings()
    typer.echo(f"Lärträff {__version__}")
    findings = asyncio.run(checks.examine(found, online=online))
    for finding in findings:
        sign = {True: "ok", False: "WRONG", None: "note"}[finding.ok]
        typer.echo(f"{sign:5} {finding.what}" + (f"\n      → {finding.action}" if finding.action else ""))
    raise typer.Exit(1 if examination.failed(findings) else 0)


@commands.command()
def proof(
    round: Annotated[str, typer.Argument(help="The id of one round; without it, all are looked at.")] = "",
) -> None:
    """Prove that nothing stored leads from an answer without a name to a person; exit status 1 when something does."""
    from bot.composition import records  # which no server needs

    found = needs.read_settings()
    needs.database(found)
    try:
        lines, holds = records.proof(found, round)
    except (LookupError, OSError) as error:
        raise needs.refuse(f"There is no proof: {error}.") from None
    for line in lines:
        typer.echo(line)
    raise typer.Exit(0 if holds else 1)


@commands.command()
def processing_register() -> None:
    """Print the register of processing (GDPR, article 30) as Markdown, from settings and programmes."""
    from bot.composition import records  # which no server needs

    found = needs.read_settings()
    needs.database(found)
    for line in records.processing_register(found):
        typer.echo(line)
