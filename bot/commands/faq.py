"""`lartraff faq`: files of questions with answers are checked, loaded, written and tried."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands import needs
from bot.composition import question_files
from bot.handlers import faq_import

commands = typer.Typer(help="Files of questions with answers: check, load and export.", no_args_is_help=True)

_Whose = Annotated[str, typer.Option("--programme", help="Id of the programme; without it, they are for all of them.")]
_Spoken = Annotated[str, typer.Option("--language", help="Language of what does not name its own: sv, nb, nn, en, da.")]
_Asker = Annotated[str, typer.Option("--programme", help="Id of the programme that whoever asks is registered for.")]


@commands.command("check")
def check_faq(file: Path, whose: _Whose = "", spoken: _Spoken = "sv") -> None:
    """Show what loading a YAML, CSV, Markdown or HTML file would add and change, and everything wrong in it."""
    _bring(file, whose, spoken, faq_import.preview)


@commands.command("load")
def load_faq(file: Path, whose: _Whose = "", spoken: _Spoken = "sv") -> None:
    """Add and change questions with their answers; loading a file twice changes nothing."""
    _bring(file, whose, spoken, faq_import.load)


def _bring(file: Path, whose: str, spoken: str, do: question_files.Bring) -> None:
    try:
        given, remarks = question_files.questions_in(file, whose, spoken)
        found = needs.read_settings()
        needs.say_if_new(found)
        needs.schema(found)
        lines = question_files.bring(found, given, do)
    except question_files.UnusableFileError as error:
        raise needs.refuse(str(error)) from None
    for line in (*remarks, *lines):
        typer.echo(line)


@commands.command("export")
def export_faq(
    file: Path,
    whose: Annotated[str, typer.Option("--programme", help="Id of the programme; without it, all of them.")] = "",
) -> None:
    """Write the questions in use with their answers as CSV (.csv) or Markdown (.md)."""
    found = needs.read_settings()
    needs.database(found)
    try:
        written, count = question_files.questions_as(file.suffix.lower(), found, whose)
        file.write_bytes(written)
    except (question_files.UnusableFileError, OSError) as error:
        raise needs.refuse(str(error)) from None
    typer.echo(f"Written: {file}, questions: {count}")


@commands.command("test")
def try_faq(file: Path, whose: _Asker = "") -> None:
    """Ask what a YAML or CSV file of test questions asks, and tell nobody; exit status 1 when a test fails."""
    try:
        questions = question_files.questions_to_test(file)
        found = needs.read_settings()
        needs.database(found)
        lines, passed = question_files.tested(found, file, questions, whose)
    except question_files.UnusableFileError as error:
        raise needs.refuse(str(error)) from None
    for line in lines:
        typer.echo(line)
    raise typer.Exit(0 if passed else 1)
