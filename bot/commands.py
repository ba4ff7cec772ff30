"""The commands of `lartraff`: settings are read and the parts put together. It and `bot.composition` read config."""

from __future__ import annotations

import asyncio
import errno
import gc
import json
import signal
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import DBAPIError

from bot import __version__, logs
from bot.assembly import Plan, SystemClock, assemble, serve, shared_session, work
from bot.composition import building, question_files
from bot.domain import times
from bot.domain.materials import decided_in_chat
from bot.domain.programmes import Programme
from bot.handlers import faq_import
from bot.keys import FileKeys
from bot.pages import application
from config import organisations, settings
from config.settings import Settings, SettingsError
from storage import condition
from storage.programmes import Loaded

_CONFIG = Path(settings.__file__).parent
_LOOPBACK = "127.0.0.1"
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - a server in a container or behind a proxy is reached on any of its addresses

cli = typer.Typer(
    name="lartraff",
    help="Lärträff: learning programmes in Slack and Microsoft Teams.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
manifest = typer.Typer(help="Files ready to upload to Slack or Teams.", no_args_is_help=True)
programme = typer.Typer(help="Programme files: check and load.", no_args_is_help=True)
cli.add_typer(manifest, name="manifest")
cli.add_typer(programme, name="programme")
faq = typer.Typer(help="Files of questions with answers: check, load and export.", no_args_is_help=True)
cli.add_typer(faq, name="faq")
person = typer.Typer(help="What is stored of a person who cannot ask for it in chat.", no_args_is_help=True)
cli.add_typer(person, name="person")


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


# --- Running ----------------------------------------------------------------------------------------------------------


@cli.command()
def sandbox(
    port: Annotated[int, typer.Option(help="Where the page is: http://localhost:PORT")] = 3978,
    folder: Annotated[Path, typer.Option(help="Where the sandbox keeps everything.")] = Path("data/sandbox"),
) -> None:
    """Try Lärträff in the browser: several people at once, a clock to move, five sample programmes."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = Plan(
        database_url=f"sqlite:///{folder.absolute() / 'lartraff.db'}",
        key_dir=folder.absolute() / "keys",
        public_url=f"http://localhost:{port}",
        locales=building.LOCALES,
        directory=organisations.load(),
        meaning=True,
    )
    _migrate(plan.database_url)
    logs.set_up(json=False)
    _run(lambda: _sandbox(plan, folder, port))


async def _sandbox(plan: Plan, folder: Path, port: int) -> None:
    from bot import playground
    from config import programme_files, sample_rounds

    found = [programme_files.read(path) for path in programme_files.SAMPLES]
    site = await playground.build(plan, found, folder=folder, finished=sample_rounds.finished)
    typer.echo(f"Lärträff's sandbox: http://localhost:{port}  (Ctrl+C ends it; nothing is lost)")
    await serve(site, application(site, ticks=True), host=_LOOPBACK, port=port, ticks=True, stopped=_told_to_stop())


@cli.command("serve")
def serve_command(
    with_worker: Annotated[bool, typer.Option("--with-worker", help="Also do the worker's part: small sites.")] = False,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = _EVERYWHERE,
) -> None:
    """Answer Slack and Teams over HTTP (and Slack's Socket Mode)."""
    found = _settings()
    _need_platform(found)
    _need_schema(found)
    _need_writes(found)
    _log(found)
    _run(lambda: _serve(found, host, ticks=with_worker))


async def _serve(found: Settings, host: str, *, ticks: bool) -> None:
    gc.disable()  # until all is loaded: what a platform's library brings along stays, and is looked through once
    async with shared_session(building.proxy(found)) as session:
        site = building.site(found, session)
        app = application(site, ticks=ticks)
        await serve(site, app, host=host, port=found.port, ticks=ticks, stopped=_told_to_stop())


@cli.command()
def worker() -> None:
    """Send what is due: reminders, offers, and whatever waits in the outbox."""
    found = _settings()
    _need_platform(found)
    _need_schema(found)
    _need_writes(found)
    _log(found)
    _run(lambda: _work(found))


async def _work(found: Settings) -> None:
    async with shared_session(building.proxy(found)) as session:
        await work(building.site(found, session), stopped=_told_to_stop())


@cli.command()
def migrate() -> None:
    """Bring the database to this version's shape. Harmless to repeat."""
    found = _settings()
    _migrate(found.database_url.get_secret_value())
    typer.echo(f"The database is up to date: {building.database_shown(found)}")


@cli.command()
def import_sqlite(
    file: Annotated[Path, typer.Argument(help="The SQLite file, which nobody uses any more.")],
) -> None:
    """Take everything from a SQLite file over into the configured database, which has to be empty."""
    from storage import copying  # which no server needs

    if not file.is_file():
        raise _refuse(f"There is no file {file}.")
    found = _settings()
    if found.sqlite_path is not None and found.sqlite_path.absolute() == file.absolute():
        raise _refuse(f"{file} is the configured database. Set LARTRAFF_DATABASE_URL to the new one.")
    url = found.database_url.get_secret_value()
    _migrate(url)
    try:
        counts = copying.copy(file, url)
    except copying.UnusableSourceError:
        raise _refuse(f"{file} is of another version. Run `lartraff migrate` on it with this one first.") from None
    except copying.UnreadableSourceError:
        raise _refuse(
            f"{file} is no database of SQLite's, or this user may not write it. Give it with its folder to the user "
            "that runs Lärträff, and try again: docs/drift.md."
        ) from None
    except copying.InUseError:
        raise _refuse(f"{file} is in use. Stop Lärträff, on every machine, and try again.") from None
    except copying.NotEmptyError as error:
        raise _refuse(f"The configured database is not empty: {error} has rows. Nothing was changed.") from None
    typer.echo(f"Taken over: {sum(counts.values())} rows. The file is as it was.")


@cli.command()
def adopt_keys() -> None:
    """Go on with the keys that are there, when those used before are lost for good, and with them what they sealed."""
    from bot.composition import own_keys  # which no server needs

    found = _settings()
    _need_database(found)
    own_keys.adopt(found)
    typer.echo("From now on the database is used with these keys. What the others sealed stays lost.")


@cli.command()
def doctor(
    online: Annotated[bool, typer.Option(help="Also ask Slack, Microsoft and the public address.")] = True,
) -> None:
    """Check everything an administrator can get wrong: a line each, with what to do."""
    from bot import doctor as examination  # which no server needs
    from bot.composition import checks

    found = _settings()
    typer.echo(f"Lärträff {__version__}")
    findings = asyncio.run(checks.examine(found, online=online))
    for finding in findings:
        sign = {True: "ok", False: "WRONG", None: "note"}[finding.ok]
        typer.echo(f"{sign:5} {finding.what}" + (f"\n      → {finding.action}" if finding.action else ""))
    raise typer.Exit(1 if examination.failed(findings) else 0)


@cli.command()
def proof(
    round: Annotated[str, typer.Argument(help="The id of one round; without it, all are looked at.")] = "",
) -> None:
    """Prove that nothing stored leads from an answer without a name to a person; exit status 1 when something does."""
    from bot.composition import records  # which no server needs

    found = _settings()
    _need_database(found)
    try:
        lines, holds = records.proof(found, round)
    except (LookupError, OSError) as error:
        raise _refuse(f"There is no proof: {error}.") from None
    for line in lines:
        typer.echo(line)
    raise typer.Exit(0 if holds else 1)


@person.command("find")
def find_person(text: str) -> None:
    """List the people whose name or e-mail address has this in it: id, name, address and accounts.

    Also those whom others have registered, and who have not been here themselves.
    """
    from bot.composition import persons  # which no server needs

    found = _settings()
    _need_database(found)
    for line in persons.called(found, text) or ["Nobody."]:
        typer.echo(line)


@person.command("show")
def show_person(id: str) -> None:
    """Print everything that is stored of a person as JSON (GDPR, article 15)."""
    from bot.composition import persons  # which no server needs

    found = _settings()
    _need_database(found)
    try:
        typer.echo(persons.stored(found, id))
    except LookupError:
        raise _refuse(f"Nobody has the id {id}: see `lartraff person find`.") from None


@person.command("erase")
def erase_person(id: str) -> None:
    """Erase a person for good (GDPR, article 17), as they can themselves in chat: their seats are given back."""
    from bot.composition import persons  # which no server needs

    found = _settings()
    _need_database(found)
    try:
        persons.erase(found, id)
    except LookupError:
        raise _refuse(f"Nobody has the id {id}: see `lartraff person find`.") from None
    again = "" if id.startswith("seat:") else " A backup that is put back forgets them again at the start."
    typer.echo(f"Erased.{again}")


@cli.command()
def processing_register() -> None:
    """Print the register of processing (GDPR, article 30) as Markdown, from settings and programmes."""
    from bot.composition import records  # which no server needs

    found = _settings()
    _need_database(found)
    for line in records.processing_register(found):
        typer.echo(line)


# --- Manifests and programmes -----------------------------------------------------------------------------------------


@manifest.command("slack")
def manifest_slack(
    socket_mode: Annotated[bool, typer.Option(help="For Socket Mode, without a public address.")] = False,
) -> None:
    """Print the app manifest to paste into Slack."""
    from bot.adapters.slack import manifest as slack_manifest

    address = _settings().public_url
    try:
        # Slack cannot reach an address that only this machine has.
        made = slack_manifest.manifest(address if address.startswith("https:") else None, socket_mode=socket_mode)
    except ValueError as error:
        raise _refuse(str(error)) from None
    typer.echo(json.dumps(made, ensure_ascii=False, indent=2))


@manifest.command("teams")
def manifest_teams(
    out: Annotated[Path, typer.Option(help="Where to write the package.")] = Path("lartraff-teams.zip"),
) -> None:
    """Write the app package to upload to Teams."""
    from bot.adapters.teams import manifest as teams_manifest

    found = _settings()
    if found.teams is None:
        raise _refuse("TEAMS_CLIENT_ID, TEAMS_CLIENT_SECRET and TEAMS_TENANT_ID are needed for the Teams package.")
    icons = _CONFIG / "manifests" / "teams"
    try:
        package = teams_manifest.package(found.teams.client_id, found.public_url, __version__, icons)
    except ValueError as error:
        raise _refuse(f"{error}: set LARTRAFF_PUBLIC_URL.") from None
    try:
        out.write_bytes(package)
    except OSError as error:
        raise _refuse(f"{out} cannot be written ({error.strerror}): choose another place with --out.") from None
    typer.echo(f"Written: {out}")


@programme.command()
def check(files: list[Path]) -> None:
    """Say everything that is wrong with programme files: file, line, column and a suggestion."""
    from config import programme_files  # the reader of YAML, which no server needs

    problems = programme_files.check(files, SystemClock().now().date())
    for line in programme_files.as_lines(problems):
        typer.echo(line)
    if any(problem.severity is programme_files.Severity.ERROR for problem in problems):
        raise typer.Exit(1)
    typer.echo(f"{len(files)} checked: ready to load.")


@programme.command("load")
def load_programmes(files: list[Path]) -> None:
    """Load programme files; those that are there already get a new version."""
    from config import programme_files

    found = _settings()
    try:
        programmes = [programme_files.read(path) for path in files]
    except programme_files.ProgrammeErrors as errors:
        raise _refuse("\n".join(programme_files.as_lines(errors.problems))) from None
    _say_if_new(found)
    _need_schema(found)
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


# --- Questions with answers -------------------------------------------------------------------------------------------


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


_Whose = Annotated[str, typer.Option("--programme", help="Id of the programme; without it, they are for all of them.")]
_Spoken = Annotated[str, typer.Option("--language", help="Language of what does not name its own: sv, nb, nn, en, da.")]
_Asker = Annotated[str, typer.Option("--programme", help="Id of the programme that whoever asks is registered for.")]


@faq.command("check")
def check_faq(file: Path, whose: _Whose = "", spoken: _Spoken = "sv") -> None:
    """Show what loading a YAML, CSV, Markdown or HTML file would add and change, and everything wrong in it."""
    _bring(file, whose, spoken, faq_import.preview)


@faq.command("load")
def load_faq(file: Path, whose: _Whose = "", spoken: _Spoken = "sv") -> None:
    """Add and change questions with their answers; loading a file twice changes nothing."""
    _bring(file, whose, spoken, faq_import.load)


def _bring(file: Path, whose: str, spoken: str, do: question_files.Bring) -> None:
    try:
        given, remarks = question_files.questions_in(file, whose, spoken)
        found = _settings()
        _say_if_new(found)
        _need_schema(found)
        lines = question_files.bring(found, given, do)
    except question_files.UnusableFileError as error:
        raise _refuse(str(error)) from None
    for line in (*remarks, *lines):
        typer.echo(line)


@faq.command("export")
def export_faq(
    file: Path,
    whose: Annotated[str, typer.Option("--programme", help="Id of the programme; without it, all of them.")] = "",
) -> None:
    """Write the questions in use with their answers as CSV (.csv) or Markdown (.md)."""
    found = _settings()
    _need_database(found)
    try:
        written, count = question_files.questions_as(file.suffix.lower(), found, whose)
        file.write_bytes(written)
    except (question_files.UnusableFileError, OSError) as error:
        raise _refuse(str(error)) from None
    typer.echo(f"Written: {file}, questions: {count}")


@faq.command("test")
def try_faq(file: Path, whose: _Asker = "") -> None:
    """Ask what a YAML or CSV file of test questions asks, and tell nobody; exit status 1 when a test fails."""
    try:
        questions = question_files.questions_to_test(file)
        found = _settings()
        _need_database(found)
        lines, passed = question_files.tested(found, file, questions, whose)
    except question_files.UnusableFileError as error:
        raise _refuse(str(error)) from None
    for line in lines:
        typer.echo(line)
    raise typer.Exit(0 if passed else 1)


# --- Settings ------------------------------------------------------------------------------------------


def _settings() -> Settings:
    try:
        return settings.load()
    except SettingsError as error:
        raise _refuse("\n".join(error.problems)) from None


def _log(found: Settings) -> None:
    logs.set_up(json=found.log == "json", key=FileKeys(found.key_dir.absolute()).key("log"))


def _need_platform(found: Settings) -> None:
    if found.slack is None and found.teams is None:
        raise _refuse(
            "Neither Slack nor Teams is configured: see docs/slack.md and docs/teams.md, or try `lartraff sandbox`."
        )


def _need_schema(found: Settings) -> None:
    """On one machine the database is brought up to date by itself; where several share it, `migrate` does that once."""
    url = found.database_url.get_secret_value()
    if found.sqlite_path is not None:
        _migrate(url)
    elif not condition.examine(url, condition.is_current):
        raise _refuse("The database is not up to date. Run `lartraff migrate` first.")


def _need_database(found: Settings) -> None:
    """What only reads makes no database: it would give an account of an empty one, wherever it happens to be run."""
    if found.sqlite_path is not None and not found.sqlite_path.exists():
        raise _refuse(f"There is no database at {found.sqlite_path}: are the settings there? See docs/drift.md.")
    _need_schema(found)


def _say_if_new(found: Settings) -> None:
    """Whoever loads something without the settings of the service learns that it goes into a database of its own."""
    if found.sqlite_path is not None and not found.sqlite_path.exists():
        typer.echo(f"A new database is made: {found.sqlite_path}", err=True)


def _need_writes(found: Settings) -> None:
    """SQLite opens a file of somebody else's, and only says at the first write that it cannot be written."""
    try:
        condition.examine(found.database_url.get_secret_value(), condition.takes_writes)
    except DBAPIError:
        raise _refuse(
            f"The database takes no writes: {building.database_shown(found)}. `lartraff doctor` says what to look at."
        ) from None


def _migrate(url: str) -> None:
    """Bring the database up to date; Alembic is loaded only when there is something to do."""
    if not condition.examine(url, condition.is_current):
        from storage import migrate as migration

        try:
            migration.upgrade(url)
        except migration.NewerDatabaseError:
            raise _refuse(
                "The database was made by a newer version of Lärträff: install that one, or restore the backup from "
                "before the update."
            ) from None


def _refuse(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(1)


# --- The process ------------------------------------------------------------------------------------------------------


def _run(task: Callable[[], Coroutine[None, None, None]]) -> None:
    try:
        asyncio.run(task())
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise _refuse(f"Could not start: {error}. End the program that has this port, or choose another.") from None


def _told_to_stop() -> Callable[[], Awaitable[None]]:
    """Waits for Ctrl+C or the signal by which servers are stopped."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)

    async def stopped() -> None:
        await stop.wait()

    return stopped
