"""`lartraff programme`: programme files are checked and loaded."""

from __future__ import annotations

import asyncio
from pathlib import Path

import typer

from bot.assembly import SystemClock, assemble
from bot.commands import needs
from bot.composition import building
from bot.domain import times
from bot.domain.materials import decided_in_chat
from bot.domain.programmes import Programme
from config.settings import Settings
from storage.programmes import Loaded

commands = typer.Typer(help="Programme files: check and load.", no_args_is_help=True)


@commands.command()
def check(files: list[Path]) -> None:
    """Say everything that is wrong with programme files: file, line, column and a suggestion."""
    from config import programme_files  # the reader of YAML, which no server needs

    problems = programme_files.check(files, SystemClock().now().date())
    for line in programme_files.as_lines(problems):
        typer.echo(line)
    if any(problem.severity is programme_files.Severity.ERROR for problem in problems):
        raise typer.Exit(1)
    typer.echo(f"{len(files)} checked: ready to load.")


@commands.command("load")
def load_programmes(files: list[Path]) -> None:
    """Load programme files; those that are there already get a new version."""
    from config import programme_files

    found = needs.read_settings()
    try:
        programmes = [programme_files.read(path) for path in files]
    except programme_files.ProgrammeErrors as errors:
        raise needs.refuse("\n".join(programme_files.as_lines(errors.problems))) from None
    needs.say_if_new(found)
    needs.schema(found)
    for loaded in asyncio.run(_load(found, programmes)):
        typer.echo(f"Loaded: {loaded.programme.id}{_news_of(loaded)}{prices_of(loaded)}{_kept_of(loaded)}")


async def _load(found: Settings, programmes: list[Programme]) -> list[Loaded]:
    site = assemble(building.plan(found), SystemClock())
    loaded = await site.load(programmes)
    await site.unit_of_work.close()
    return loaded


def _news_of(loaded: Loaded) -> str:
    """Which meetings are new or have changed, and how many people hear of it when."""
    added = f" (New to those who take part: {', '.join(loaded.added)}. Told the day after.)" if loaded.added else ""
    if loaded.told_at is None:
        return added
    told_at = times.local(loaded.told_at, loaded.programme.zone)
    changes = "; ".join(f"{one.after.id}: {', '.join(sorted(one.kinds))}" for one in loaded.changed)
    told = f"Told on {told_at:%A %Y-%m-%d at %H:%M}: {loaded.told}"
    return f"{added} ({changes}. {told}. To take it back before that, load the old file.)"


def prices_of(loaded: Loaded) -> str:
    """For how many organisations other prices hold than those in the file."""
    keeping = len(loaded.programme.agreed)
    those = "1 organisation that is registered keeps" if keeping == 1 else f"{keeping} registered organisations keep"
    return f" (Prices: {those} those from before.)" if keeping else ""


def _kept_of(loaded: Loaded) -> str:
    """What the file does not decide."""
    return "".join(
        f" (What was said of {what} in chat is kept{but}: {', '.join(names)}.)"
        for what, but, names in (
            ("reminders", ", whatever the file says", [one.name for one in loaded.programme.chat_rules]),
            ("how sure an answer has to be", ", whatever the file says", _caution_of(loaded.programme)),
            ("meetings", " until the file says anew", [one.id for one in loaded.programme.filed]),
            ("materials", " until the file says anew", [one.id for one in decided_in_chat(loaded.programme)]),
        )
        if names
    )


def _caution_of(programme: Programme) -> list[str]:
    return [programme.chat_caution.value] if programme.chat_caution is not None else []
